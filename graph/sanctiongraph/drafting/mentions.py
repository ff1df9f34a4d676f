"""What a text mentions: things of the graph by any of their names, and by words that refer back.

The text is read from its beginning, since what "the system" or "he" means depends on what was
named before. Each mention says why it is proposed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sanctiongraph.drafting.groups import Groups
from sanctiongraph.drafting.introductions import Introductions
from sanctiongraph.drafting.knowledge import Knowledge, Known
from sanctiongraph.drafting.mention import Mention
from sanctiongraph.drafting.naming import Naming
from sanctiongraph.drafting.newcomers import Newcomer
from sanctiongraph.drafting.offices import offices
from sanctiongraph.drafting.references import References, refers
from sanctiongraph.drafting.text import Sentence, Word


class Reader:
    """Finds the mentions of one text, sentence by sentence in their order."""

    def __init__(self, known: Knowledge, text: str) -> None:
        self._introduced = Introductions(known, text)
        groups = Groups(self._introduced)
        self._naming = Naming(self._introduced, groups)
        self._references = References(known, groups)

    @property
    def newcomers(self) -> Iterable[Newcomer]:
        """What the text has introduced so far."""
        return self._introduced.newcomers.values()

    def read(self, sentence: Sentence) -> list[Mention]:
        """The mentions of the next sentence, in their order."""
        self._references.begin()
        found: list[Mention] = []
        unread: list[Word] = []
        at = 0
        words = sentence.words
        while at < len(words):
            count, entries = self._naming.longest(words, at)
            if count and self._naming.goes_on(words, at + count, entries[0].thing):
                unread += words[at : at + count]
                at += count
                continue
            named = self._naming.meant(words, at, count, entries, found) if count else []
            back = refers(words, at)
            if named or back:
                self._introduce(sentence, unread, found)
                unread = []
            mentions = named or (self._references.meant(words, at, found) if back else [])
            if mentions:
                found += mentions
                self._references.note(one.thing for one in mentions if not one.by_adjective)
            else:
                unread.append(words[at])
            at += count if named else 1
        self._introduce(sentence, unread, found)
        found += offices(self._introduced, sentence, found)
        self._references.end(words, found)
        return sorted(found, key=lambda one: (one.span.start, -one.span.end, one.thing.iri))

    def spoke(self, speakers: Sequence[Known]) -> None:
        """Notes who spoke last, for the words that refer to that person."""
        self._references.spoke(speakers)

    def _introduce(self, sentence: Sentence, unread: list[Word], found: list[Mention]) -> None:
        self._references.note(self._introduced.read(sentence, unread, found))
