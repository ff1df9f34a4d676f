"""Names that a text introduces: things that the graph does not know, for the rest of the text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from sanctiongraph.drafting.gazetteer import Gazetteer, initials
from sanctiongraph.drafting.knowledge import Knowledge, Known
from sanctiongraph.drafting.mention import Mention
from sanctiongraph.drafting.newcomers import Newcomer, newcomer, runs_of_capitals
from sanctiongraph.drafting.text import Sentence, Span, Word

_SHORTEST_STEM: Final = 4
_ADJECTIVE_ENDINGS: Final = frozenset("n an ian ean ish ese i ic".split())


@dataclass(slots=True)
class Introductions:
    """What one text has introduced so far; its names join those of the graph."""

    known: Knowledge
    text: str
    names: Gazetteer = field(init=False)
    newcomers: dict[str, Newcomer] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.names = Gazetteer.of(self.known.things.values())

    def introduce(self, name: str, span: Span, kind: str, why: str) -> Known:
        """The new thing of a name, the same one wherever the text has the name."""
        one = Newcomer.of(name, kind, span, why, self.known)
        if one.thing.iri not in self.newcomers:
            self.newcomers[one.thing.iri] = one
            if kind != "UnnamedGroup":
                self.names.add(name, one.thing, 1, "named before in the text")
            if kind == "Person" and " " in name:
                self.names.add_surname(name.split()[-1], one.thing)
        return self.newcomers[one.thing.iri].thing

    def read(self, sentence: Sentence, unread: Sequence[Word], found: list[Mention]) -> list[Known]:
        """Adds the capitalised names among unread words to what was found, as new things or known.

        Returned are the new ones.
        """
        new = []
        for run in runs_of_capitals(sentence, unread, self.text):
            name = self.text[run[0].start : run[-1].end]
            span = Span(run[0].start, run[-1].end)
            if len(run) == 1 and (body := self._adjective_of(name)):
                found.append(Mention(span, body, f'adjective "{name}", by its stem'))
                continue
            acronym = len(run) == 1 and run[0].text.isupper() and found
            if acronym and initials(found[-1].thing.label) == run[0].text:
                self.names.add(name, found[-1].thing, 1, "acronym in the text")
                continue
            kind, why = newcomer(self.text, sentence, run, self.known)
            thing = self.introduce(name, span, kind, why)
            found.append(Mention(span, thing, f'not in the graph: "{name}"'))
            new.append(thing)
            if kind == "Conference" and len(run) > 1:
                found += self._named_after(run[0], thing)
        return new

    def _adjective_of(self, word: str) -> Known | None:
        """The state of which a word seems to be the adjective: Brelia of "Brelian"."""
        states = [one.thing for one in self.newcomers.values() if one.kind in ("State", "Body")]
        states += [one for one in self.known.things.values() if one.is_a("State")]
        for state in states:
            stem = re.sub(r"(?:ia|a|y|e|o)$", "", state.label)
            same = len(stem) >= _SHORTEST_STEM and word != state.label and word.startswith(stem)
            if same and word[len(stem) :] in _ADJECTIVE_ENDINGS:
                return state
        return None

    def _named_after(self, word: Word, occasion: Known) -> list[Mention]:
        """The place in the name of an occasion: the Doha of "Doha Forum"."""
        span = Span(word.start, word.end)
        why = f"{occasion.label} seems to be named after it"
        count, entries = self.names.longest([word], 0, self.text)
        if count and entries[0].thing.is_a("Location", "State"):
            return [Mention(span, entries[0].thing, why)]
        thing = self.introduce(word.text, span, "Location", why)
        return [Mention(span, thing, why)]
