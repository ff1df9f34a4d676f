"""What a clause may assert: triples proposed from its words, its mentions, and the graph's own use.

A word such as "delivery" names a class; which properties its things have, and of what class their
values are, is counted in the claims that the graph has. A thing that the graph already describes
with the same parties is proposed before a new one.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sanctiongraph.drafting import english
from sanctiongraph.drafting.knowledge import Knowledge, Known
from sanctiongraph.drafting.mention import Mention
from sanctiongraph.drafting.text import Sentence, Span, Word
from sanctiongraph.vocabulary import PREFIXES, local_name, term

_SG: Final = PREFIXES["sg"]
_LABEL_TYPE: Final = term("rdf:type").value
_BEING: Final = frozenset("was were been being is are".split())
#: More triples on one thing than this are no help.
_MOST: Final = 6


@dataclass(frozen=True, slots=True)
class Triple:
    """A triple proposed; IRIs in full."""

    subject: str
    predicate: str
    object: str


@dataclass(frozen=True, slots=True)
class Assertion:
    """Triples about one thing, whether the graph has it, and why they are proposed."""

    thing: str
    kind: str
    known: bool
    triples: tuple[Triple, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class NounPhrase:
    """A phrase that says something by itself: an office with its holder, where a system is made."""

    span: Span
    triples: tuple[Triple, ...]
    reason: str


def assertions(
    known: Knowledge, sentence: Sentence, span: Span, mentions: Sequence[Mention], name: str
) -> list[Assertion]:
    """What the clause at a span may assert; ``name`` begins the names of new things."""
    words = sentence.within(span)
    inside = [one for one in mentions if span.covers(one.span)]
    found: dict[str, Assertion] = {}
    for at, word in enumerate(words):
        kind = english.TRIGGERS.get(word.plain, "")
        if not kind or kind in found or not word.text[:1].islower():
            continue
        if _SG + kind not in known.classes:
            continue
        roles = list(_roles(known, _SG + kind, words, at, inside))
        if not roles:
            continue
        thing = _existing(known, _SG + kind, roles)
        subject = thing.iri if thing else f"{PREFIXES['id']}{name}{kind}"
        triples = (
            Triple(subject, _LABEL_TYPE, _SG + kind),
            *(Triple(subject, _SG + role, value.iri) for role, value, _ in roles[:_MOST]),
        )
        why = f'"{word.text}" is a word for {_named(known, kind)}'
        if thing:
            why += f"; the graph has {thing.label} with the same parties"
        else:
            why += "; " + ", ".join(f"sg:{role} by {reason}" for role, _, reason in roles[:_MOST])
        found[kind] = Assertion(subject, kind, thing is not None, triples, why)
    return list(found.values()) or list(_plain_event(known, words, inside, name))


def _plain_event(
    known: Knowledge, words: Sequence[Word], mentions: Sequence[Mention], name: str
) -> Iterator[Assertion]:
    """An event of whom the clause names, where no word tells of which class it is."""
    subject = f"{PREFIXES['id']}{name}Event"
    roles = list(_roles(known, _SG + "Event", words, len(words) - 1, mentions))
    if roles:
        triples = (
            Triple(subject, _LABEL_TYPE, _SG + "Event"),
            *(Triple(subject, _SG + role, value.iri) for role, value, _ in roles[:_MOST]),
        )
        why = "no word tells its class: narrow it, or say it in another way"
        yield Assertion(subject, "Event", False, triples, why)


def noun_phrases(known: Knowledge, text: str, mentions: Sequence[Mention]) -> Iterator[NounPhrase]:
    """What neighbouring mentions say by standing together."""
    real = [one for one in mentions if not one.back]
    yield from _office_holdings(known, text, real)
    for left, right in itertools.pairwise(one for one in real if not one.thing.is_a("Office")):
        between = text[left.span.end : right.span.start]
        span = Span(left.span.start, right.span.end)
        if (
            left.thing.is_a("State")
            and right.thing.is_a("WeaponSystem")
            and between in ("-made ", "-built ")
        ):
            triples = (Triple(right.thing.iri, _SG + "madeIn", left.thing.iri),)
            yield NounPhrase(span, triples, f'"{between.strip()}" between the two')
        elif (
            left.thing.is_a("WeaponSystem")
            and right.thing.is_a("WeaponCategory")
            and len(between.split()) <= 2
            and "," not in between
        ):
            triples = (Triple(left.thing.iri, _SG + "category", right.thing.iri),)
            yield NounPhrase(span, triples, "the name of its category follows")
        elif left.thing.is_a("State") and right.thing.is_a("Agency") and between in ("’s ", "'s "):
            triples = (Triple(right.thing.iri, _SG + "agencyOf", left.thing.iri),)
            yield NounPhrase(span, triples, "its state stands before it")


def _office_holdings(
    known: Knowledge, text: str, mentions: Sequence[Mention]
) -> Iterator[NounPhrase]:
    """Offices with whoever stands beside them: "President X", "X, the head of Y"."""
    persons = [one for one in mentions if one.thing.is_a("Person")]
    for office in (one for one in mentions if one.thing.is_a("Office")):
        for person in persons:
            first, last = sorted((office, person), key=lambda one: one.span.start)
            if text[first.span.end : last.span.start].strip(" ,") not in ("", "the", "as"):
                continue
            made = f"{PREFIXES['id']}{local_name(person.thing.iri)}{local_name(office.thing.iri)}"
            subject = _holding(known, person.thing, office.thing) or made
            triples = (
                Triple(subject, _LABEL_TYPE, _SG + "OfficeHolding"),
                Triple(subject, _SG + "holder", person.thing.iri),
                Triple(subject, _SG + "office", office.thing.iri),
            )
            reason = f"{person.thing.label} is called {office.thing.label}"
            yield NounPhrase(Span(first.span.start, last.span.end), triples, reason)


def _roles(
    known: Knowledge, kind: str, words: Sequence[Word], at: int, mentions: Sequence[Mention]
) -> Iterator[tuple[str, Known, str]]:
    """The properties of a thing of the class that mentions fit, each with why."""
    allowed: dict[str, set[str]] = {}
    for use in known.uses.get(kind, ()):
        for above in known.above.get(use.kind, frozenset({use.kind})):
            allowed.setdefault(local_name(use.property), set()).add(above)
    if not allowed:  # no claim has such a thing yet: what the ontology says
        for name, domain, value in known.declared:
            if domain in known.above.get(kind, ()):
                allowed.setdefault(local_name(name), set()).add(value)
    taken: set[tuple[str, str]] = set()
    filled: set[str] = set()
    for mention in mentions:
        before = next((one.plain for one in reversed(words) if one.end <= mention.span.start), "")
        place = mention.literal or mention.thing.iri
        for role in _candidates(before, mention, mentions, words, at):
            fits = allowed.get(role, set()) & mention.thing.kinds
            once = role in filled and role not in ("participant", "item", "about", "actor")
            if not fits or once or (role, place) in taken:
                continue
            if any(value == mention.thing.iri for _, value in taken):
                break
            taken.add((role, mention.thing.iri))
            filled.add(role)
            reason = (
                f'"{before}" before it' if role in english.ROLES.get(before, ()) else "its class"
            )
            yield role, mention.thing, reason
            break


def _candidates(
    before: str, mention: Mention, mentions: Sequence[Mention], words: Sequence[Word], at: int
) -> Iterator[str]:
    """The properties that a mention may be the value of, the likeliest first."""
    if mention.thing.is_a("Agent"):
        yield from english.ROLES.get(before, ())
        if mention.reason.startswith("adjective"):
            yield "supplier"
        agents = [one for one in mentions if one.thing.is_a("Agent")]
        passive = any(one.plain in _BEING for one in words[max(0, at - 2) : at])
        behind = mention.span.start > words[at].start
        if before not in english.PREPOSITIONS and (behind or passive):
            yield from ("target", "subject", "addressee")
        if agents[0] == mention or (before not in english.PREPOSITIONS and not behind):
            yield from english.SUBJECT_ROLES
        yield "participant"
    elif mention.thing.is_a("Act"):
        yield "under"
    elif mention.thing.is_a("Location"):
        yield "location"
    elif mention.thing.is_a("WeaponSystem"):
        yield "item"
    elif mention.thing.is_a("Programme"):
        yield "programme"
    elif mention.thing.is_a("Office"):
        yield "office"
    elif mention.thing.is_a("Quality"):
        yield "quality"
    yield "about"


def _existing(known: Knowledge, kind: str, roles: Sequence[tuple[str, Known, str]]) -> Known | None:
    """The thing of the class that the graph describes with two of these parties or more."""
    wanted = {(_SG + role, value.iri) for role, value, _ in roles}
    best: tuple[int, str] = (1, "")
    for iri, said in known.said.items():
        thing = known.things.get(iri)
        if thing is not None and kind in thing.kinds:
            shared = len(wanted & said)
            if shared > best[0] or (shared == best[0] and best[1] and iri < best[1]):
                best = (shared, iri)
    return known.things.get(best[1])


def _holding(known: Knowledge, person: Known, office: Known) -> str:
    wanted = {(_SG + "holder", person.iri), (_SG + "office", office.iri)}
    return next((iri for iri, said in sorted(known.said.items()) if wanted <= said), "")


def _named(known: Knowledge, kind: str) -> str:
    labels = known.classes.get(_SG + kind, ())
    return labels[0] if labels else kind
