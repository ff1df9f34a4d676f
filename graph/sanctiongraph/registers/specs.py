"""What a mapping says, as values: how a register's files are laid out, and what its rows assert."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class Form(Enum):
    """What a value of a field becomes."""

    TEXT = "text"
    ENGLISH = "english"
    INTEGER = "integer"
    DECIMAL = "decimal"
    SHARE = "share"
    DATE = "date"
    DATES = "dates"


class Certain(Enum):
    """What makes it certain that a thing of the graph is meant."""

    #: One thing of the classes looked for has the name, and no other has.
    NAME = "name"
    #: The graph links it to an identifier that the row gives. A name alone is a candidate.
    IDENTIFIER = "identifier"


class TakenAs(Enum):
    """What the rows of a register are taken for."""

    #: Entries: found by whoever asks for them; no viewpoint of the project rests on them.
    ENTRIES = "entries"
    #: What the publisher says: accepted on viewpoints that believe it.
    SAID = "said"
    #: What the register as a source states as fact: accepted.
    FACTS = "facts"


@dataclass(frozen=True, slots=True)
class Joined:
    """A file beside the main one, whose rows belong to entries by a shared column."""

    columns: tuple[str, ...]
    by: str
    optional: bool
    #: Columns of a row that are one value together, by the name of that value.
    together: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Layout:
    """How the files are laid out."""

    format: str
    encodings: tuple[str, ...] = ("utf-8",)
    delimiter: str = ","
    #: The line that ends the preamble; empty where the first line is a row already.
    header: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    #: Values that mean nothing is given, beside the empty one.
    empty: frozenset[str] = frozenset()
    #: The only cell of a line that ends the file.
    end: str | None = None
    #: Whether a row with too few cells goes on in the next line.
    join: bool = False
    joined: Mapping[str, Joined] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Field:
    """A field made of another: parts of it, or what a pattern finds in it.

    ``unless``: it is not made of rows with one of these values in a field.
    """

    source: str
    split: str | None
    find: re.Pattern[str] | None
    unless: Mapping[str, frozenset[str]]

    def spares(self, fields: Mapping[str, tuple[str, ...]]) -> bool:
        """Whether it is not made of a row with these fields."""
        return any(
            not unwanted.isdisjoint(fields.get(name, ())) for name, unwanted in self.unless.items()
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """A term by the value of a field, or one for all."""

    field: str | None
    table: Mapping[str, str]
    otherwise: str | None


@dataclass(frozen=True, slots=True)
class ThingSpec:
    """A thing that rows name: what tells it from others in the register, and how it is matched."""

    kind: str
    key: str
    label: tuple[str, ...]
    names: tuple[str, ...]
    kinds: Choice
    like: tuple[str, ...]
    certain: Certain
    identifiers: tuple[str, ...]
    #: Where it is named and not numbered: the kind of things of the register it may be.
    named: str | None
    #: A property of the graph's things whose value is the key, such as the code of a state.
    coded: str | None
    #: Whether the key only refers to an entry that describes it.
    refers: bool
    fits: re.Pattern[str] | None
    #: Values that name nobody: what they stand for is another in each row.
    unnamed: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Near:
    """How far the year of a row may be from those of a deal's events."""

    field: str
    years: int
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NodeSpec:
    """What a row alone speaks of: a deal, an order, a designation, a measure."""

    kind: str
    label: str | None
    #: A node for each value of this field.
    each: str | None
    #: No node where this field is empty.
    where: str | None
    #: Properties by whose values it is a thing of the graph.
    same: tuple[str, ...]
    near: Near | None


@dataclass(frozen=True, slots=True)
class Say:
    """One statement of a node or thing."""

    property: str
    thing: str | None
    node: str | None
    iri: str | None
    field: str | None
    choice: Choice | None
    form: Form
    #: A field that marks the value as uncertain.
    mark: str | None
    #: How a date is written, in the letters of ``strptime``, where it is not ISO 8601.
    pattern: str | None


@dataclass(frozen=True, slots=True)
class RecordSpec:
    """What rows of one kind say."""

    when: Mapping[str, frozenset[str]]
    required: tuple[str, ...]
    things: Mapping[str, ThingSpec]
    nodes: Mapping[str, NodeSpec]
    say: Mapping[str, tuple[Say, ...]]
    wording: str
    marked: str | None

    def takes(self, fields: Mapping[str, tuple[str, ...]]) -> bool:
        """Whether a row is of this kind."""
        return all(
            not wanted.isdisjoint(fields.get(name, ())) for name, wanted in self.when.items()
        )


@dataclass(frozen=True, slots=True)
class Described:
    """A term that the mapping brings along, where the graph may lack it."""

    iri: str
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class MappingFile:
    """How a register is read. ``sha256`` is that of the file."""

    register: str
    label: str
    address: str
    licence: str
    publisher: str
    described: tuple[Described, ...]
    verification: str
    layout: Layout
    fields: Mapping[str, Field]
    required: tuple[str, ...]
    key: tuple[str, ...]
    entry: str
    records: tuple[RecordSpec, ...]
    sha256: str
