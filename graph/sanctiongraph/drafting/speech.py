"""Who says what in a sentence: verbs of saying and of stance, "according to", and things said.

An attribution gives the span that is said, the speakers, who passed it on, and why. What no
attribution covers the source says itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sanctiongraph.drafting import english
from sanctiongraph.drafting.attribution import Attribution, Manner, listed, passed_on
from sanctiongraph.drafting.knowledge import Known
from sanctiongraph.drafting.mention import Marked, Mention
from sanctiongraph.drafting.speakers import together
from sanctiongraph.drafting.text import Sentence
from sanctiongraph.drafting.verbs import by_verbs


@dataclass(slots=True)
class Attributions:
    """Finds the attributions of one text, sentence by sentence in their order."""

    text: str
    _last: tuple[Known, ...] = field(default=())
    _quoting: bool = False

    def read(self, sentence: Sentence, mentions: Sequence[Mention]) -> list[Attribution]:
        """The attributions of the next sentence."""
        marked = Marked(self.text, sentence, mentions)
        found = passed_on([*by_verbs(marked), *_according(marked), *_by_nouns(marked)])
        if not found and self._quoting and self._last:
            reason = "the quotation of the sentence before goes on"
            found = [Attribution(sentence.span, sentence.span, self._last, Manner.SAYING, reason)]
        if found:
            self._last = found[-1].speakers
        last = sentence.quotes[-1] if sentence.quotes else None
        opened = last is not None and self.text[last.end - 1] not in '”"»'
        closed = any(mark in self.text[sentence.span.start : sentence.span.end] for mark in "”»")
        self._quoting = opened or (self._quoting and not closed)
        return found


def _according(marked: Marked) -> Iterator[Attribution]:
    """Attributions by "according to"."""
    words, sentence = marked.words, marked.sentence.span
    for at in range(len(words) - 2):
        if (words[at].plain, words[at + 1].plain) != ("according", "to"):
            continue
        to = [
            one
            for one in marked.behind(words[at + 1].end)
            if one.thing.is_a("Agent") and marked.near(words[at + 1].end, one.span.start)
        ]
        if not to:
            continue
        first = [one for one in to if one.span.start == to[0].span.start]
        speakers = together(marked, first, to)
        end = max(one.span.end for one in to if one.thing in speakers)
        if at == 0:
            comma = marked.text.find(",", end, sentence.end)
            said = marked.trimmed(comma + 1 if comma >= 0 else end, sentence.end)
        else:
            said = marked.trimmed(sentence.start, words[at].start)
        reason = f'"according to" {listed(speakers)}'
        if said.start < said.end:
            yield Attribution(said, sentence, speakers, Manner.SAYING, reason)


def _by_nouns(marked: Marked) -> Iterator[Attribution]:
    """Attributions by a noun: "signals from Washington that", "reports of"."""
    words = marked.words
    for at, word in enumerate(words[:-1]):
        if word.plain not in english.THINGS_SAID or marked.inside_name(word):
            continue
        speakers, then = _whose_noun(marked, at)
        if speakers and then < len(words) and words[then].plain in ("that", "of", "about"):
            span = marked.trimmed(word.start, marked.clause_end(words[then].end))
            reason = f'"{word.text}" of {listed(speakers)}'
            yield Attribution(span, span, speakers, Manner.NOUN, reason)


def _whose_noun(marked: Marked, at: int) -> tuple[tuple[Known, ...], int]:
    """Whose the thing said at a word is, and at which word it goes on with what is said."""
    words, word = marked.words, marked.words[at]
    following = words[at + 1]
    if following.plain in ("from", "by"):
        agents = [one for one in marked.behind(following.end) if one.thing.is_a("Agent")][:1]
        if agents and marked.near(following.end, agents[0].span.start):
            end = agents[0].span.end
            then = next((n for n, one in enumerate(words) if one.start >= end), len(words))
            return (agents[0].thing,), then
    elif following.plain in ("of", "that"):
        owner = [one for one in marked.mentions if one.span.end <= word.start][-1:]
        if owner and marked.text[owner[0].span.end : word.start].strip() in ("’s", "'s", "’"):
            return (owner[0].thing,), at + 1
        here = [one.thing for one in marked.mentions if one.span.start == word.start]
        return tuple(one for one in here if one.is_a("UnnamedGroup")), at + 1
    return (), at + 1
