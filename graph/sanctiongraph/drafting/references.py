"""What words that name nothing refer to: "he", "it", "the system", "both sides"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from sanctiongraph.drafting import english
from sanctiongraph.drafting.gazetteer import by_iri
from sanctiongraph.drafting.groups import Groups
from sanctiongraph.drafting.knowledge import Knowledge, Known
from sanctiongraph.drafting.mention import Mention
from sanctiongraph.drafting.text import Span, Word

_REFERRING: Final = (
    english.SIDES
    | english.GROUP_NOUNS
    | {"report", "reports"}
    | english.PERSONAL
    | english.IMPERSONAL
    | set(english.HEADS)
)


def refers(words: Sequence[Word], at: int) -> bool:
    """Whether a word may refer back: one that is written in small letters or begins its sentence."""
    return words[at].plain in _REFERRING and (at == 0 or not words[at].text[:1].isupper())


@dataclass(slots=True)
class References:
    """What one text named so far, for the words that refer back to it."""

    known: Knowledge
    groups: Groups
    #: What was named, the last at the end, and how much of it before the sentence that is read.
    _named: list[Known] = field(default_factory=list)
    _begun: int = 0
    _spoke: Known | None = None
    _subject: Known | None = None

    def begin(self) -> None:
        """Notes that a sentence begins."""
        self._begun = len(self._named)

    def note(self, things: Iterable[Known]) -> None:
        """Notes what was named."""
        self._named += things

    def end(self, words: Sequence[Word], found: Sequence[Mention]) -> None:
        """Notes what the sentence was about that ends, by all that it mentions."""
        self._subject = next((one.thing for one in found if _is_subject(words, one)), None)

    def spoke(self, speakers: Sequence[Known]) -> None:
        """Notes who spoke last."""
        persons = [one for one in speakers if one.is_a("Person")]
        if persons:
            self._spoke = persons[-1]

    def meant(self, words: Sequence[Word], at: int, so_far: list[Mention]) -> list[Mention]:
        """The mentions by a word that names nothing itself."""
        word = words[at]
        before = words[at - 1].plain if at else ""
        if word.plain in english.SIDES and before in english.TWO:
            reason = f'the two last named, by "{before} {word.text}"'
            span = Span(words[at - 1].start, word.end)
            return [Mention(span, one, reason, back=True) for one in self._last_states()]
        if word.plain in ("report", "reports") and at + 1 < len(words):
            return self.groups.only(word) if words[at + 1].plain in ("of", "that") else []
        if word.plain in english.GROUP_NOUNS:
            return self.groups.meant(words, at, so_far, self._last_states())
        if word.plain in english.PERSONAL:
            return self._person(word)
        if word.plain in english.IMPERSONAL:
            return self._body(words, at, so_far)
        kinds = english.HEADS.get(word.plain)
        if kinds is None or not _determined(words, at) or _just_named(words, at, so_far, kinds):
            return []
        return self._body(words, at, so_far) if kinds == ("State",) else self._last(word, kinds)

    def _person(self, word: Word) -> list[Mention]:
        """Whom "he" or "she" means: a person named in the sentence, else the last who spoke."""
        here = any(one.is_a("Person") for one in self._named[self._begun :])
        if not here and self._spoke is not None:
            reason = f'the last who spoke, by "{word.text}"'
            return [Mention(Span(word.start, word.end), self._spoke, reason, back=True)]
        return self._last(word, ("Person",))

    def _body(self, words: Sequence[Word], at: int, so_far: list[Mention]) -> list[Mention]:
        """What "it" means: the body that is the subject of the sentence, else of the one before."""
        word = words[at]
        subject = next((one for one in so_far if _is_subject(words, one)), None)
        thing = subject.thing if subject else self._subject if at == 0 else None
        if thing is None:
            return self._last(word, ("Body",))
        reason = f'the subject before, by "{word.text}"'
        return [Mention(Span(word.start, word.end), thing, reason, back=True)]

    def _last(self, word: Word, kinds: tuple[str, ...]) -> list[Mention]:
        for thing in reversed(self._named):
            if thing.is_a(*kinds):
                reason = f'the last {kinds[0]} named, by "{word.text}"'
                return [Mention(Span(word.start, word.end), thing, reason, back=True)]
        return []

    def _last_states(self) -> list[Known]:
        states = dict.fromkeys(one.iri for one in reversed(self._named) if one.is_a("State"))
        return by_iri(self.known.things, list(states)[:2])


def _is_subject(words: Sequence[Word], mention: Mention) -> bool:
    """Whether a body seems to be what a sentence is about: nothing governs it, and a verb follows."""
    if not mention.thing.is_a("Body") or mention.back or mention.by_adjective:
        return False
    first = next(n for n, word in enumerate(words) if word.start >= mention.span.start)
    last = next((n for n, word in enumerate(words) if word.start >= mention.span.end), len(words))
    back = first - 1
    while back >= 0 and words[back].plain in ("the", "a", "an"):
        back -= 1
    governed = back >= 0 and words[back].plain in english.PREPOSITIONS
    following = words[last].plain if last < len(words) else ""
    verb = following in english.BETWEEN or following in english.AUXILIARIES
    verb = verb or following in english.PREPOSITIONS or following.endswith(("ed", "ly"))
    return not governed and (verb or following in english.SAYING or following == "too")


def _determined(words: Sequence[Word], at: int) -> bool:
    """Whether a determiner goes with a word: "the system", but not "the cost of system"."""
    near = [one.plain for one in words[max(0, at - 4) : at]]
    last = max((n for n, one in enumerate(near) if one in english.DETERMINERS), default=None)
    return last is not None and not any(one in english.PREPOSITIONS for one in near[last:])


def _just_named(
    words: Sequence[Word], at: int, so_far: Sequence[Mention], kinds: tuple[str, ...]
) -> bool:
    """Whether such a thing was named just before: "the S-400 system"."""
    return (
        bool(so_far)
        and so_far[-1].span.end >= words[max(0, at - 2)].start
        and so_far[-1].thing.is_a(*kinds)
    )
