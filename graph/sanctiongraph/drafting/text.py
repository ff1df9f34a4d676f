"""A text as words, sentences and quotations, each with its offsets in code points."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import Final

from sanctiongraph.names.folding import folded

#: Letters with full stops between are one word: ``U.S.``.
_WORD: Final = re.compile(r"\b(?:[^\W\d_]\.){2,}|[^\W_]+")
#: A sentence ends here, unless an abbreviation stands before.
_END: Final = re.compile(r"[.?!…]+[”\"’')\]]*(?=\s+[\"“‘'(\[]?[A-ZÀ-ÞĞİŞ0-9]|\s*$)")
_ABBREVIATED: Final = re.compile(
    r"(?:\b[A-Z]|\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Lt|Col|Capt|Adm|Sen|Rep|Gov|Jr|Sr|St|No|Nos|vs|etc|Inc|Ltd|Corp|Co"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec))\.$"
)
_PAIRS: Final = (("“", "”"), ('"', '"'), ("«", "»"), ("„", "“"))


@dataclass(frozen=True, slots=True)
class Word:
    """A run of letters and digits; ``plain`` is its folded form."""

    start: int
    end: int
    text: str
    plain: str


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the text from ``start`` up to ``end``."""

    start: int
    end: int

    def covers(self, other: Span) -> bool:
        """Whether all of the other is within."""
        return self.start <= other.start and other.end <= self.end

    def shared(self, other: Span) -> int:
        """How many code points both have."""
        return max(0, min(self.end, other.end) - max(self.start, other.start))

    def likeness(self, other: Span) -> float:
        """What both have, as a share of what either has: 1 for the same span, 0 for none in common."""
        both = self.shared(other)
        either = (self.end - self.start) + (other.end - other.start) - both
        return both / either if either else 0.0


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a paragraph, with its words and with what it quotes."""

    paragraph: int
    span: Span
    words: tuple[Word, ...]
    quotes: tuple[Span, ...]

    def within(self, span: Span) -> tuple[Word, ...]:
        """The words that lie in a span."""
        first = bisect_left(self.words, span.start, key=lambda word: word.start)
        last = bisect_left(self.words, span.end, key=lambda word: word.start)
        return self.words[first:last]

    def quoted(self, offset: int) -> Span | None:
        """The quotation in which an offset lies."""
        return next((one for one in self.quotes if one.start <= offset < one.end), None)


def words(text: str, start: int = 0, end: int | None = None) -> tuple[Word, ...]:
    """The words of a stretch of text."""
    found = _WORD.finditer(text, start, len(text) if end is None else end)
    return tuple(
        Word(one.start(), one.end(), one.group(), folded(one.group()).replace(" ", ""))
        for one in found
    )


def sentences(text: str) -> list[Sentence]:
    """The sentences of a text whose paragraphs are its lines.

    >>> [s.paragraph for s in sentences("The U.S. agreed. Nobody paid.\\nLater they did.")]
    [1, 1, 2]
    """
    found = []
    offset = 0
    for number, line in enumerate(text.split("\n"), start=1):
        begin = 0
        for end in _ends(line):
            while begin < end and line[begin].isspace():
                begin += 1
            if begin < end:
                span = Span(offset + begin, offset + end)
                quotes = _quotes(text, span)
                found.append(Sentence(number, span, words(text, span.start, span.end), quotes))
            begin = end
        offset += len(line) + 1
    return found


def _ends(line: str) -> list[int]:
    """Where the sentences of a line end; a full stop within a quotation that goes on ends none."""
    ends = []
    for match in _END.finditer(line):
        rest = line[match.end() :].strip()
        abbreviated = _ABBREVIATED.search(line[: match.start() + 1]) and match.group() == "."
        if rest and abbreviated:
            continue
        ends.append(match.end())
    stripped = len(line.rstrip())
    if stripped and (not ends or ends[-1] < stripped):
        ends.append(stripped)
    return ends


def _quotes(text: str, span: Span) -> tuple[Span, ...]:
    found = []
    for opening, closing in _PAIRS:
        at = text.find(opening, span.start, span.end)
        while at >= 0:
            end = text.find(closing, at + 1, span.end)
            stop = span.end if end < 0 else end + 1  # a quotation may go on in the next sentence
            found.append(Span(at, stop))
            at = text.find(opening, stop, span.end)
    return tuple(sorted(found, key=lambda one: one.start))
