"""What is said: the words after a verb of saying, or those before it where nothing follows."""

from __future__ import annotations

import itertools
from typing import Final

from sanctiongraph.drafting import english
from sanctiongraph.drafting.knowledge import Known
from sanctiongraph.drafting.mention import Marked
from sanctiongraph.drafting.text import Span, Word

#: Verbs that as often go with a thing as with something said: "added a clause", "added that".
_WITH_CLAUSE: Final = frozenset(
    "add note state observe recall conclude cite signal indicate point maintain answer post mention "
    "comment feel describe claim report confirm announce reveal disclose object estimate promise "
    "pledge brief quote inform assure hint suggest remark speak support dispute doubt label "
    "defend praise welcome view see regard call".split()
)
#: Of those, verbs that take a thing and what is said of it: "called the measures unfair".
_WITH_THING: Final = frozenset({"call", "label", "describe", "see", "view", "regard"})
_OPENING: Final = ("“", '"', "«", "„")


def fits(marked: Marked, at: int, base: str, start: int) -> bool:
    """Whether the verb goes with something said, for verbs that need not."""
    words = marked.words
    ahead = [one.plain for one in words[at + 1 : at + 9]]
    if base in english.WITH_FEELING:
        return any(one in english.FEELINGS for one in ahead[:5])
    if base in english.WITH_AS:
        return "as" in ahead
    if base == "call":
        return bool(ahead)
    if base not in _WITH_CLAUSE or base in _WITH_THING:
        return True
    behind = marked.text[words[at].end : words[at].end + 3].strip(" ,:")
    if behind[:1] in _OPENING:
        return True
    if marked.set_off(start) and (not ahead or _ends_here(marked, at)):
        return True
    return "that" in ahead[:6] or _clause_follows(marked, at)


def addressed(marked: Marked, at: int, base: str) -> tuple[tuple[Known, ...], int]:
    """Who was told, if that is a reporter, and where what was said can begin."""
    words = marked.words
    if base not in ("tell", "inform", "brief", "assure"):
        return (), words[at].end
    behind = marked.behind(words[at].end)
    near = [one for one in behind if marked.near(words[at].end, one.span.start)][:1]
    if not near:
        return (), words[min(at + 1, len(words) - 1)].end
    reporters = tuple(one.thing for one in near if one.thing.is_a("NewsOrganisation"))
    return reporters, near[0].span.end


def said(marked: Marked, at: int, start: int, after: int) -> Span | None:
    """The span of what is said: after the verb, or before the speaker where nothing follows."""
    words = marked.words
    if marked.set_off(start) and _ends_here(marked, at, after):
        first = marked.sentence.span.start
        return marked.trimmed(first, first + len(marked.before(start)))
    begin = after
    for word in words[at + 1 : at + 16]:
        if word.start < after:
            continue
        if word.plain in english.PUTTING_FORWARD and word.plain not in ("report", "reports"):
            break
        if word.plain == "that":
            begin = word.end
            break
    end = _end_of_said(marked, begin)
    if english.PUTTING_FORWARD[words[at].plain] in _WITH_THING:
        end = _same_subject(marked, begin, end)
    found = marked.trimmed(begin, end)
    return found if found.start < found.end else None


def _clause_follows(marked: Marked, at: int) -> bool:
    """Whether a subject with a verb follows at once: "added it would"."""
    words = marked.words
    ahead = words[at + 1 : at + 4]
    if not any(one.plain in english.AUXILIARIES for one in ahead[1:3]):
        return False
    return ahead[0].plain in ("it", "he", "she", "they", "the") or ahead[0].text[:1].isupper()


def _ends_here(marked: Marked, at: int, after: int | None = None) -> bool:
    """Whether nothing that could be said follows: the end, a comma, or where and when only."""
    words = marked.words
    offset = words[at].end if after is None else after
    rest = marked.text[offset : marked.sentence.span.end].lstrip()
    if not rest or rest[0] in ".,;?!":
        return rest[1:].lstrip()[:1] not in _OPENING or not rest[1:].strip()
    following = next((one for one in words if one.start >= offset), None)
    if following is None:
        return True
    end = marked.clause_end(offset)
    return following.plain in english.PREPOSITIONS and not any(
        one.plain == "that" for one in words if offset <= one.start < end
    )


def _end_of_said(marked: Marked, begin: int) -> int:
    """Where what is said ends: before the next participle of saying, or at the sentence's end."""
    for word in marked.words:
        if word.start <= begin or word.plain not in english.PUTTING_FORWARD:
            continue
        if not word.text[:1].islower():
            continue
        if not word.plain.endswith("ing") and not _second_verb(marked, word, begin):
            continue
        before = marked.text[begin : word.start].rstrip()
        bare = before.removesuffix(" and").rstrip()
        if bare.endswith((",", ",”")) or before.endswith(" and"):
            return begin + len(bare)
    return marked.sentence.span.end


def _second_verb(marked: Marked, word: Word, begin: int) -> bool:
    """Whether a speaker goes on with another verb: "and warned that"."""
    before = marked.text[begin : word.start].rstrip()
    past = word.plain.endswith("ed") or word.plain in english.IRREGULAR_PASTS
    return past and before.endswith((" and", " but"))


def _same_subject(marked: Marked, begin: int, end: int) -> int:
    """Where a second verb of the same subject begins: "and has pressed"."""
    words = marked.sentence.within(Span(begin, end))
    for word, following in itertools.pairwise(words):
        if word.plain in ("and", "but") and following.plain in english.AUXILIARIES:
            return word.start
    return end
