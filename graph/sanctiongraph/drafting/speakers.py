"""Who says it: the subject of a verb of saying, before it or behind, and whom somebody quotes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sanctiongraph.drafting import english
from sanctiongraph.drafting.knowledge import Known
from sanctiongraph.drafting.mention import Marked, Mention
from sanctiongraph.drafting.text import Word

_ARTICLES: Final = frozenset("the a an his her its their both".split())
#: More phrases than this between a verb and an agent, and it is not its subject.
_MOST_PHRASES: Final = 8


def subject(marked: Marked, at: int) -> tuple[tuple[Known, ...], int]:
    """The agents that are the subject of the verb at a word, and where they begin."""
    words = marked.words
    back = at - 1
    jumps = 0
    while back >= 0 and jumps < _MOST_PHRASES:
        word = words[back]
        if _skipped(word) or (word.plain == "s" and marked.text[word.start - 1] in "’'"):
            back -= 1
            continue
        here = [one for one in marked.mentions if one.span.start <= word.start < one.span.end]
        agents = [one for one in here if one.thing.is_a("Agent")]
        first = next(
            (
                n
                for n, one in enumerate(words)
                if one.start >= min((m.span.start for m in here), default=word.start)
            ),
            back,
        )
        governed = first > 0 and _preposition_before(marked, first)
        if agents and not governed:
            return together(marked, agents, marked.mentions), _begin(marked, agents[0])
        if here or governed or _preposition_before(marked, back):
            step = first if here else back
            back = _before_phrase(marked, step)
            jumps += 1
            continue
        return (), at
    return (), at


def main_subject(marked: Marked, at: int) -> tuple[Known, ...]:
    """The agents that are the subject of the sentence, whose act a participle at a word goes on."""
    for one in marked.mentions:
        if one.span.start >= marked.words[at].start:
            break
        first = next(n for n, word in enumerate(marked.words) if word.start >= one.span.start)
        follows = marked.text[one.span.end : one.span.end + 2]
        owner = follows in ("’s", "'s") or one.by_adjective
        if one.thing.is_a("Agent") and not owner and not _preposition_before(marked, first):
            return together(marked, [one], marked.mentions)
    return ()


def inverted(marked: Marked, at: int) -> tuple[tuple[Known, ...], int]:
    """The subject that stands behind its verb, and where it ends: ``“...,” said Fidan``."""
    words = marked.words
    if not marked.set_off(words[at].start):
        return (), words[at].end
    behind = marked.behind(words[at].end)
    agents = [one for one in behind if one.thing.is_a("Agent")][:1]
    if agents and marked.near(words[at].end, agents[0].span.start):
        return together(marked, agents, behind), agents[0].span.end
    return (), words[at].end


def quoted_agents(marked: Marked, at: int) -> tuple[Known, ...]:
    """Whom somebody quotes: the last agent before "saying", "stating" or the quotation."""
    words = marked.words
    for later in range(at + 1, len(words)):
        if words[later].plain in english.PUTTING_FORWARD and words[later].plain.endswith("ing"):
            agents = [
                one
                for one in marked.mentions
                if words[at].end <= one.span.start < words[later].start
                and one.thing.is_a("Person", "UnnamedGroup", "Body")
            ]
            persons = [one for one in agents if one.thing.is_a("Person", "UnnamedGroup")]
            chosen = (persons or agents)[:1]
            return tuple(one.thing for one in chosen)
    return ()


def together(
    marked: Marked, found: Sequence[Mention], among: Sequence[Mention]
) -> tuple[Known, ...]:
    """The agents of these mentions with those joined to them by "and"."""
    same = [one for one in among if one.span == found[0].span and one.thing.is_a("Agent")]
    first = same or list(found)
    things = [one.thing for one in first]
    for one in reversed(among):
        between = marked.text[one.span.end : first[0].span.start]
        if one.thing.is_a("Agent") and between.strip() in ("and", "and the"):
            things.insert(0, one.thing)
    return tuple(dict.fromkeys(things))


def _begin(marked: Marked, agent: Mention) -> int:
    """Where the phrase begins that names an agent, with its office or its fellow before it."""
    start = agent.span.start
    for one in reversed(marked.mentions):
        between = marked.text[one.span.end : start]
        adjoining = between.strip(" ,") in ("", "and", "the", "and the")
        joined = one.thing.is_a("Office") or "and" in between
        if one.span.end <= start and adjoining and joined:
            start = one.span.start
    before = [word for word in marked.words if word.end <= start]
    for word in reversed(before):
        titled = word.plain in english.TITLES | english.BEFORE_TITLES | english.BEFORE_SPEAKERS
        if not titled or marked.text[word.end : start].strip():
            break
        start = word.start
    return start


def _preposition_before(marked: Marked, first: int) -> bool:
    """Whether a preposition governs the noun phrase that begins at a word."""
    return _governing(marked, first) is not None


def _governing(marked: Marked, first: int) -> int | None:
    """The preposition, by its number, that governs the noun phrase that begins at a word."""
    words = marked.words
    back = first - 1
    while back >= 0 and words[back].plain in _ARTICLES:
        back -= 1
    if back < 0 or words[back].plain not in english.PREPOSITIONS:
        return None
    between = marked.text[words[back].end : words[back + 1].start]
    return None if "," in between else back


def _before_phrase(marked: Marked, first: int) -> int:
    """The word before the preposition, with its article, that governs a phrase."""
    governing = _governing(marked, first)
    return first - 1 if governing is None else governing - 1


def _skipped(word: Word) -> bool:
    return word.plain in english.BETWEEN or (word.plain.endswith("ly") and len(word.plain) > 4)
