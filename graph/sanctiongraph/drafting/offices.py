"""Offices that a title names: a person's, "the head of" a body, its "Foreign Minister"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sanctiongraph.drafting import english
from sanctiongraph.drafting.introductions import Introductions
from sanctiongraph.drafting.knowledge import Known
from sanctiongraph.drafting.mention import Mention
from sanctiongraph.drafting.text import Sentence, Span, Word

#: What stands between an owner and what is owned.
_OWNER: Final = ("’s ", "'s ", "’ ")
#: More words than this between "of" and a body, and the office is not of that body.
_MOST_BETWEEN: Final = 3


def offices(
    introduced: Introductions, sentence: Sentence, found: Sequence[Mention]
) -> list[Mention]:
    """The offices that the titles in a sentence name, beside what it was found to mention."""
    return list(_Titles(introduced, sentence.words, found).offices())


@dataclass(frozen=True, slots=True)
class _Titles:
    introduced: Introductions
    words: Sequence[Word]
    found: Sequence[Mention]

    def offices(self) -> Iterator[Mention]:
        words = self.words
        for at, word in enumerate(words):
            inside = any(one.span.start <= word.start < one.span.end for one in self.found)
            if word.plain not in english.TITLES or inside:
                continue
            first = at
            while first and words[first - 1].plain in english.BEFORE_TITLES | english.TITLES:
                first -= 1
            if words[at + 1 : at + 2] and words[at + 1].plain in english.TITLES:
                continue  # the last word of a title speaks for it
            span = Span(words[first].start, word.end)
            if mention := self._held(span) or self._headed(span, at) or self._of_state(span):
                yield mention

    def _held(self, span: Span) -> Mention | None:
        """The office that the person behind a title holds."""
        behind = self._behind(span.end)[:1]
        if not behind or not behind[0].thing.is_a("Person"):
            return None
        if self._between(span.end, behind[0].span.start) != " ":
            return None
        person, known = behind[0].thing, self.introduced.known
        title = self._between(span.start, span.end).lower()
        for iri in known.offices_of(person.iri):
            held = known.things.get(iri)
            if held and any(title in name.lower() for name in held.names):
                return Mention(span, held, f"{person.label} holds it")
        return None

    def _headed(self, span: Span, at: int) -> Mention | None:
        """A new office of the body behind "of": "the head of the agency"."""
        following = self.words[at + 1 : at + 2]
        if not following or following[0].plain != "of":
            return None
        chain = self._behind(following[0].end)
        while len(chain) > 1 and self._between(chain[0].span.end, chain[1].span.start) in _OWNER:
            chain = chain[1:]
        if not chain or not chain[0].thing.is_a("Body"):
            return None
        between = self._between(following[0].end, chain[0].span.start)
        if len(between.split()) > _MOST_BETWEEN:
            return None
        title, body = self._between(span.start, span.end), chain[0].thing
        article = "the " if " " in body.label else ""
        name = f"{title[:1].upper()}{title[1:]} of {article}{body.label}"
        return self._new(name, Span(span.start, chain[0].span.end), body)

    def _of_state(self, span: Span) -> Mention | None:
        """A new office of the state before a title: "Turkey's Foreign Minister"."""
        before = [one for one in self.found if one.span.end <= span.start and not one.back][-1:]
        title = self._between(span.start, span.end)
        if not before or not before[0].thing.is_a("State") or not title[:1].isupper():
            return None
        if self._between(before[0].span.end, span.start) not in (" ", *_OWNER):
            return None
        whole = Span(before[0].span.start, span.end)
        return self._new(self._between(whole.start, whole.end), whole, before[0].thing)

    def _new(self, name: str, span: Span, body: Known) -> Mention:
        thing = self.introduced.introduce(name, span, "Office", f"an office of {body.label}")
        return Mention(span, thing, f'not in the graph: "{name}"')

    def _behind(self, offset: int) -> list[Mention]:
        return [one for one in self.found if one.span.start >= offset and not one.back]

    def _between(self, start: int, end: int) -> str:
        return self.introduced.text[start:end]
