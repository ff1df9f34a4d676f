"""Names that the graph does not know: what they may be called in it, and of which kind they are.

A guess, with what it rests on. Whoever reviews the draft decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sanctiongraph.drafting import english
from sanctiongraph.drafting.knowledge import Knowledge, Known
from sanctiongraph.drafting.text import Sentence, Span, Word
from sanctiongraph.names.comparison import alikeness
from sanctiongraph.names.folding import folded
from sanctiongraph.vocabulary import PREFIXES

#: A name as like as this to one of the graph's may be another writing of it.
_LIKE: Final = 0.86
_JOINING: Final = frozenset("of the for and al de la van von bin".split())


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A thing proposed for the graph; ``like`` are things of the graph with a similar name."""

    thing: Known
    kind: str
    span: Span
    reason: str
    like: tuple[str, ...] = ()

    @classmethod
    def of(cls, name: str, kind: str, span: Span, reason: str, known: Knowledge) -> Newcomer:
        """A new thing of this name."""
        iri = PREFIXES["id"] + "".join(
            part[:1].upper() + part[1:] for part in folded(name).split() if part != "the"
        )
        kinds = known.above.get(PREFIXES["sg"] + kind, frozenset({PREFIXES["sg"] + kind}))
        thing = Known(iri, name, (name,), kinds)
        like = () if kind == "UnnamedGroup" else tuple(_like(name, known))
        return cls(thing, kind, span, reason, like)


def _like(name: str, known: Knowledge) -> Iterator[str]:
    for thing in known.things.values():
        if thing.named and any(alikeness(name, one) >= _LIKE for one in thing.names):
            yield thing.iri


def runs_of_capitals(
    sentence: Sentence, words: Sequence[Word], text: str
) -> Iterator[tuple[Word, ...]]:
    """The runs of capitalised words among the words that named nothing known."""
    run: list[Word] = []
    for at, word in enumerate(words):
        apart = bool(run) and not _adjoining(run[-1], word, text)
        if apart:
            yield from _kept(run)
            run = []
        if (word.text[:1].isupper() and not _ordinary(sentence, word, text)) or (
            run and word.plain in _JOINING and _goes_on(words, at, text)
        ):
            run.append(word)
        else:
            yield from _kept(run)
            run = []
    yield from _kept(run)


def newcomer(
    text: str, sentence: Sentence, run: Sequence[Word], known: Knowledge
) -> tuple[str, str]:
    """The class that a new name seems to be of, and why."""
    for word in (run[-1], *run[:-1]):
        if kind := english.KIND_WORDS.get(word.plain):
            return kind, f'"{word.text}" in its name'
    if state := _beside_a_state(text, text[run[0].start : run[-1].end], known):
        return "State", f"named beside {state}"
    words = sentence.words
    first, last = words.index(run[0]), words.index(run[-1])
    before = words[first - 1].plain if first else ""
    after = words[last + 1].plain if last + 1 < len(words) else ""
    apposed = (
        text[run[0].start - 2 : run[0].start] == ", "
        and text[run[-1].end : run[-1].end + 1] in ",."
    )
    if before in english.TITLES or (apposed and len(run) in (2, 3)):
        return (
            "Person",
            "a title stands before it" if before in english.TITLES else "set between commas",
        )
    speaks = after in english.SAYING or after in english.TAKING_A_STANCE
    if len(run) in (2, 3) and before not in english.LOCATIVES:
        return "Person", "a name of two or three words" + (" that speaks" if speaks else "")
    if before in english.LOCATIVES or before == "of":
        return "Location", f'"{before}" before it'
    return (
        ("NewsOrganisation", "it reports")
        if after in ("reported", "quoted")
        else (
            "Body",
            "a single name; it may be a state or another body",
        )
    )


def _beside_a_state(text: str, name: str, known: Knowledge) -> str:
    """A state that the text joins with the name: "Pakistan and China"."""
    for thing in known.things.values():
        if thing.is_a("State"):
            for other in thing.names:
                if any(
                    f"{one} {joint} {two}" in text
                    for joint in ("and", "or")
                    for one, two in ((name, other), (other, name))
                ):
                    return thing.label
    return ""


def _kept(run: list[Word]) -> Iterator[tuple[Word, ...]]:
    while run and run[-1].plain in _JOINING:
        run = run[:-1]
    if run and not (len(run) == 1 and len(run[0].text) == 1):
        yield tuple(run)


def _adjoining(left: Word, right: Word, text: str) -> bool:
    return text[left.end : right.start] in (" ", "-", ". ", ".") and not (
        text[left.end : right.start].startswith(".") and len(left.text) > 2
    )


def _goes_on(words: Sequence[Word], at: int, text: str) -> bool:
    """Whether a capitalised word follows the joining words: "Service for Military"."""
    ahead = at
    while ahead < len(words) and words[ahead].plain in _JOINING:
        if ahead > at and not _adjoining(words[ahead - 1], words[ahead], text):
            return False
        ahead += 1
    if ahead >= len(words) or not words[ahead].text[:1].isupper():
        return False
    if words[at].plain == "and":  # joins two names, unless the name goes on within "for ... and"
        earlier = [one.plain for one in words[max(0, at - 4) : at]]
        return "for" in earlier or "of" in earlier
    return True


def _ordinary(sentence: Sentence, word: Word, text: str) -> bool:
    """Whether a capital says nothing: the first word of a sentence or quotation, a month."""
    if word.plain in english.MONTHS or word.plain in english.WEEKDAYS or word.plain == "i":
        return True
    if word.plain in english.TITLES or word.plain in english.WIDE:
        return True
    following = sentence.words[sentence.words.index(word) + 1 :][:2]
    if word.plain in english.BEFORE_TITLES and any(
        one.plain in english.TITLES for one in following
    ):
        return True
    first = word is sentence.words[0] or any(
        one.start < word.start <= one.start + 2 for one in sentence.quotes
    )
    if not first:
        return word.plain in english.FUNCTION_WORDS and word.plain != "may"
    if word.plain in english.FUNCTION_WORDS or word.plain.endswith(("ing", "ed", "ly")):
        return True
    after = following[0] if following else None
    acts = after is not None and (
        after.text[:1].isupper()
        or after.plain in english.AUXILIARIES
        or after.plain in english.SAYING
        or after.plain in english.TAKING_A_STANCE
        or after.plain.endswith("ed")
    )
    within = re.search(rf"[\w,] {re.escape(word.text)}\b", text)
    return not acts and within is None
