"""That a thing is meant by a stretch of a text, and how a sentence looks with what it mentions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sanctiongraph.drafting.knowledge import Known
from sanctiongraph.drafting.text import Sentence, Span, Word

#: More words than this between two places, and they are not beside each other.
_FARTHEST: Final = 4


@dataclass(frozen=True, slots=True)
class Mention:
    """That a thing is meant by a span; ``back`` where the words only refer to it."""

    span: Span
    thing: Known
    reason: str
    back: bool = False
    #: Other things that have the same name.
    others: tuple[str, ...] = ()
    #: The thing that was named, where it stands for this one: a capital for its state.
    literal: str = ""

    @property
    def by_adjective(self) -> bool:
        """Whether it is meant by its adjective: Turkey by "Turkish"."""
        return self.reason.startswith("adjective")


@dataclass(frozen=True, slots=True)
class Marked:
    """One sentence of a text with its mentions in their order."""

    text: str
    sentence: Sentence
    mentions: Sequence[Mention]

    @property
    def words(self) -> tuple[Word, ...]:
        """The words of the sentence."""
        return self.sentence.words

    def behind(self, offset: int) -> list[Mention]:
        """The mentions that begin at an offset or later."""
        return [one for one in self.mentions if one.span.start >= offset]

    def before(self, offset: int) -> str:
        """The sentence up to an offset."""
        return self.text[self.sentence.span.start : offset].rstrip()

    def near(self, end: int, start: int) -> bool:
        """Whether at most an article, a title or two lower-case words stand between."""
        between = self.text[end:start]
        return len(between.split()) <= _FARTHEST and not any(mark in between for mark in '.;“”"')

    def set_off(self, start: int) -> bool:
        """Whether a comma or the end of a quotation stands before."""
        return self.before(start).endswith((",", "”", '"', "»"))

    def clause_end(self, begin: int) -> int:
        """The next comma, else the end of the sentence."""
        comma = self.text.find(",", begin, self.sentence.span.end)
        return self.sentence.span.end if comma < 0 else comma

    def trimmed(self, start: int, end: int) -> Span:
        """Without spaces, colons and the closing full stop."""
        while start < end and self.text[start] in " ,:;\n":
            start += 1
        while start < end and self.text[end - 1] in " ,.;:\n":
            end -= 1
        return Span(start, end)

    def inside_name(self, word: Word) -> bool:
        """Whether a word is part of the name of something."""
        return any(
            one.span.start <= word.start < one.span.end and not one.back and one.thing.named
            for one in self.mentions
            if not one.thing.is_a("UnnamedGroup")
        )
