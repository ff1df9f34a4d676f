"""What a text mentions: things of the graph by any of their names, and by words that refer back.

The text is read from its beginning, since what "the system" or "he" means depends on what was
named before. Each mention says why it is proposed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from sanctiongraph.drafting import english
from sanctiongraph.drafting.gazetteer import Entry, Gazetteer, by_iri, initials
from sanctiongraph.drafting.knowledge import Knowledge, Known
from sanctiongraph.drafting.newcomers import Newcomer, newcomer, runs_of_capitals
from sanctiongraph.drafting.text import Sentence, Span, Word

_REFERRING: Final = (
    english.SIDES
    | english.GROUP_NOUNS
    | {"report", "reports"}
    | english.PERSONAL
    | english.IMPERSONAL
    | set(english.HEADS)
)


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


@dataclass(slots=True)
class Reader:
    """Finds the mentions of one text, sentence by sentence in their order."""

    known: Knowledge
    text: str
    names: Gazetteer = field(init=False)
    newcomers: dict[str, Newcomer] = field(default_factory=dict)
    #: What was mentioned so far, the last at the end.
    _before: list[Known] = field(default_factory=list)
    _begun: int = 0
    _spoke: Known | None = None
    _subject: Known | None = None

    def __post_init__(self) -> None:
        self.names = Gazetteer.of(self.known.things.values())

    def read(self, sentence: Sentence) -> list[Mention]:
        """The mentions of the next sentence, in their order."""
        self._begun = len(self._before)
        found: list[Mention] = []
        unread: list[Word] = []
        at = 0
        words = sentence.words
        while at < len(words):
            count, entries = self.names.longest(words, at, self.text)
            if count and self._goes_on(words, at + count, entries[0].thing):
                unread += words[at : at + count]
                at += count
                continue
            mention = self._named(words, at, count, entries, found) if count else None
            refers = words[at].plain in _REFERRING and _common(words, at)
            if mention is not None or refers:
                self._newcomers(sentence, unread, found)
                unread = []
            if mention is None:
                count = 1
                mention = self._referring(words, at, found) if refers else None
            if mention is not None:
                found += mention
                self._before += [one.thing for one in mention if not _adjective(one)]
            else:
                unread.append(words[at])
            at += count
        self._newcomers(sentence, unread, found)
        found += self._offices(sentence, found)
        self._subject = next((one.thing for one in found if _is_subject(words, one)), None)
        return sorted(found, key=lambda one: (one.span.start, -one.span.end, one.thing.iri))

    def spoke(self, speakers: Sequence[Known]) -> None:
        """Notes who spoke last, for the words that refer to that person."""
        persons = [one for one in speakers if one.is_a("Person")]
        if persons:
            self._spoke = persons[-1]

    def _named(
        self,
        words: Sequence[Word],
        at: int,
        count: int,
        entries: list[Entry],
        so_far: list[Mention],
    ) -> list[Mention] | None:
        """The mention by a name, with what follows from where it stands; ``None`` where it is none."""
        best = entries[0]
        if not best.thing.named and count == 1 and words[at].plain in english.SAYING:
            return None
        span = _span(words[at], words[at + count - 1])
        others = tuple(one.thing.iri for one in entries[1:] if one.thing.iri != best.thing.iri)
        reason = f'{best.why} "{self.text[span.start : span.end]}"'
        thing, literal = best.thing, ""
        states = by_iri(self.known.things, self.known.tied(thing.iri, "sg:locatedIn"))
        governed = [one for one in states if one.is_a("State")]
        before = words[at - 1].plain if at else ""
        if thing.is_a("Location") and governed and before not in english.LOCATIVES:
            reason += f", which stands for {governed[0].label}"
            thing, literal = governed[0], thing.iri
        found = [Mention(span, thing, reason, others=others, literal=literal)]
        if programme := self._programme(words, at + count, thing):
            found.append(programme)
        if thing.is_a("UnnamedGroup") and before == "and":
            noun = words[at + count - 1]
            bodies = _bodies_before(words, at, so_far)
            start = min([span.start, *(_take_out(so_far, one, span.start) for one in bodies)])
            groups = [(self._group(noun, one), f'"{noun.text}" of {one.label}') for one in bodies]
            whole = Span(start, span.end)
            found = [Mention(whole, thing, why) for thing, why in [*groups, (thing, reason)]]
        return found

    def _goes_on(self, words: Sequence[Word], after: int, thing: Known) -> bool:
        """Whether the name of a place is the beginning of a longer one: "Doha Forum"."""
        if not thing.is_a("Location", "State") or after >= len(words):
            return False
        word = words[after]
        adjoining = self.text[words[after - 1].end : word.start] == " "
        return adjoining and word.text[:1].isupper() and word.plain in english.KIND_WORDS

    def _programme(self, words: Sequence[Word], at: int, system: Known) -> Mention | None:
        """The programme of a weapon system that is named by the system: "the F-35 program"."""
        if not system.is_a("WeaponSystem"):
            return None
        for word in words[at : at + 6]:
            if "Programme" in english.HEADS.get(word.plain, ()):
                for iri in self.known.of_body("sg:develops", system.iri):
                    if thing := self.known.things.get(iri):
                        span = Span(word.start, word.end)
                        return Mention(span, thing, f"the programme of {system.label}")
            if word.plain in english.PREPOSITIONS:
                break
        return None

    def _referring(
        self, words: Sequence[Word], at: int, so_far: list[Mention]
    ) -> list[Mention] | None:
        """The mentions by a word that names nothing itself."""
        word = words[at]
        before = words[at - 1].plain if at else ""
        if word.plain in english.SIDES and (before in english.TWO):
            states = self._last_states()
            reason = f'the two last named, by "{before} {word.text}"'
            span = Span(words[at - 1].start, word.end)
            return [Mention(span, one, reason, back=True) for one in states] or None
        if word.plain in ("report", "reports") and at + 1 < len(words):
            whose = self._only_group(word) if words[at + 1].plain in ("of", "that") else []
            return whose or None
        if word.plain in english.GROUP_NOUNS:
            return self._groups(words, at, so_far)
        if word.plain in english.PERSONAL:
            return self._person(word)
        if word.plain in english.IMPERSONAL:
            return self._body(words, at, so_far)
        if word.plain in english.HEADS:
            near = [one.plain for one in words[max(0, at - 4) : at]]
            if any(one in english.DETERMINERS for one in near) and not any(
                one in english.PREPOSITIONS for one in near[_last_determiner(near) :]
            ):
                if (
                    so_far
                    and so_far[-1].span.end >= words[max(0, at - 2)].start
                    and so_far[-1].thing.is_a(*english.HEADS[word.plain])
                ):
                    return None  # "the S-400 system": named just before
                if english.HEADS[word.plain] == ("State",):
                    return self._body(words, at, so_far)
                return self._last(word, english.HEADS[word.plain])
        return None

    def _person(self, word: Word) -> list[Mention] | None:
        """Whom "he" or "she" means: a person named in the sentence, else the last who spoke."""
        here = any(one.is_a("Person") for one in self._before[self._begun :])
        if not here and self._spoke is not None:
            reason = f'the last who spoke, by "{word.text}"'
            return [Mention(Span(word.start, word.end), self._spoke, reason, back=True)]
        return self._last(word, ("Person",))

    def _body(self, words: Sequence[Word], at: int, so_far: list[Mention]) -> list[Mention] | None:
        """What "it" means: the body that is the subject of the sentence, else of the one before."""
        word = words[at]
        subject = next((one for one in so_far if _is_subject(words, one)), None)
        thing = subject.thing if subject else self._subject if at == 0 else None
        if thing is None:
            return self._last(word, ("Body",))
        reason = f'the subject before, by "{word.text}"'
        return [Mention(Span(word.start, word.end), thing, reason, back=True)]

    def _last(self, word: Word, kinds: tuple[str, ...]) -> list[Mention] | None:
        for thing in reversed(self._before):
            if thing.is_a(*kinds):
                reason = f'the last {kinds[0]} named, by "{word.text}"'
                return [Mention(Span(word.start, word.end), thing, reason, back=True)]
        return None

    def _last_states(self) -> list[Known]:
        states = dict.fromkeys(one.iri for one in reversed(self._before) if one.is_a("State"))
        return by_iri(self.known.things, list(states)[:2])

    def _groups(
        self, words: Sequence[Word], at: int, so_far: list[Mention]
    ) -> list[Mention] | None:
        """The unnamed groups that a noun such as "officials" stands for."""
        noun = words[at]
        bodies = _bodies_before(words, at, so_far)
        why = f'"{noun.text}" of'
        if not bodies and [one.plain for one in words[at + 1 : at + 4]][:2] == ["on", "both"]:
            bodies = self._last_states()
            why = f'"{noun.text}" on both sides:'
        start = noun.start
        if bodies and why.endswith("of"):
            start = min(_take_out(so_far, body, noun.start) for body in bodies)
        found = [
            Mention(Span(start, noun.end), self._group(noun, body), f"{why} {body.label}")
            for body in bodies
        ]
        return found or self._only_group(noun) or self._unknown_group(words, at)

    def _only_group(self, noun: Word) -> list[Mention]:
        """The group that alone is known by a noun; none where there are more."""
        known = [
            one
            for one in self.known.things.values()
            if one.is_a("UnnamedGroup") and _ends_with(one, noun.plain)
        ]
        if len(known) != 1:
            return []
        reason = f'the only group known as "{noun.text}"'
        return [Mention(Span(noun.start, noun.end), known[0], reason)]

    def _group(self, noun: Word, body: Known) -> Known:
        for iri in self.known.of_body("sg:speaksFor", body.iri):
            one = self.known.things.get(iri)
            if one and one.is_a("UnnamedGroup") and _ends_with(one, noun.plain):
                return one
        adjective = body.adjectives[0] if body.adjectives else body.label
        name = f"{adjective} {noun.plain}"
        return self._introduce(
            name, Span(noun.start, noun.end), "UnnamedGroup", f"speaks for {body.label}"
        )

    def _unknown_group(self, words: Sequence[Word], at: int) -> list[Mention]:
        """A group without a body: "a source in New Delhi", named by its words."""
        last = at
        if at + 2 < len(words) and words[at + 1].plain in ("in", "at", "from"):
            last = at + 2
            while last + 1 < len(words) and words[last + 1].text[:1].isupper():
                last += 1
            if not words[at + 2].text[:1].isupper():
                last = at
        span = Span(words[at].start, words[last].end)
        name = self.text[span.start : span.end]
        thing = self._introduce(name, span, "UnnamedGroup", "people whom the text does not name")
        return [Mention(Span(words[at].start, words[at].end), thing, f'unnamed: "{name}"')]

    def _newcomers(self, sentence: Sentence, unread: list[Word], found: list[Mention]) -> None:
        """Capitalised names of the unread words as new things, or as what they were before."""
        for run in runs_of_capitals(sentence, unread, self.text):
            name = self.text[run[0].start : run[-1].end]
            span = Span(run[0].start, run[-1].end)
            if len(run) == 1 and (body := self._adjective_of(name)):
                found.append(Mention(span, body, f'adjective "{name}", by its stem'))
                continue
            acronym = len(run) == 1 and run[0].text.isupper() and found
            if acronym and initials(found[-1].thing.label) == run[0].text:
                self.names.add(name, found[-1].thing, 1, "acronym in the text")
                continue
            kind, why = newcomer(self.text, sentence, run, self.known)
            thing = self._introduce(name, span, kind, why)
            found.append(Mention(span, thing, f'not in the graph: "{name}"'))
            self._before.append(thing)
            if kind == "Conference" and len(run) > 1:
                found += self._named_after(run[0], thing)

    def _adjective_of(self, word: str) -> Known | None:
        """The state of which a word seems to be the adjective: Brelia of "Brelian"."""
        states = [one.thing for one in self.newcomers.values() if one.kind in ("State", "Body")]
        states += [one for one in self.known.things.values() if one.is_a("State")]
        for state in states:
            stem = re.sub(r"(?:ia|a|y|e|o)$", "", state.label)
            same = len(stem) >= _SHORTEST_STEM and word != state.label and word.startswith(stem)
            if same and word[len(stem) :] in _ADJECTIVE_ENDINGS:
                return state
        return None

    def _named_after(self, word: Word, occasion: Known) -> list[Mention]:
        """The place in the name of an occasion: the Doha of "Doha Forum"."""
        span = Span(word.start, word.end)
        why = f"{occasion.label} seems to be named after it"
        count, entries = self.names.longest([word], 0, self.text)
        if count and entries[0].thing.is_a("Location", "State"):
            return [Mention(span, entries[0].thing, why)]
        thing = self._introduce(word.text, span, "Location", why)
        return [Mention(span, thing, why)]

    def _offices(self, sentence: Sentence, found: Sequence[Mention]) -> list[Mention]:
        """Offices that a title names: that of a person, "the head of" a body, its "Foreign Minister"."""
        offices = []
        words = sentence.words
        for at, word in enumerate(words):
            inside = any(one.span.start <= word.start < one.span.end for one in found)
            if word.plain not in english.TITLES or inside:
                continue
            first = at
            while first and words[first - 1].plain in english.BEFORE_TITLES | english.TITLES:
                first -= 1
            if words[at + 1 : at + 2] and words[at + 1].plain in english.TITLES:
                continue  # the last word of a title speaks for it
            title = self.text[words[first].start : word.end]
            span = Span(words[first].start, word.end)
            if mention := self._office(title, span, words, at, found):
                offices.append(mention)
        return offices

    def _office(
        self, title: str, span: Span, words: Sequence[Word], at: int, found: Sequence[Mention]
    ) -> Mention | None:
        """The office of a title at a place: one that the person holds, else a new one of the body."""
        behind = next((one for one in found if one.span.start >= span.end and not one.back), None)
        if (
            behind
            and behind.thing.is_a("Person")
            and self.text[span.end : behind.span.start] == " "
        ):
            for iri in self.known.offices_of(behind.thing.iri):
                held = self.known.things.get(iri)
                if held and any(title.lower() in name.lower() for name in held.names):
                    return Mention(span, held, f"{behind.thing.label} holds it")
        if words[at + 1 : at + 2] and words[at + 1].plain == "of" and behind:
            chain = [one for one in found if one.span.start >= words[at + 1].end and not one.back]
            body = chain[0]
            while len(chain) > 1 and self.text[chain[0].span.end : chain[1].span.start] in _OWNER:
                chain = chain[1:]
                body = chain[0]
            between = self.text[words[at + 1].end : chain[0].span.start] if len(chain) else ""
            if body.thing.is_a("Body") and len(between.split()) <= 3:
                article = "the " if " " in body.thing.label else ""
                name = f"{title[:1].upper()}{title[1:]} of {article}{body.thing.label}"
                return self._new_office(name, Span(span.start, body.span.end), body.thing)
        before = [one for one in found if one.span.end <= span.start and not one.back]
        if before and before[-1].thing.is_a("State") and title[:1].isupper():
            between = self.text[before[-1].span.end : span.start]
            if between in (" ", *_OWNER):
                name = self.text[before[-1].span.start : span.end]
                whole = Span(before[-1].span.start, span.end)
                return self._new_office(name, whole, before[-1].thing)
        return None

    def _new_office(self, name: str, span: Span, body: Known) -> Mention:
        thing = self._introduce(name, span, "Office", f"an office of {body.label}")
        return Mention(span, thing, f'not in the graph: "{name}"')

    def _introduce(self, name: str, span: Span, kind: str, why: str) -> Known:
        one = Newcomer.of(name, kind, span, why, self.known)
        if one.thing.iri not in self.newcomers:
            self.newcomers[one.thing.iri] = one
            if kind != "UnnamedGroup":
                self.names.add(name, one.thing, 1, "named before in the text")
            if kind == "Person" and " " in name:
                self.names.add_surname(name.split()[-1], one.thing)
        return self.newcomers[one.thing.iri].thing


def _span(first: Word, last: Word) -> Span:
    """The span from one word to another."""
    return Span(first.start, last.end)


_SHORTEST_STEM: Final = 4
_ADJECTIVE_ENDINGS: Final = frozenset("n an ian ean ish ese i ic".split())
#: What stands between an owner and what is owned.
_OWNER: Final = ("’s ", "'s ", "’ ")


def _common(words: Sequence[Word], at: int) -> bool:
    """Whether a word is written as a common one: in small letters, or first in its sentence."""
    return at == 0 or not words[at].text[:1].isupper()


def _adjective(mention: Mention) -> bool:
    return mention.reason.startswith("adjective")


def _is_subject(words: Sequence[Word], mention: Mention) -> bool:
    """Whether a body seems to be what a sentence is about: nothing governs it, and a verb follows."""
    if not mention.thing.is_a("Body") or mention.back or _adjective(mention):
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


def _take_out(mentions: list[Mention], body: Known, before: int) -> int:
    """Takes a body out that was only part of a group's name, and says where it began."""
    for one in reversed(mentions):
        if one.thing == body and one.span.end <= before:
            mentions.remove(one)
            return one.span.start
    return before


def _last_determiner(words: Sequence[str]) -> int:
    return max(at for at, word in enumerate(words) if word in english.DETERMINERS)


def _ends_with(group: Known, noun: str) -> bool:
    return any(
        name.lower().split()[-1].removesuffix("s") == noun.removesuffix("s") for name in group.names
    )


def _bodies_before(words: Sequence[Word], at: int, so_far: list[Mention]) -> list[Known]:
    """The bodies that qualify a noun: "U.S. and NATO officials", "Greek defence officials"."""
    bodies: list[Known] = []
    back = at - 1
    while back >= 0:
        word = words[back]
        covering = [one for one in so_far if one.span.start <= word.start < one.span.end]
        if covering and covering[-1].thing.is_a("Body"):
            bodies.insert(0, covering[-1].thing)
            while back >= 0 and words[back].start >= covering[-1].span.start:
                back -= 1
            continue
        if word.plain in ("and", "or", "both", "senior", "military", "defence", "defense", "top"):
            back -= 1
            continue
        break
    return bodies
