"""What a row asserts, by its mapping: things it names, nodes it speaks of, and statements about them.

Nothing here knows the graph: which thing of the graph is meant is ``identity``'s to find.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from sanctiongraph.errors import BadData
from sanctiongraph.registers.form import iri_of
from sanctiongraph.registers.rows import Fields
from sanctiongraph.registers.specs import (
    Choice,
    Form,
    MappingFile,
    NodeSpec,
    RecordSpec,
    Say,
    ThingSpec,
)
from sanctiongraph.registers.values import DateValue, value_of

#: A field in a template.
PART: Final = re.compile(r"\{(\w+)\}")
_YEAR: Final = re.compile(r"[0-9]{4}")


@dataclass(frozen=True, slots=True)
class ThingRef:
    """A thing as the register tells it from others."""

    kind: str
    key: str


@dataclass(frozen=True, slots=True)
class NodeRef:
    """A node of the row, by its name and, where there are several, its number from 1."""

    name: str
    number: int = 0


Object = ThingRef | NodeRef | DateValue | Literal | NamedNode


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. ``marked``: the register marks the value as uncertain."""

    subject: ThingRef | NodeRef
    property: str
    object: Object
    marked: bool = False


@dataclass(frozen=True, slots=True)
class NamedThing:
    """A thing with what the row says of it; ``described`` tells it from one only referred to."""

    ref: ThingRef
    spec: ThingSpec
    label: str
    names: tuple[str, ...]
    classes: tuple[str, ...]
    identifiers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """A node with its class."""

    ref: NodeRef
    spec: NodeSpec
    label: str | None
    #: The year by which it is compared with deals of the graph.
    year: int | None


@dataclass(frozen=True, slots=True)
class Said:
    """All that a row says. ``notes`` are values that were left out, with the reason."""

    things: tuple[NamedThing, ...]
    nodes: tuple[Node, ...]
    statements: tuple[Statement, ...]
    wording: str
    marked: str | None
    notes: tuple[str, ...]


def record_for(mapping: MappingFile, fields: Fields) -> RecordSpec | None:
    """The kind of row that it is; ``None`` where the mapping takes no such rows."""
    return next((one for one in mapping.records if one.takes(fields)), None)


def said_by(mapping: MappingFile, record: RecordSpec, fields: Fields) -> Said:
    """What a row says. Raises ``BadData`` with the reason where it is a bad row."""
    for name in (*mapping.required, *record.required):
        if name not in fields:
            raise BadData(f"{name} is missing")
    notes: list[str] = []
    things = {
        name: list(_things(name, spec, mapping.key, fields, notes))
        for name, spec in record.things.items()
    }
    nodes = {name: list(_nodes(name, spec, fields)) for name, spec in record.nodes.items()}
    statements: list[Statement] = []
    for subject, said in record.say.items():
        for one in said:
            if subject in nodes:
                for node, own in nodes[subject]:
                    statements += _said(node.ref, one, own, things, nodes)
            else:
                for thing in things[subject]:
                    statements += _said(thing.ref, one, fields, things, nodes)
    if not statements:
        raise BadData("nothing can be said of it")
    return Said(
        things=tuple(thing for found in things.values() for thing in found),
        nodes=tuple(node for found in nodes.values() for node, _ in found),
        statements=tuple(dict.fromkeys(statements)),
        wording=filled(record.wording, fields),
        marked=filled(record.marked, fields) if record.marked else None,
        notes=tuple(notes),
    )


def filled(template: str, fields: Fields) -> str:
    """A template with fields put in; what is not given reads as a dash."""
    return PART.sub(lambda part: ", ".join(fields.get(part[1], ("-",))), template)


def _whole(template: str, fields: Fields) -> str | None:
    """The same, or ``None`` where a field is not given."""
    given = all(name in fields for name in PART.findall(template))
    return filled(template, fields) if given else None


def _things(
    name: str, spec: ThingSpec, row: tuple[str, ...], fields: Fields, notes: list[str]
) -> Iterator[NamedThing]:
    for key in fields.get(spec.key, ()):
        if spec.fits is not None and not spec.fits.fullmatch(key):
            notes.append(f"{name} {key!r} is left out: it does not fit {spec.fits.pattern}")
            continue
        # Where a row names several things of a kind, its other fields are not about one of them.
        alone = len(fields[spec.key]) == 1
        names = [one for field in spec.label for one in fields.get(field, ())] if alone else [key]
        names += [one for field in spec.names for one in fields.get(field, ())] if alone else []
        unnamed = spec.unnamed is not None and spec.unnamed.fullmatch(key) is not None
        of_row = [one for field in row for one in fields.get(field, ())]
        yield NamedThing(
            ref=ThingRef(spec.kind, "; ".join([key, *of_row]) if unnamed else key),
            spec=spec,
            label=names[0] if names else key,
            names=tuple(dict.fromkeys(names)),
            classes=tuple(_chosen(spec.kinds, fields)),
            identifiers=tuple(
                address for one in spec.identifiers if (address := _whole(one, fields)) is not None
            )
            if alone
            else (),
        )


def _nodes(name: str, spec: NodeSpec, fields: Fields) -> Iterator[tuple[Node, Fields]]:
    """The nodes of a name, each with the fields as it sees them."""
    if spec.where is not None and spec.where not in fields:
        return
    year = None
    if spec.near is not None:
        found = [int(one) for one in fields.get(spec.near.field, ()) if _YEAR.fullmatch(one)]
        year = found[0] if found else None
    if spec.each is None:
        label = filled(spec.label, fields) if spec.label else None
        yield Node(NodeRef(name), spec, label, year), fields
        return
    for number, value in enumerate(fields.get(spec.each, ()), 1):
        own = {**fields, spec.each: (value,)}
        label = filled(spec.label, own) if spec.label else None
        yield Node(NodeRef(name, number), spec, label, year), own


def _said(
    subject: ThingRef | NodeRef,
    say: Say,
    fields: Fields,
    things: dict[str, list[NamedThing]],
    nodes: dict[str, list[tuple[Node, Fields]]],
) -> Iterator[Statement]:
    marked = say.mark is not None and say.mark in fields
    if say.thing is not None:
        for thing in things[say.thing]:
            yield Statement(subject, say.property, thing.ref)
    elif say.node is not None:
        for node, _ in nodes[say.node]:
            yield Statement(subject, say.property, node.ref)
    elif say.iri is not None:
        if (name := _whole(say.iri, fields)) is not None:
            yield Statement(subject, say.property, NamedNode(iri_of(name, say.property)))
    elif say.choice is not None:
        for iri in _chosen(say.choice, fields):
            yield Statement(subject, say.property, NamedNode(iri))
    elif say.field is not None and (values := fields.get(say.field)):
        for value in [values] if say.form is Form.DATES else [(one,) for one in values]:
            yield Statement(subject, say.property, value_of(say, value, marked), marked)


def _chosen(choice: Choice, fields: Fields) -> list[str]:
    values = fields.get(choice.field, ()) if choice.field is not None else ()
    found = [choice.table.get(value, choice.otherwise) for value in values] or [choice.otherwise]
    return list(dict.fromkeys(one for one in found if one is not None))
