"""A sentence cut into the clauses that may each be a claim, each with whose word it is.

Without a grammar: cuts are made at conjunctions, at relative words, at participles behind a comma,
and where what somebody says begins and ends. It is a proposal of places; a person moves the ends.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sanctiongraph.drafting import english
from sanctiongraph.drafting.attribution import Attribution, Manner
from sanctiongraph.drafting.text import Sentence, Span, Word

_ALWAYS: Final = frozenset("because although though while whereas unless which who".split())
_WITH_VERB: Final = frozenset("after before when as since until where if whether".split())
_JOINING: Final = frozenset({"and", "but", "or"})
_LEADING: Final = frozenset({"and", "but", "or", "that", "which", "who", "even"})
#: Manners in which the words that attribute belong to the claim: "Turkey has argued that".
_WHOLE: Final = (Manner.STANCE, Manner.AHEAD)
#: Participles that go on with a thing rather than begin a clause.
_NO_CLAUSE: Final = frozenset(
    "including according regarding concerning following involving based".split()
)
_MARKS: Final = (";", " – ", " — ", ": ")
#: Shorter pieces say nothing of their own, unless they are quoted.
_FEWEST_WORDS: Final = 3
#: As much of a clause has to be somebody's word for the clause to be.
_MOSTLY: Final = 0.6


@dataclass(frozen=True, slots=True)
class Clause:
    """A span that may be a claim, with the attribution that covers it."""

    span: Span
    attribution: Attribution | None = None
    #: It tells where or to whom something was said, which the source states itself.
    occasion: bool = False


def clauses(text: str, sentence: Sentence, said: Sequence[Attribution]) -> list[Clause]:
    """The clauses of a sentence, in their order."""
    offsets = sorted({*_cuts(text, sentence), *_ends(said), sentence.span.start, sentence.span.end})
    found: list[Clause] = []
    for start, end in itertools.pairwise(offsets):
        span = _trimmed(text, sentence, Span(start, end))
        if span is None:
            continue
        attribution = _of(span, said)
        if attribution is None and (around := _attributing(span, said)):
            if _tells_occasion(sentence, span, around):
                found.append(Clause(span, None, occasion=True))
            continue
        if found and not found[-1].occasion and _belongs(sentence, found[-1], span, attribution):
            found[-1] = Clause(Span(found[-1].span.start, span.end), attribution)
        else:
            found.append(Clause(span, attribution))
    return found


def _ends(said: Sequence[Attribution]) -> Iterator[int]:
    for one in said:
        if one.manner not in _WHOLE:
            yield one.said.start
        yield one.said.end
        yield one.whole.start
        yield one.whole.end


def _cuts(text: str, sentence: Sentence) -> Iterator[int]:
    words = sentence.words
    for at, word in enumerate(words[1:], start=1):
        before = text[words[at - 1].end : word.start]
        if any(mark in before for mark in _MARKS):
            yield words[at - 1].end
        elif word.plain in _NO_CLAUSE:
            continue
        elif word.plain in _ALWAYS:
            yield word.start
        elif word.plain == "since" and words[at - 1].plain in english.AUXILIARIES:
            continue  # an adverb
        elif word.plain in _JOINING and "," in before and _participle(words[at + 1 : at + 2]):
            yield word.start
        elif word.plain in _WITH_VERB and _verb_within(words[at + 1 : at + 7], word.plain):
            yield words[at - 1].start if words[at - 1].plain == "even" else word.start
        elif (word.plain in _JOINING and _verb_within(words[at + 1 : at + 3], "and")) or (
            "," in before and _participle_behind_comma(word)
        ):
            yield word.start


def _verb_within(words: Sequence[Word], after: str) -> bool:
    if after == "as":
        return bool(words) and (
            words[0].plain in english.PERSONAL | english.IMPERSONAL or words[0].text[:1].isupper()
        )
    if after == "and":
        return any(_verb(word) for word in words) and words[0].text[:1].islower()
    return any(_verb(word) or word.plain.endswith("ing") for word in words)


def _participle_behind_comma(word: Word) -> bool:
    """Whether a word behind a comma begins a clause; a verb of saying there has its subject before."""
    if not word.text[:1].islower():
        return False
    says = word.plain in english.SAYING or word.plain in english.TAKING_A_STANCE
    return word.plain.endswith("ing") or (word.plain.endswith("ed") and not says)


def _participle(words: Sequence[Word]) -> bool:
    return bool(words) and words[0].plain.endswith("ing")


def _verb(word: Word) -> bool:
    return (
        word.plain in english.AUXILIARIES
        or word.plain in english.IRREGULAR_PASTS
        or (word.plain.endswith("ed") and len(word.plain) > 4)
    ) and word.text[:1].islower()


def _of(span: Span, said: Sequence[Attribution]) -> Attribution | None:
    """The narrowest attribution of which the span is mostly part."""
    size = span.end - span.start
    covering = []
    for one in said:
        around = one.whole if one.manner in _WHOLE else one.said
        if around.shared(span) >= _MOSTLY * size:
            covering.append(one)
    return min(covering, key=lambda one: one.said.end - one.said.start, default=None)


def _attributing(span: Span, said: Sequence[Attribution]) -> Attribution | None:
    """The attribution of whose words "Fidan told Reuters in Doha" a span is."""
    for one in said:
        if one.whole.shared(span) and not one.said.shared(span):
            return one
        # What stands before the speaker in the sentence and behind the verb belongs to it as well.
        if one.whole.end <= span.start and span.start - one.whole.end < 3:
            return one
    return None


def _tells_occasion(sentence: Sentence, span: Span, around: Attribution) -> bool:
    words = {word.plain for word in sentence.within(span)}
    return bool(words & english.OCCASIONS) or (bool(around.via) and bool(words & {"told", "tells"}))


def _belongs(sentence: Sentence, last: Clause, span: Span, attribution: Attribution | None) -> bool:
    """Whether a piece is too little for a claim of its own and goes on with the last."""
    words = sentence.within(span)
    if last.attribution is not attribution or span.start - last.span.end > 4:
        return False
    return len(words) < _FEWEST_WORDS


def _trimmed(text: str, sentence: Sentence, span: Span) -> Span | None:
    """Without marks and joining words at its ends; ``None`` where nothing is left."""
    start, end = span.start, span.end
    while start < end and text[start] in " ,;:.–—\n":
        start += 1
    while start < end and text[end - 1] in " ,;:.–—\n":
        end -= 1
    words = sentence.within(Span(start, end))
    while words and words[0].plain in _LEADING and words[0].text[:1].islower():
        words = words[1:]
        if words:
            start = words[0].start
    if not words:
        return None
    quoted = text[start] in '“"«' or text[max(0, start - 1)] in '“"«'
    return Span(start, end) if len(words) >= 2 or quoted else None
