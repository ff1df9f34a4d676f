"""Who says what in a sentence: verbs of saying and of stance, "according to", and things said.

An attribution gives the span that is said, the speakers, who passed it on, and why. What no
attribution covers the source says itself.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Final

from sanctiongraph.drafting import english
from sanctiongraph.drafting.knowledge import Known
from sanctiongraph.drafting.mentions import Mention
from sanctiongraph.drafting.text import Sentence, Span, Word

_ALL: Final = {**english.SAYING, **english.TAKING_A_STANCE, **english.LOOKING_AHEAD}
#: Verbs that as often go with a thing as with something said: "added a clause", "added that".
_WITH_CLAUSE: Final = frozenset(
    "add note state observe recall conclude cite signal indicate point maintain answer post mention "
    "comment feel describe claim report confirm announce reveal disclose object estimate promise "
    "pledge brief quote inform assure hint suggest remark speak support dispute doubt label "
    "defend praise welcome view see regard call".split()
)
#: Of those, verbs that take a thing and what is said of it: "called the measures unfair".
_WITH_THING: Final = frozenset({"call", "label", "describe", "see", "view", "regard"})
_ARTICLES: Final = frozenset("the a an his her its their both".split())
_OPENING: Final = '“"«„'


class Manner(Enum):
    """In which manner something is said."""

    SAYING = "saying"
    STANCE = "stance"
    AHEAD = "ahead"
    NOUN = "noun"


@dataclass(frozen=True, slots=True)
class Attribution:
    """That a span is somebody's word; ``whole`` is the span with the words that attribute it."""

    said: Span
    whole: Span
    speakers: tuple[Known, ...]
    manner: Manner
    reason: str
    via: tuple[Known, ...] = ()


@dataclass(slots=True)
class Attributions:
    """Finds the attributions of one text, sentence by sentence in their order."""

    text: str
    _last: tuple[Known, ...] = field(default=())
    _quoting: bool = False

    def read(self, sentence: Sentence, mentions: Sequence[Mention]) -> list[Attribution]:
        """The attributions of the next sentence."""
        reading = _Reading(self.text, sentence, mentions)
        found = [*reading.verbs(), *reading.according(), *reading.nouns()]
        found = _passed_on(found)
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


@dataclass(slots=True)
class _Reading:
    text: str
    sentence: Sentence
    mentions: Sequence[Mention]
    _subjects: list[tuple[int, tuple[Known, ...]]] = field(default_factory=list)
    #: Who passed on the last that was said in the sentence, and who said that.
    _heard: tuple[Known, ...] = ()
    _heard_from: tuple[Known, ...] = ()

    def verbs(self) -> Iterator[Attribution]:
        """Attributions by a verb."""
        words = self.sentence.words
        quoted: tuple[tuple[Known, ...], tuple[Known, ...]] | None = None
        for at, word in enumerate(words):
            base = _ALL.get(word.plain)
            if base is None or self._inside_name(word) or not word.text[:1].islower():
                continue
            participle = word.plain.endswith("ing")
            start, behind = word.start, word.end
            via: tuple[Known, ...] = ()
            if participle:
                if quoted is not None:
                    speakers, via = quoted
                else:
                    speakers, start = self._main_subject(at)
                    via = self._heard if speakers == self._heard_from else ()
            else:
                speakers, start = self._subject(at)
                if not speakers and at and words[at - 1].plain in ("and", "but") and self._subjects:
                    speakers, start = self._subjects[-1][1], word.start
                    via = self._heard if speakers == self._heard_from else ()
                if not speakers:
                    speakers, behind = self._inverted(at)
                    start = word.start
            if not speakers:
                continue
            if base in ("quote", "cite") and (to := self._quoted_agents(at)):
                quoted = (to, speakers)
                self._subjects.append((at, speakers))
                continue
            if not self._fits(at, base, start):
                continue
            self._subjects.append((at, speakers))
            object_, after = self._addressed(at, base)
            said = self._said(at, start, max(after, behind))
            if said is None:
                continue
            manner = _manner(base)
            reason = f'"{word.text}" of {_named(speakers)}'
            whole = Span(min(start, said.start), max(said.end, word.end))
            if said.end <= word.start:  # the speaker stands behind: up to the end of that clause
                whole = Span(said.start, self._clause_end(word.end))
            self._heard, self._heard_from = via or object_, speakers
            yield Attribution(said, whole, speakers, manner, reason, via or object_)

    def according(self) -> Iterator[Attribution]:
        """Attributions by "according to"."""
        words = self.sentence.words
        for at in range(len(words) - 2):
            if (words[at].plain, words[at + 1].plain) != ("according", "to"):
                continue
            to = [
                one
                for one in self.mentions
                if words[at + 1].end <= one.span.start
                and one.thing.is_a("Agent")
                and self._near(words[at + 1].end, one.span.start)
            ]
            if not to:
                continue
            first = [one for one in to if one.span.start == to[0].span.start]
            speakers = self._together(first, to)
            end = max(one.span.end for one in to if one.thing in speakers)
            if at == 0:
                comma = self.text.find(",", end, self.sentence.span.end)
                said = self._trimmed(comma + 1 if comma >= 0 else end, self.sentence.span.end)
            else:
                said = self._trimmed(self.sentence.span.start, words[at].start)
            reason = f'"according to" {_named(speakers)}'
            if said.start < said.end:
                yield Attribution(said, self.sentence.span, speakers, Manner.SAYING, reason)

    def nouns(self) -> Iterator[Attribution]:
        """Attributions by a noun: "signals from Washington that", "reports of"."""
        words = self.sentence.words
        for at, word in enumerate(words[:-1]):
            if word.plain not in english.THINGS_SAID or self._inside_name(word):
                continue
            following = words[at + 1].plain
            speakers: tuple[Known, ...] = ()
            then = at + 1
            if following in ("from", "by"):
                behind = [one for one in self.mentions if one.span.start >= words[at + 1].end]
                near = [one for one in behind if one.thing.is_a("Agent")][:1]
                if near and self._near(words[at + 1].end, near[0].span.start):
                    speakers = (near[0].thing,)
                    then = next(
                        (n for n, one in enumerate(words) if one.start >= near[0].span.end),
                        len(words),
                    )
            elif following in ("of", "that"):
                owner = [one for one in self.mentions if one.span.end <= word.start][-1:]
                if owner and self.text[owner[0].span.end : word.start].strip() in ("’s", "'s", "’"):
                    speakers = (owner[0].thing,)
                speakers = speakers or tuple(
                    one.thing
                    for one in self.mentions
                    if one.span.start == word.start and one.thing.is_a("UnnamedGroup")
                )
            if speakers and then < len(words) and words[then].plain in ("that", "of", "about"):
                end = self._clause_end(words[then].end)
                span = self._trimmed(word.start, end)
                reason = f'"{word.text}" of {_named(speakers)}'
                yield Attribution(span, span, speakers, Manner.NOUN, reason)

    # ---- whose word it is ----

    def _subject(self, at: int) -> tuple[tuple[Known, ...], int]:
        """The agents that are the subject of the verb at a word, and where they begin."""
        words = self.sentence.words
        back = at - 1
        jumps = 0
        while back >= 0 and jumps < 8:
            word = words[back]
            if _skipped(word) or (word.plain == "s" and self.text[word.start - 1] in "’'"):
                back -= 1
                continue
            here = [one for one in self.mentions if one.span.start <= word.start < one.span.end]
            agents = [one for one in here if one.thing.is_a("Agent")]
            first = next(
                (
                    n
                    for n, one in enumerate(words)
                    if one.start >= min((m.span.start for m in here), default=word.start)
                ),
                back,
            )
            governed = first > 0 and self._preposition_before(first)
            if agents and not governed:
                return self._together(agents, self.mentions), self._begin(agents[0])
            if here or governed or self._preposition_before(back):
                step = first if here else back
                back = self._before_phrase(step)
                jumps += 1
                continue
            return (), at
        return (), at

    def _begin(self, agent: Mention) -> int:
        """Where the phrase begins that names an agent, with its office or its fellow before it."""
        start = agent.span.start
        for one in reversed(self.mentions):
            between = self.text[one.span.end : start]
            adjoining = between.strip(" ,") in ("", "and", "the", "and the")
            joined = one.thing.is_a("Office") or "and" in between
            if one.span.end <= start and adjoining and joined:
                start = one.span.start
        before = [word for word in self.sentence.words if word.end <= start]
        for word in reversed(before):
            titled = word.plain in english.TITLES | english.BEFORE_TITLES | english.BEFORE_SPEAKERS
            if not titled or self.text[word.end : start].strip():
                break
            start = word.start
        return start

    def _preposition_before(self, first: int) -> bool:
        """Whether a preposition governs the noun phrase that begins at a word."""
        return self._governing(first) is not None

    def _governing(self, first: int) -> int | None:
        """The preposition, by its number, that governs the noun phrase that begins at a word."""
        words = self.sentence.words
        back = first - 1
        while back >= 0 and words[back].plain in _ARTICLES:
            back -= 1
        if back < 0 or words[back].plain not in english.PREPOSITIONS:
            return None
        between = self.text[words[back].end : words[back + 1].start]
        return None if "," in between else back

    def _before_phrase(self, first: int) -> int:
        """The word before the preposition, with its article, that governs a phrase."""
        governing = self._governing(first)
        return first - 1 if governing is None else governing - 1

    def _main_subject(self, at: int) -> tuple[tuple[Known, ...], int]:
        """Whose act a participle goes on with: the last who spoke, else the sentence's subject."""
        words = self.sentence.words
        if self._subjects:
            return self._subjects[-1][1], words[at].start
        for one in self.mentions:
            if one.span.start >= words[at].start:
                break
            first = next(n for n, word in enumerate(words) if word.start >= one.span.start)
            follows = self.text[one.span.end : one.span.end + 2]
            owner = follows in ("’s", "'s") or one.reason.startswith("adjective")
            if one.thing.is_a("Agent") and not owner and not self._preposition_before(first):
                same = [m for m in self.mentions if m.span == one.span and m.thing.is_a("Agent")]
                return self._together(same, self.mentions), words[at].start
        return (), words[at].start

    def _inverted(self, at: int) -> tuple[tuple[Known, ...], int]:
        """The subject that stands behind its verb, and where it ends: ``“...,” said Fidan``."""
        words = self.sentence.words
        before = self.text[self.sentence.span.start : words[at].start].rstrip()
        if not before.endswith((",", "”", '"', "»")):
            return (), words[at].end
        behind = [one for one in self.mentions if one.span.start >= words[at].end]
        agents = [one for one in behind if one.thing.is_a("Agent")][:1]
        if agents and self._near(words[at].end, agents[0].span.start):
            return self._together(agents, behind), agents[0].span.end
        return (), words[at].end

    def _quoted_agents(self, at: int) -> tuple[Known, ...]:
        """Whom somebody quotes: the last agent before "saying", "stating" or the quotation."""
        words = self.sentence.words
        for later in range(at + 1, len(words)):
            if words[later].plain in _ALL and words[later].plain.endswith("ing"):
                agents = [
                    one
                    for one in self.mentions
                    if words[at].end <= one.span.start < words[later].start
                    and one.thing.is_a("Person", "UnnamedGroup", "Body")
                ]
                persons = [one for one in agents if one.thing.is_a("Person", "UnnamedGroup")]
                chosen = (persons or agents)[:1]
                return tuple(one.thing for one in chosen)
        return ()

    def _together(self, found: Sequence[Mention], among: Sequence[Mention]) -> tuple[Known, ...]:
        """The agents of these mentions with those joined to them by "and"."""
        same = [one for one in among if one.span == found[0].span and one.thing.is_a("Agent")]
        first = same or list(found)
        things = [one.thing for one in first]
        for one in reversed(among):
            between = self.text[one.span.end : first[0].span.start]
            if one.thing.is_a("Agent") and between.strip() in ("and", "and the"):
                things.insert(0, one.thing)
        return tuple(dict.fromkeys(things))

    # ---- what is said ----

    def _fits(self, at: int, base: str, start: int) -> bool:
        """Whether the verb goes with something said, for verbs that need not."""
        words = self.sentence.words
        ahead = [one.plain for one in words[at + 1 : at + 9]]
        if base in english.WITH_FEELING:
            return any(one in english.FEELINGS for one in ahead[:5])
        if base in english.WITH_AS:
            return "as" in ahead
        if base == "call":
            return bool(ahead) and not (ahead[0] in ("on", "for") and base == "label")
        if base not in _WITH_CLAUSE or base in _WITH_THING:
            return True
        behind = self.text[words[at].end : words[at].end + 3].strip(" ,:")
        if behind[:1] in tuple(_OPENING) and behind:
            return True
        if self._set_off(start) and (not ahead or self._ends_here(at)):
            return True
        return "that" in ahead[:6] or self._clause_follows(at)

    def _clause_follows(self, at: int) -> bool:
        """Whether a subject with a verb follows at once: "added it would"."""
        words = self.sentence.words
        ahead = words[at + 1 : at + 4]
        return any(one.plain in english.AUXILIARIES for one in ahead[1:3]) and (
            bool(ahead)
            and (
                ahead[0].plain in ("it", "he", "she", "they", "the") or ahead[0].text[:1].isupper()
            )
        )

    def _addressed(self, at: int, base: str) -> tuple[tuple[Known, ...], int]:
        """Who was told, if that is a reporter, and where what was said can begin."""
        words = self.sentence.words
        if base not in ("tell", "inform", "brief", "assure"):
            return (), words[at].end
        behind = [one for one in self.mentions if one.span.start >= words[at].end]
        near = [one for one in behind if self._near(words[at].end, one.span.start)][:1]
        if not near:
            return (), words[min(at + 1, len(words) - 1)].end
        reporters = tuple(one.thing for one in near if one.thing.is_a("NewsOrganisation"))
        return reporters, near[0].span.end

    def _said(self, at: int, start: int, after: int) -> Span | None:
        """The span of what is said: after the verb, or before the speaker where nothing follows."""
        words = self.sentence.words
        if self._set_off(start) and self._ends_here(at, after):
            before = self.text[self.sentence.span.start : start].rstrip()
            first = self.sentence.span.start
            return self._trimmed(first, self.sentence.span.start + len(before))
        begin = after
        for word in words[at + 1 : at + 16]:
            if word.start < after:
                continue
            if word.plain in _ALL and word.plain not in ("report", "reports"):
                break
            if word.plain == "that":
                begin = word.end
                break
        end = self._end_of_said(begin)
        if _ALL[words[at].plain] in _WITH_THING:
            end = self._same_subject(begin, end)
        found = self._trimmed(begin, end)
        return found if found.start < found.end else None

    def _set_off(self, start: int) -> bool:
        """Whether a comma or the end of a quotation stands before."""
        before = self.text[self.sentence.span.start : start].rstrip()
        return before.endswith((",", "”", '"', "»"))

    def _ends_here(self, at: int, after: int | None = None) -> bool:
        """Whether nothing that could be said follows: the end, a comma, or where and when only."""
        words = self.sentence.words
        offset = words[at].end if after is None else after
        rest = self.text[offset : self.sentence.span.end].lstrip()
        if not rest or rest[0] in ".,;?!":
            return rest[1:].lstrip()[:1] not in tuple(_OPENING) or not rest[1:].strip()
        following = next((one for one in words if one.start >= offset), None)
        if following is None:
            return True
        end = self._clause_end(offset)
        return following.plain in english.PREPOSITIONS and not any(
            one.plain == "that" for one in words if offset <= one.start < end
        )

    def _end_of_said(self, begin: int) -> int:
        """Where what is said ends: before the next participle of saying, or at the sentence's end."""
        for word in self.sentence.words:
            if word.start <= begin or word.plain not in _ALL or not word.text[:1].islower():
                continue
            if not word.plain.endswith("ing") and not self._second_verb(word, begin):
                continue
            before = self.text[begin : word.start].rstrip()
            bare = before.removesuffix(" and").rstrip()
            if bare.endswith((",", ",”")) or before.endswith(" and"):
                return begin + len(bare)
        return self.sentence.span.end

    def _second_verb(self, word: Word, begin: int) -> bool:
        """Whether a speaker goes on with another verb: "and warned that"."""
        before = self.text[begin : word.start].rstrip()
        past = word.plain.endswith("ed") or word.plain in english.IRREGULAR_PASTS
        return past and before.endswith((" and", " but"))

    def _same_subject(self, begin: int, end: int) -> int:
        """Where a second verb of the same subject begins: "and has pressed"."""
        words = self.sentence.within(Span(begin, end))
        for word, following in itertools.pairwise(words):
            if word.plain in ("and", "but") and following.plain in english.AUXILIARIES:
                return word.start
        return end

    def _clause_end(self, begin: int) -> int:
        comma = self.text.find(",", begin, self.sentence.span.end)
        return self.sentence.span.end if comma < 0 else comma

    def _trimmed(self, start: int, end: int) -> Span:
        """Without spaces, colons and the closing full stop."""
        while start < end and self.text[start] in " ,:;\n":
            start += 1
        while start < end and self.text[end - 1] in " ,.;:\n":
            end -= 1
        return Span(start, end)

    def _inside_name(self, word: Word) -> bool:
        return any(
            one.span.start <= word.start < one.span.end and not one.back and one.thing.named
            for one in self.mentions
            if not one.thing.is_a("UnnamedGroup")
        )

    def _near(self, end: int, start: int) -> bool:
        """Whether at most an article, a title or two lower-case words stand between."""
        between = self.text[end:start]
        return len(between.split()) <= 4 and not any(mark in between for mark in '.;“”"')


def _skipped(word: Word) -> bool:
    return word.plain in english.BETWEEN or (word.plain.endswith("ly") and len(word.plain) > 4)


def _manner(base: str) -> Manner:
    if base in english.TAKING_A_STANCE.values():
        return Manner.STANCE
    return Manner.AHEAD if base in english.LOOKING_AHEAD.values() else Manner.SAYING


def _named(speakers: Sequence[Known]) -> str:
    return " and ".join(one.label for one in speakers)


def _passed_on(found: list[Attribution]) -> list[Attribution]:
    """Reporters whose report is another's word passed it on; they are no speakers of their own."""
    reports = [one for one in found if all(who.is_a("NewsOrganisation") for who in one.speakers)]
    others = [one for one in found if one not in reports]
    kept = []
    for one in others:
        for report in reports:
            both = report.said.shared(one.said)
            if both > 0:
                said = Span(
                    one.said.start, min(one.said.end, max(report.said.end, one.said.start + both))
                )
                via = tuple(dict.fromkeys((*one.via, *report.speakers)))
                one = replace(one, said=said, via=via)
        kept.append(one)
    used = {who.iri for one in kept for who in one.via}
    return kept + [one for one in reports if not used & {who.iri for who in one.speakers}]
