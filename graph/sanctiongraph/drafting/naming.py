"""What the names of a text mean where they stand: a capital its state, officials their bodies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sanctiongraph.drafting import english
from sanctiongraph.drafting.gazetteer import Entry, by_iri
from sanctiongraph.drafting.groups import Groups
from sanctiongraph.drafting.introductions import Introductions
from sanctiongraph.drafting.knowledge import Known
from sanctiongraph.drafting.mention import Mention
from sanctiongraph.drafting.text import Span, Word


@dataclass(frozen=True, slots=True)
class Naming:
    """Finds the things that words name: those of the graph, and what the text introduced."""

    introduced: Introductions
    groups: Groups

    def longest(self, words: Sequence[Word], at: int) -> tuple[int, list[Entry]]:
        """How many words from one on are a name, and whose, the likeliest first; 0 where none."""
        return self.introduced.names.longest(words, at, self.introduced.text)

    def goes_on(self, words: Sequence[Word], after: int, thing: Known) -> bool:
        """Whether the name of a place is the beginning of a longer one: "Doha Forum"."""
        if not thing.is_a("Location", "State") or after >= len(words):
            return False
        word = words[after]
        adjoining = self.introduced.text[words[after - 1].end : word.start] == " "
        return adjoining and word.text[:1].isupper() and word.plain in english.KIND_WORDS

    def meant(
        self,
        words: Sequence[Word],
        at: int,
        count: int,
        entries: Sequence[Entry],
        so_far: list[Mention],
    ) -> list[Mention]:
        """The mention by a name, with what follows from where it stands; empty where it is none."""
        best = entries[0]
        if not best.thing.named and count == 1 and words[at].plain in english.SAYING:
            return []
        span = Span(words[at].start, words[at + count - 1].end)
        others = tuple(one.thing.iri for one in entries[1:] if one.thing.iri != best.thing.iri)
        reason = f'{best.why} "{self.introduced.text[span.start : span.end]}"'
        thing, literal = best.thing, ""
        before = words[at - 1].plain if at else ""
        states = self._states_of(thing)
        if thing.is_a("Location") and states and before not in english.LOCATIVES:
            reason += f", which stands for {states[0].label}"
            thing, literal = states[0], thing.iri
        mention = Mention(span, thing, reason, others=others, literal=literal)
        if thing.is_a("UnnamedGroup") and before == "and":
            return self.groups.named(words, at, so_far, mention)
        programme = self._programme(words, at + count, thing)
        return [mention, *([programme] if programme else [])]

    def _states_of(self, place: Known) -> list[Known]:
        known = self.introduced.known
        located = by_iri(known.things, known.tied(place.iri, "sg:locatedIn"))
        return [one for one in located if one.is_a("State")]

    def _programme(self, words: Sequence[Word], at: int, system: Known) -> Mention | None:
        """The programme of a weapon system that is named by the system: "the F-35 program"."""
        if not system.is_a("WeaponSystem"):
            return None
        known = self.introduced.known
        for word in words[at : at + 6]:
            if "Programme" in english.HEADS.get(word.plain, ()):
                for iri in known.of_body("sg:develops", system.iri):
                    if thing := known.things.get(iri):
                        span = Span(word.start, word.end)
                        return Mention(span, thing, f"the programme of {system.label}")
            if word.plain in english.PREPOSITIONS:
                break
        return None
