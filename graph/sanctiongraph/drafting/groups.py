"""Groups whose members a text does not name: "Turkish officials", "a source in New Delhi"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sanctiongraph.drafting.introductions import Introductions
from sanctiongraph.drafting.knowledge import Known
from sanctiongraph.drafting.mention import Mention
from sanctiongraph.drafting.text import Span, Word


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups that a text speaks of: known ones, and new ones that it introduces."""

    introduced: Introductions

    def meant(
        self, words: Sequence[Word], at: int, so_far: list[Mention], sides: Sequence[Known]
    ) -> list[Mention]:
        """What a noun such as "officials" stands for; ``sides`` are the two of "on both sides".

        The bodies that only belong to a group's name are taken out of the mentions ``so_far``.
        """
        noun = words[at]
        bodies: Sequence[Known] = _bodies_before(words, at, so_far)
        why = f'"{noun.text}" of'
        if not bodies and [one.plain for one in words[at + 1 : at + 4]][:2] == ["on", "both"]:
            bodies = sides
            why = f'"{noun.text}" on both sides:'
        start = noun.start
        if bodies and why.endswith("of"):
            start = min(_take_out(so_far, body, noun.start) for body in bodies)
        found = [
            Mention(Span(start, noun.end), self._of(noun, body), f"{why} {body.label}")
            for body in bodies
        ]
        return found or self.only(noun) or self._unknown(words, at)

    def named(
        self, words: Sequence[Word], at: int, so_far: list[Mention], mention: Mention
    ) -> list[Mention]:
        """A group whose name begins at a word, with those joined to it: "Greek and U.S. officials"."""
        span = mention.span
        noun = next(one for one in words[at:] if one.end == span.end)
        bodies = _bodies_before(words, at, so_far)
        start = min([span.start, *(_take_out(so_far, one, span.start) for one in bodies)])
        whole = Span(start, span.end)
        joined = [
            Mention(whole, self._of(noun, one), f'"{noun.text}" of {one.label}') for one in bodies
        ]
        return [*joined, Mention(whole, mention.thing, mention.reason)]

    def only(self, noun: Word) -> list[Mention]:
        """The group that alone is known by a noun; none where there are more."""
        known = [
            one
            for one in self.introduced.known.things.values()
            if one.is_a("UnnamedGroup") and _ends_with(one, noun.plain)
        ]
        if len(known) != 1:
            return []
        reason = f'the only group known as "{noun.text}"'
        return [Mention(Span(noun.start, noun.end), known[0], reason)]

    def _of(self, noun: Word, body: Known) -> Known:
        for iri in self.introduced.known.of_body("sg:speaksFor", body.iri):
            one = self.introduced.known.things.get(iri)
            if one and one.is_a("UnnamedGroup") and _ends_with(one, noun.plain):
                return one
        adjective = body.adjectives[0] if body.adjectives else body.label
        name = f"{adjective} {noun.plain}"
        return self.introduced.introduce(
            name, Span(noun.start, noun.end), "UnnamedGroup", f"speaks for {body.label}"
        )

    def _unknown(self, words: Sequence[Word], at: int) -> list[Mention]:
        """A group without a body: "a source in New Delhi", named by its words."""
        last = at
        if at + 2 < len(words) and words[at + 1].plain in ("in", "at", "from"):
            last = at + 2
            while last + 1 < len(words) and words[last + 1].text[:1].isupper():
                last += 1
            if not words[at + 2].text[:1].isupper():
                last = at
        span = Span(words[at].start, words[last].end)
        name = self.introduced.text[span.start : span.end]
        thing = self.introduced.introduce(
            name, span, "UnnamedGroup", "people whom the text does not name"
        )
        return [Mention(Span(words[at].start, words[at].end), thing, f'unnamed: "{name}"')]


def _take_out(mentions: list[Mention], body: Known, before: int) -> int:
    """Takes a body out that was only part of a group's name, and says where it began."""
    for one in reversed(mentions):
        if one.thing == body and one.span.end <= before:
            mentions.remove(one)
            return one.span.start
    return before


def _ends_with(group: Known, noun: str) -> bool:
    return any(
        name.lower().split()[-1].removesuffix("s") == noun.removesuffix("s") for name in group.names
    )


def _bodies_before(words: Sequence[Word], at: int, so_far: list[Mention]) -> list[Known]:
    """The bodies that qualify a noun: "U.S. and NATO officials", "Greek defence officials"."""
    bodies: list[Known] = []
    back = at - 1
    while back >= 0:
        word = words[back]
        covering = [one for one in so_far if one.span.start <= word.start < one.span.end]
        if covering and covering[-1].thing.is_a("Body"):
            bodies.insert(0, covering[-1].thing)
            while back >= 0 and words[back].start >= covering[-1].span.start:
                back -= 1
            continue
        if word.plain in ("and", "or", "both", "senior", "military", "defence", "defense", "top"):
            back -= 1
            continue
        break
    return bodies
