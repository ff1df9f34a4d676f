"""An index of the names of a graph's things, in SQLite: candidates for a name, and prefixes as typed.

The index is one file that any number of processes can read, or is in memory. Names are looked up
by their folded form and by their groups of three letters (SQLite's FTS5 with its ``trigram``
tokenizer), so a slip of the pen still finds them.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, QuerySolutions

from sanctiongraph.names.folding import compact, folded
from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.vocabulary import PREFIXES, term

#: Where a name comes from, the better first.
_SOURCES: Final = ("rdfs:label", "skos:altLabel", "skos:notation")
#: Most trigrams of a text that are looked up; longer names have enough in common by then.
_MOST_TRIGRAMS: Final = 48
_MOST_CANDIDATES: Final = 200
_SCHEMA: Final = """
CREATE TABLE thing (id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, mentions INTEGER NOT NULL);
CREATE TABLE kind (thing INTEGER NOT NULL, class TEXT NOT NULL);
CREATE INDEX kind_of ON kind (thing);
CREATE INDEX of_kind ON kind (class);
CREATE TABLE name (
  id INTEGER PRIMARY KEY, thing INTEGER NOT NULL, text TEXT NOT NULL, language TEXT NOT NULL,
  alias INTEGER NOT NULL, folded TEXT NOT NULL, compact TEXT NOT NULL);
CREATE INDEX name_of ON name (thing);
CREATE INDEX name_folded ON name (folded);
CREATE INDEX name_compact ON name (compact);
CREATE VIRTUAL TABLE letters USING fts5 (folded, content='name', content_rowid='id', tokenize='trigram');
"""
#: Tells files of this form from those of another.
FORM: Final = hashlib.sha256(_SCHEMA.encode()).hexdigest()[:8]
_MENTIONS: Final = """
SELECT ?thing (COUNT(?claim) AS ?n) WHERE { ?claim sg:mentions ?thing } GROUP BY ?thing"""


@dataclass(frozen=True, slots=True)
class Name:
    """One name of a thing; ``alias`` tells it from a label."""

    text: str
    language: str
    alias: bool


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing with all its names and classes; ``mentions`` is in how many claims it occurs."""

    iri: str
    names: tuple[Name, ...]
    classes: frozenset[str]
    mentions: int

    def label(self, language: str = "en") -> str:
        """The label in a language, else in another, else an alias."""
        ranked = sorted(self.names, key=lambda one: (one.alias, one.language != language))
        return ranked[0].text if ranked else self.iri

    def is_of(self, classes: Collection[str]) -> bool:
        """Whether it is of one of the classes; where there are none, it is."""
        return not classes or not self.classes.isdisjoint(classes)


class NameIndex:
    """The names of one graph. Threads may share it: SQLite lets one in at a time."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    @classmethod
    def open(cls, path: Path) -> NameIndex:
        """An index that ``build`` wrote. Raises ``sqlite3.Error`` where it is none."""
        address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        return cls(sqlite3.connect(address, uri=True, check_same_thread=False))

    @classmethod
    def build(
        cls,
        store: GraphStore,
        path: Path | None = None,
        *,
        kinds: str = "rdf:type",
        below: str = "",
    ) -> NameIndex:
        """The index of what a store's default graph names; in memory where there is no path.

        Indexed is what has a label and a class and is no term of a vocabulary. ``kinds`` is the
        property that says the class, where that is another; with ``below`` all is indexed whose
        IRI begins so, whether it has a class or not.
        """
        db = sqlite3.connect(path or ":memory:", check_same_thread=False)
        db.executescript(_SCHEMA)
        index = cls(db)
        index._fill(store, term(kinds), below)
        db.execute("INSERT INTO letters (letters) VALUES ('rebuild')")
        db.commit()
        return index

    def close(self) -> None:
        """Closes the index."""
        self._db.close()

    def thing(self, iri: str) -> Thing | None:
        """A thing by its IRI; ``None`` where the index has none."""
        row = self._db.execute("SELECT id FROM thing WHERE iri = ?", (iri,)).fetchone()
        return next(self._things([row[0]])) if row else None

    def things(self) -> Iterator[Thing]:
        """All things, in the order in which they were indexed."""
        yield from self._things([row[0] for row in self._db.execute("SELECT id FROM thing")])

    def candidates(self, text: str, most: int = _MOST_CANDIDATES) -> list[Thing]:
        """Things of which some name is like the text, the likeliest first."""
        found = dict.fromkeys(self._same(text))
        found.update(dict.fromkeys(self._alike(text, most)))
        return list(self._things(list(found)[:most]))

    def beginning(self, text: str, classes: Iterable[str] = (), most: int = 20) -> list[Thing]:
        """Things of which a name, or a word of one, begins with the text; of these classes if any.

        First those of which a name or an alias is the text, then by labels, then by aliases.
        """
        start = folded(text)
        if not start:
            return []
        wanted = list(classes)
        marks = ",".join("?" * len(wanted))
        of_kind = (
            f"AND thing IN (SELECT thing FROM kind WHERE class IN ({marks}))" if wanted else ""
        )
        rows = self._db.execute(
            "SELECT thing, MIN(rank) FROM ("
            " SELECT thing, CASE WHEN folded = ? THEN -1 ELSE alias * 2 END AS rank"
            f" FROM name WHERE folded >= ? AND folded < ? {of_kind}"
            f" UNION ALL SELECT thing, alias * 2 + 1 FROM name WHERE instr(folded, ?) > 0 {of_kind}"
            ") JOIN thing ON thing.id = thing GROUP BY thing ORDER BY MIN(rank), mentions DESC, iri"
            " LIMIT ?",
            (start, start, start + "\U0010ffff", *wanted, f" {start}", *wanted, most),
        )
        return list(self._things([row[0] for row in rows]))

    def __len__(self) -> int:
        """How many things it has."""
        count: int = self._db.execute("SELECT COUNT(*) FROM thing").fetchone()[0]
        return count

    def _same(self, text: str) -> list[int]:
        rows = self._db.execute(
            "SELECT DISTINCT thing FROM name WHERE folded = ? OR compact = ?",
            (folded(text), compact(text)),
        )
        return [row[0] for row in rows]

    def _alike(self, text: str, most: int) -> list[int]:
        groups = _trigrams(folded(text))
        if not groups:
            return []
        asked = " OR ".join('"' + group.replace('"', '""') + '"' for group in groups)
        rows = self._db.execute(
            "SELECT name.thing, MIN(letters.rank) AS best FROM letters JOIN name"
            " ON name.id = letters.rowid WHERE letters MATCH ? GROUP BY name.thing"
            " ORDER BY best LIMIT ?",
            (asked, most),
        )
        return [row[0] for row in rows]

    def _things(self, ids: list[int]) -> Iterator[Thing]:
        """The things with these numbers, in that order: three questions for each few hundred."""
        for at in range(0, len(ids), _AT_ONCE):
            some = ids[at : at + _AT_ONCE]
            among = f"IN ({','.join('?' * len(some))})"
            things = {
                number: (iri, mentions)
                for number, iri, mentions in self._db.execute(
                    f"SELECT id, iri, mentions FROM thing WHERE id {among}", some
                )
            }
            names: dict[int, list[Name]] = {one: [] for one in some}
            for one, text, language, alias in self._db.execute(
                f"SELECT thing, text, language, alias FROM name WHERE thing {among}"
                " ORDER BY alias, language, text",
                some,
            ):
                names[one].append(Name(text, language, bool(alias)))
            classes: dict[int, list[str]] = {one: [] for one in some}
            for one, kind in self._db.execute(
                f"SELECT thing, class FROM kind WHERE thing {among}", some
            ):
                classes[one].append(kind)
            for one in some:
                iri, mentions = things[one]
                yield Thing(iri, tuple(names[one]), frozenset(classes[one]), mentions)

    def _fill(self, store: GraphStore, kinds: NamedNode, below: str) -> None:
        mentioned = store.query(_MENTIONS, prefixes=PREFIXES)
        assert isinstance(mentioned, QuerySolutions)
        mentions = {row["thing"].value: int(row["n"].value) for row in mentioned}
        ids: dict[str, int] = {}

        def number(node: object) -> int | None:
            """The number of a thing, new where it is to be indexed and is not yet."""
            if not isinstance(node, NamedNode) or not _indexed(node, store, below):
                return None
            if node.value not in ids:
                ids[node.value] = len(ids) + 1
                row = (ids[node.value], node.value, mentions.get(node.value, 0))
                self._db.execute("INSERT INTO thing VALUES (?, ?, ?)", row)
            return ids[node.value]

        for quad in store.quads_for_pattern(None, kinds, None, DefaultGraph()):
            if isinstance(quad.object, NamedNode) and (one := number(quad.subject)):
                self._db.execute("INSERT INTO kind VALUES (?, ?)", (one, quad.object.value))
        for alias, source in enumerate(_SOURCES):
            for quad in store.quads_for_pattern(None, term(source), None, DefaultGraph()):
                if not isinstance(quad.object, Literal):
                    continue
                known = ids.get(getattr(quad.subject, "value", ""))
                one = number(quad.subject) if below else known
                if one is not None:
                    self._name(one, quad.object, min(alias, 1))

    def _name(self, thing: int, name: Literal, alias: int) -> None:
        row = (
            thing,
            name.value,
            name.language or "",
            alias,
            folded(name.value),
            compact(name.value),
        )
        self._db.execute(
            "INSERT INTO name (thing, text, language, alias, folded, compact)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            row,
        )


#: Things that are read at once; SQLite may take no more than 999 values in a question.
_AT_ONCE: Final = 500
_VOCABULARIES: Final = tuple(
    PREFIXES[prefix] for prefix in ("rdf", "rdfs", "owl", "xsd", "skos", "prov", "org", "eli", "oa")
)


def _indexed(thing: NamedNode, store: GraphStore, below: str) -> bool:
    if below:
        return thing.value.startswith(below)
    if thing.value.startswith((PREFIXES["sg"], *_VOCABULARIES)):
        return False
    labels = store.quads_for_pattern(thing, term("rdfs:label"), None, DefaultGraph())
    return next(labels, None) is not None


def _trigrams(text: str) -> list[str]:
    groups = dict.fromkeys(text[at : at + 3] for at in range(len(text) - 2))
    return list(groups)[:_MOST_TRIGRAMS]
