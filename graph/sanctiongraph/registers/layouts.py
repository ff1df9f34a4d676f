"""A register's file as rows, one at a time, by its layout: CSV, JSON lines, or advanced XML."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from sanctiongraph.errors import BadData
from sanctiongraph.registers.advanced import advanced_items
from sanctiongraph.registers.beside import Beside
from sanctiongraph.registers.rows import (
    Bad,
    Item,
    NoRow,
    Row,
    digest_of,
    fields_of,
    lines_of,
    unread,
)
from sanctiongraph.registers.specs import MappingFile
from sanctiongraph.registers.tables import cells_of, is_end


def read_items(path: Path, mapping: MappingFile, beside: Beside) -> Iterator[Item]:
    """The lines of a file, as rows or what else they are.

    Raises ``BadData`` where the file cannot be opened or has no header line as the mapping says.
    """
    if mapping.layout.format == "json-lines":
        yield from _json_items(path, mapping)
    elif mapping.layout.format == "advanced-xml":
        yield from advanced_items(path, mapping)
    else:
        yield from _csv_items(path, mapping, beside)


def _csv_items(path: Path, mapping: MappingFile, beside: Beside) -> Iterator[Item]:
    layout = mapping.layout
    names = layout.columns or layout.header
    began = not layout.header
    header = tuple(cell.strip() for cell in layout.header)
    by = {joined.by for joined in layout.joined.values()}
    for line, lines, cells in cells_of(path, layout, len(names)):
        if not began:
            began = not isinstance(cells, str) and tuple(cell.strip() for cell in cells) == header
            yield NoRow(line, lines, "header" if began else "preamble")
        elif isinstance(cells, str):
            yield Bad(line, lines, cells)
        elif is_end(cells, layout):
            yield NoRow(line, lines, "end mark")
        elif not any(cell.strip() for cell in cells):
            yield NoRow(line, lines, "empty line")
        elif len(cells) != len(names):
            yield Bad(line, lines, f"it has {len(cells)} cells, not {len(names)}")
        else:
            values = {name: [cell] for name, cell in zip(names, cells, strict=True)}
            for column in by:
                values |= beside.of(values[column][0].strip())
            yield Row(line, lines, fields_of(values, layout, mapping.fields), digest_of(values))
    if not began:
        raise BadData(f"{path}: no line has the columns {', '.join(layout.header)}")


def _json_items(path: Path, mapping: MappingFile) -> Iterator[Item]:
    for line, text in lines_of(path, mapping.layout):
        if text is None:
            yield Bad(line, 1, unread(mapping.layout))
        elif not text.strip():
            yield NoRow(line, 1, "empty line")
        else:
            values = _entity(text)
            if isinstance(values, str):
                yield Bad(line, 1, values)
            else:
                fields = fields_of(values, mapping.layout, mapping.fields)
                ordered = {name: sorted(found) for name, found in values.items()}
                yield Row(line, 1, fields, digest_of(ordered))


def _entity(text: str) -> dict[str, list[str]] | str:
    """The properties of an entity of FollowTheMoney, or why it is none.

    The publisher's own times of looking are no part of what it says, and left out.
    """
    try:
        entity = json.loads(text)
    except ValueError as error:
        return f"it is not JSON: {error}"
    if not isinstance(entity, dict):
        return "it is no JSON object"
    values = {}
    for name in ("id", "schema"):
        if not isinstance(entity.get(name), str) or not entity[name]:
            return f"it has no {name}"
        values[name] = [entity[name]]
    if isinstance(entity.get("caption"), str):
        values["caption"] = [entity["caption"]]
    properties = entity.get("properties")
    if not isinstance(properties, dict):
        return "it has no properties"
    for name, found in properties.items():
        listed = found if isinstance(found, list) else [found]  # one alone is as good as a list
        if not all(isinstance(one, str) for one in listed):
            return f"its property {name} is neither text nor a list of texts"
        values.setdefault(name, listed)
    return values
