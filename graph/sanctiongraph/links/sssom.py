"""Mapping sets as tab-separated files: the Simple Standard for Sharing Ontological Mappings.

The form is that of SSSOM/TSV (https://mapping-commons.github.io/sssom/): a block of commented
YAML with ``curie_map`` and what is known of the set, then a line of column names, then a mapping a
line. Only slots that ``COLUMNS`` names are read; they are what the graph's links have.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from sanctiongraph.errors import BadData

#: The slots of a mapping, in the order in which they are written.
COLUMNS: Final = (
    "subject_id",
    "subject_label",
    "subject_category",
    "predicate_id",
    "object_id",
    "object_label",
    "object_category",
    "mapping_justification",
    "author_label",
    "mapping_date",
    "confidence",
    "comment",
)
_NEEDED: Final = (
    "subject_id",
    "predicate_id",
    "object_id",
    "mapping_justification",
    "author_label",
    "mapping_date",
    "confidence",
    "comment",
)
_PREDICATES: Final = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
_SKOS: Final = "http://www.w3.org/2004/02/skos/core#"


@dataclass(frozen=True, slots=True)
class Link:
    """One mapping; identifiers in full. ``line`` is its place in the file, from 1."""

    subject: str
    predicate: str
    object: str
    justification: str
    author: str
    date: dt.date
    #: From 0 to 1.
    confidence: float
    #: Where it was found.
    evidence: str
    subject_label: str = ""
    subject_category: str = ""
    object_label: str = ""
    object_category: str = ""
    line: int = 0

    @property
    def exact(self) -> bool:
        """Whether both are said to be the same thing."""
        return self.predicate == _SKOS + "exactMatch"


@dataclass(frozen=True, slots=True)
class LinkSet:
    """A file of mappings: its metadata, with the prefixes of its identifiers, and the mappings."""

    path: Path
    metadata: Mapping[str, Any]
    links: tuple[Link, ...]


def link_sets(folder: Path) -> list[LinkSet]:
    """The mapping sets of a folder, in the order of their names. Raises as ``read_links`` does."""
    return [read_links(path) for path in sorted(folder.glob("*.sssom.tsv"))]


def read_links(path: Path) -> LinkSet:
    """The mapping set in a file.

    Raises ``BadData``, with file and line, for a header that is no YAML, an unknown prefix, a
    missing value, a predicate that is none of SKOS's five, a date or a confidence that is none.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadData(f"{path}: {error}") from error
    length = next((at for at, line in enumerate(lines) if not line.startswith("#")), len(lines))
    metadata = _metadata(path, [line[1:] for line in lines[:length]])
    rows = csv.DictReader(lines[length:], delimiter="\t", quoting=csv.QUOTE_NONE)
    for name in _NEEDED:
        if name not in (rows.fieldnames or ()):
            raise BadData(f"{path}: line {length + 1}: there is no column {name}")
    links = []
    for number, row in enumerate(rows, start=length + 2):
        try:
            links.append(_link(row, metadata["curie_map"], number))
        except BadData as error:
            raise BadData(f"{path}: line {number}: {error}") from error
    return LinkSet(path, metadata, tuple(links))


def written(metadata: Mapping[str, Any], links: Iterable[Link]) -> str:
    """The text of a mapping set, the mappings in the order of their identifiers."""
    head = yaml.safe_dump(dict(metadata), allow_unicode=True, sort_keys=False, width=10_000)
    prefixes: Mapping[str, str] = metadata["curie_map"]
    rows = [_row(link, prefixes) for link in sorted(links, key=_identifiers)]
    lines = [f"#{line}" for line in head.splitlines()]
    return "\n".join([*lines, *("\t".join(row) for row in (COLUMNS, *rows))]) + "\n"


def _identifiers(link: Link) -> tuple[str, str, str]:
    return link.subject, link.predicate, link.object


def _metadata(path: Path, lines: list[str]) -> Mapping[str, Any]:
    try:
        found = yaml.safe_load("\n".join(lines))
    except yaml.YAMLError as error:
        raise BadData(f"{path}: the lines with # are no YAML: {error}") from error
    if not isinstance(found, dict) or not isinstance(found.get("curie_map"), dict):
        raise BadData(f"{path}: a mapping set begins with #curie_map: and the prefixes")
    return found


def _link(row: Mapping[str, str | None], prefixes: Mapping[str, str], line: int) -> Link:
    value = {name: (row.get(name) or "").strip() for name in COLUMNS}
    for name in _NEEDED:
        if not value[name]:
            raise BadData(f"{name} is empty: every link says it")
    predicate = expanded(value["predicate_id"], prefixes)
    if predicate.removeprefix(_SKOS) not in _PREDICATES:
        names = ", ".join(f"skos:{name}" for name in _PREDICATES)
        raise BadData(f"predicate_id is {value['predicate_id']}: it is one of {names}")
    try:
        date = dt.date.fromisoformat(value["mapping_date"])
    except ValueError as error:
        raise BadData(f"mapping_date is no day: {error}") from error
    try:
        confidence = float(value["confidence"])
    except ValueError:
        confidence = -1.0
    if not 0 <= confidence <= 1:
        raise BadData(f"confidence is {value['confidence']!r}: a number from 0 to 1")
    return Link(
        subject=expanded(value["subject_id"], prefixes),
        predicate=predicate,
        object=expanded(value["object_id"], prefixes),
        justification=expanded(value["mapping_justification"], prefixes),
        author=value["author_label"],
        date=date,
        confidence=confidence,
        evidence=value["comment"],
        subject_label=value["subject_label"],
        subject_category=value["subject_category"],
        object_label=value["object_label"],
        object_category=value["object_category"],
        line=line,
    )


def expanded(curie: str, prefixes: Mapping[str, str]) -> str:
    """The IRI of a prefixed name. Raises ``BadData`` for a prefix that ``curie_map`` lacks."""
    prefix, colon, local = curie.partition(":")
    if not colon or prefix not in prefixes:
        raise BadData(f"{curie!r} has no prefix of curie_map ({', '.join(sorted(prefixes))})")
    return prefixes[prefix] + local


def _row(link: Link, prefixes: Mapping[str, str]) -> list[str]:
    values = (
        _shortened(link.subject, prefixes),
        link.subject_label,
        link.subject_category,
        _shortened(link.predicate, prefixes),
        _shortened(link.object, prefixes),
        link.object_label,
        link.object_category,
        _shortened(link.justification, prefixes),
        link.author,
        link.date.isoformat(),
        f"{link.confidence:.2f}",
        link.evidence,
    )
    return [" ".join(value.split()) for value in values]


def _shortened(iri: str, prefixes: Mapping[str, str]) -> str:
    fitting = [name for name, namespace in prefixes.items() if iri.startswith(namespace)]
    if not fitting:
        raise BadData(f"{iri} has no prefix in curie_map")
    best = max(fitting, key=lambda name: len(prefixes[name]))
    return f"{best}:{iri[len(prefixes[best]) :]}"
