"""Names looked for in a text: the longest that fits, written as a name is written.

Names are compared folded (``names.folding``), so marks and punctuation do not matter. What a name
writes with a capital the text has to, and short names all in capitals (US, UN) likewise, or the
pronoun "us" would be a state.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sanctiongraph.drafting.knowledge import Known
from sanctiongraph.drafting.text import Word, words

#: More between two words than this, and they are not of one name.
_WIDEST_GAP: Final = 3
_SPELLINGS: Final = {
    "defense": "defence",
    "program": "programme",
    "programs": "programmes",
    "license": "licence",
    "center": "centre",
}
_LEADING: Final = frozenset({"the", "a", "an"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A name of a thing as words to compare; the lower the rank, the more likely it is meant."""

    plain: tuple[str, ...]
    written: tuple[str, ...]
    thing: Known
    rank: int
    why: str

    def fits(self, found: Sequence[Word], text: str) -> bool:
        """Whether these words of the text, as many as the name has, are the name."""
        for at, (word, plain, written) in enumerate(
            zip(found, self.plain, self.written, strict=True)
        ):
            same = spelled(word.plain)
            if same != plain and not (at + 1 == len(self.plain) and _plural(same, plain)):
                return False
            if not _written(word.text, written):
                return False
            if at:
                gap = text[found[at - 1].end : word.start]
                if len(gap) > _WIDEST_GAP or any(mark in gap for mark in ";:!?\n"):
                    return False
        return True


@dataclass(slots=True)
class Gazetteer:
    """Entries by their first word; names that a text introduces are added as it is read."""

    _entries: dict[str, list[Entry]]

    @classmethod
    def of(cls, things: Iterable[Known]) -> Gazetteer:
        """All names of these things, the adjectives of bodies, and surnames of persons."""
        found = cls(defaultdict(list))
        persons: dict[str, list[Known]] = defaultdict(list)
        for thing in things:
            rank = 0 if thing.named else 4
            passing = thing.is_a("Event", "Situation", "Source", "Viewpoint")
            for at, name in enumerate(thing.names):
                why = "label" if at == 0 else "another name"
                found.add(name, thing, rank + 2 * passing + (at > 0), why)
            for adjective in thing.adjectives:
                found.add(adjective, thing, 2, "adjective")
            if thing.is_a("Person"):
                for surname in {name.split()[-1] for name in thing.names if " " in name}:
                    persons[surname].append(thing)
        for surname, owners in persons.items():
            distinct = {one.iri: one for one in owners}
            if len(distinct) == 1:
                found.add_surname(surname, owners[0])
        return found

    def add(self, name: str, thing: Known, rank: int, why: str) -> None:
        """Adds a name."""
        parts = words(name)
        if parts and parts[0].plain in _LEADING:
            parts = parts[1:]
        if not parts or (len(parts) == 1 and len(parts[0].plain) < 2):
            return
        plain = tuple(spelled(part.plain) for part in parts)
        entry = Entry(plain, tuple(part.text for part in parts), thing, rank, why)
        same = self._entries[plain[0]]
        if not any(one.plain == plain and one.thing.iri == thing.iri for one in same):
            same.append(entry)

    def add_surname(self, surname: str, person: Known) -> None:
        """Adds the last part of a person's name."""
        if len(surname) > 3:
            self.add(surname, person, 3, "surname")

    def longest(self, found: Sequence[Word], at: int, text: str) -> tuple[int, list[Entry]]:
        """How many words from ``at`` on are a name, and whose, the likeliest first; 0 where none."""
        best: tuple[int, list[Entry]] = (0, [])
        first = spelled(found[at].plain)
        candidates = [*self._entries.get(first, ())]
        for ending in ("s", "es"):
            if first.endswith(ending):
                stem = first.removesuffix(ending)
                candidates += [one for one in self._entries.get(stem, ()) if len(one.plain) == 1]
        for entry in candidates:
            count = len(entry.plain)
            if count < best[0] or at + count > len(found):
                continue
            if entry.fits(found[at : at + count], text):
                if count > best[0]:
                    best = (count, [])
                best[1].append(entry)
        best[1].sort(key=lambda one: (one.rank, one.thing.iri))
        return best


def spelled(plain: str) -> str:
    """One spelling for British and American words."""
    return _SPELLINGS.get(plain, plain.replace("ization", "isation"))


def _plural(word: str, name: str) -> bool:
    return word in (name + "s", name + "es")


def _written(text: str, name: str) -> bool:
    letters = name.replace(".", "")
    if letters.isupper() and len(letters) <= 3:
        return text.isupper() or (text[:-1] == name and text[-1] == "s")
    return text[:1].isupper() if name[:1].isupper() else True


def initials(name: str) -> str:
    """The first letters of a name's capitalised words: ``NATO``."""
    return "".join(word.text[0] for word in words(name) if word.text[:1].isupper())


def by_iri(things: Mapping[str, Known], iris: Iterable[str]) -> list[Known]:
    """Those of the things that are known, in the order of the IRIs."""
    return [things[iri] for iri in iris if iri in things]
