"""What a verb of saying or of stance attributes to whom: "said", "called", ``“...,” said Fidan``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sanctiongraph.drafting import english
from sanctiongraph.drafting.attribution import Attribution, Manner, listed
from sanctiongraph.drafting.knowledge import Known
from sanctiongraph.drafting.mention import Marked
from sanctiongraph.drafting.said import addressed, fits, said
from sanctiongraph.drafting.speakers import inverted, main_subject, quoted_agents, subject
from sanctiongraph.drafting.text import Span, Word

_Speakers = tuple[Known, ...]


def by_verbs(marked: Marked) -> list[Attribution]:
    """The attributions of a sentence that its verbs make."""
    return list(_Verbs(marked).attributions())


@dataclass(frozen=True, slots=True)
class _Spoken:
    """Who puts something forward by a verb, via whom, and where the two of them begin and end."""

    speakers: _Speakers
    via: _Speakers
    start: int
    end: int


@dataclass(slots=True)
class _Verbs:
    """The verbs of one sentence in their order: a later one may go on with an earlier one's subject."""

    marked: Marked
    #: The subject of the last verb.
    _last: _Speakers = ()
    #: Who passed on the last that was said in the sentence, and who said that.
    _heard: _Speakers = ()
    _heard_from: _Speakers = ()
    #: Whom the sentence quotes, and who quotes them.
    _quoted: tuple[_Speakers, _Speakers] | None = field(default=None)

    def attributions(self) -> Iterator[Attribution]:
        for at, word in enumerate(self.marked.words):
            base = english.PUTTING_FORWARD.get(word.plain)
            if base is None or self.marked.inside_name(word) or not word.text[:1].islower():
                continue
            spoken = self._spoken(at, word)
            if not spoken.speakers:
                continue
            if base in ("quote", "cite") and (to := quoted_agents(self.marked, at)):
                self._quoted = (to, spoken.speakers)
                self._last = spoken.speakers
            elif fits(self.marked, at, base, spoken.start):
                self._last = spoken.speakers
                yield from self._attribution(at, base, spoken)

    def _attribution(self, at: int, base: str, spoken: _Spoken) -> Iterator[Attribution]:
        word = self.marked.words[at]
        reporters, after = addressed(self.marked, at, base)
        span = said(self.marked, at, spoken.start, max(after, spoken.end))
        if span is None:
            return
        whole = Span(min(spoken.start, span.start), max(span.end, word.end))
        if span.end <= word.start:  # the speaker stands behind: up to the end of that clause
            whole = Span(span.start, self.marked.clause_end(word.end))
        via = spoken.via or reporters
        self._heard, self._heard_from = via, spoken.speakers
        reason = f'"{word.text}" of {listed(spoken.speakers)}'
        yield Attribution(span, whole, spoken.speakers, _manner(base), reason, via)

    def _spoken(self, at: int, word: Word) -> _Spoken:
        """Whose word a verb makes something; without speakers where that is nobody's."""
        if word.plain.endswith("ing"):
            return self._by_participle(at, word)
        speakers, start = subject(self.marked, at)
        if speakers:
            return _Spoken(speakers, (), start, word.end)
        joined = at > 0 and self.marked.words[at - 1].plain in ("and", "but")
        if joined and self._last:
            return self._going_on(self._last, word)
        speakers, end = inverted(self.marked, at)
        return _Spoken(speakers, (), word.start, end)

    def _by_participle(self, at: int, word: Word) -> _Spoken:
        if self._quoted is not None:
            return _Spoken(*self._quoted, word.start, word.end)
        return self._going_on(self._last or main_subject(self.marked, at), word)

    def _going_on(self, speakers: _Speakers, word: Word) -> _Spoken:
        """The same speakers as before, and heard from the same."""
        via = self._heard if speakers == self._heard_from else ()
        return _Spoken(speakers, via, word.start, word.end)


def _manner(base: str) -> Manner:
    if base in english.TAKING_A_STANCE.values():
        return Manner.STANCE
    return Manner.AHEAD if base in english.LOOKING_AHEAD.values() else Manner.SAYING
