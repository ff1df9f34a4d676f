"""How much of the claims that people made from a text its draft finds, by kind.

The draft is made without the source: what only its folder names is unknown to it, as it was to
whoever began. What is compared is said with each figure; nothing is left out that the draft could
not find.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from pyoxigraph import Literal, NamedNode, Quad

from sanctiongraph.data import DataFolders
from sanctiongraph.drafting.draft import Draft, Proposed, draft
from sanctiongraph.drafting.knowledge import Knowledge, knowledge
from sanctiongraph.drafting.text import Sentence, Span
from sanctiongraph.names.folding import compact
from sanctiongraph.reading import DataFile, Kind, read_file
from sanctiongraph.vocabulary import CLAIMS_GRAPH, PREFIXES, term

_T = TypeVar("_T")
#: From this likeness on, two spans are the same place.
SAME_PLACE = 0.5


@dataclass(frozen=True, slots=True)
class HandMade:
    """A claim as people made it: its place, who says it and how, and the things it is about."""

    iri: str
    span: Span
    speakers: frozenset[str]
    via: frozenset[str]
    modality: str
    things: frozenset[str]


@dataclass(frozen=True, slots=True)
class Figure:
    """Of one kind: how many the people have, how many the draft has, and how many agree."""

    kind: str
    wanted: int
    found: int
    proposed: int
    right: int

    @property
    def recall(self) -> float:
        """The share of the people's that the draft found."""
        return self.found / self.wanted if self.wanted else 0.0

    @property
    def precision(self) -> float:
        """The share of the draft's that the people have."""
        return self.right / self.proposed if self.proposed else 0.0


def measure(folders: DataFolders, source: str, text: str) -> list[Figure]:
    """The figures of a source of the graph, given its text. Raises ``BadData``."""
    return compare(
        hand_made(folders, source),
        draft(knowledge(folders, [source]), text),
        knowledge(folders),
        PREFIXES["source"] + source,
    )


def hand_made(folders: DataFolders, source: str) -> list[HandMade]:
    """The claims of a source's folder that have a place in its text."""
    quads: list[Quad] = []
    for path in sorted((folders.sources / source).glob("*.trig")):
        quads += read_file(DataFile(path, Kind.CLAIMS))
    values: dict[tuple[str, str], list[str]] = {}
    things: dict[str, set[str]] = {}
    for quad in quads:
        if isinstance(quad.object, NamedNode | Literal):
            key = getattr(quad.subject, "value", ""), quad.predicate.value
            values.setdefault(key, []).append(quad.object.value)
        if quad.graph_name != CLAIMS_GRAPH:
            about = things.setdefault(getattr(quad.graph_name, "value", ""), set())
            about |= {getattr(node, "value", "") for node in (quad.subject, quad.object)}

    def of(subject: str, name: str) -> list[str]:
        return values.get((subject, term(name).value), [])

    found = []
    for claim in sorted(things):
        for place in of(claim, "sg:place"):
            for selector in of(place, "oa:hasSelector"):
                start, end = of(selector, "oa:start"), of(selector, "oa:end")
                if start and end:
                    found.append(
                        HandMade(
                            claim,
                            Span(int(start[0]), int(end[0])),
                            frozenset(of(claim, "sg:speaker")),
                            frozenset(of(claim, "sg:via")),
                            of(claim, "sg:modality")[0].removeprefix(PREFIXES["sg"]),
                            frozenset(things[claim]),
                        )
                    )
    return found


def compare(wanted: list[HandMade], proposed: Draft, known: Knowledge, source: str) -> list[Figure]:
    """The figures, given the people's claims and a draft; ``known`` has the things of both."""
    same = _same_things(proposed, known)
    claims = list(proposed.claims)
    best = {one.iri: _nearest(one.span, claims, lambda c: c.span) for one in wanted}
    nearest = {id(c): _nearest(c.span, wanted, lambda one: one.span) for c in claims}
    return [
        _mentions(wanted, proposed, known, same, source),
        _places(wanted, claims, best, nearest),
        _of_claims(
            "speakers",
            wanted,
            claims,
            best,
            nearest,
            lambda w: w.speakers | w.via,
            _speakers(same, source),
        ),
        _of_claims(
            "speakers other than the source",
            wanted,
            claims,
            best,
            nearest,
            lambda w: (w.speakers | w.via) - {source},
            lambda c: _speakers(same, source)(c) - {source},
        ),
        _of_claims(
            "modality",
            wanted,
            claims,
            best,
            nearest,
            lambda w: frozenset({w.modality}),
            lambda c: frozenset({c.modality}),
        ),
        _of_claims(
            "modality other than fact",
            wanted,
            claims,
            best,
            nearest,
            lambda w: frozenset({w.modality}) - {"Fact"},
            lambda c: frozenset({c.modality}) - {"Fact"},
        ),
    ]


def _mentions(
    wanted: list[HandMade], proposed: Draft, known: Knowledge, same: dict[str, str], source: str
) -> Figure:
    """What bears a name, by sentence: things of its claims with their speakers.

    A piece of equipment goes by the name of its system. For precision, what the claims' own
    events and situations are said to involve counts as well: a stance on a purchase mentions the
    purchase, and the text names who bought.
    """
    involved: dict[str, set[str]] = {}
    for one in wanted:
        for thing in one.things:
            involved.setdefault(thing, set()).update(one.things)
    hit = want = right = had = 0
    for sentence in proposed.sentences:
        inside = [one for one in wanted if _mostly_in(one.span, sentence)]
        direct = {thing for one in inside for thing in one.things | one.speakers | one.via} - {
            source
        }
        near = {other for thing in direct for other in involved.get(thing, ())}
        strict = _bearing_names(direct, known)
        wide = _bearing_names(direct | near | _tied(direct, known), known)
        found = {
            same.get(one.thing.iri, one.thing.iri)
            for one in proposed.mentions
            if sentence.span.covers(one.span) and one.thing.named
        }
        want += len(strict)
        hit += len(strict & found)
        had += len(found)
        right += len(found & (wide | strict))
    return Figure("mentions", want, hit, had, right)


def _places(
    wanted: list[HandMade],
    claims: list[Proposed],
    best: dict[str, Proposed | None],
    nearest: dict[int, HandMade | None],
) -> Figure:
    found = sum(
        1 for one in wanted if (c := best[one.iri]) and c.span.likeness(one.span) >= SAME_PLACE
    )
    right = sum(
        1 for c in claims if (one := nearest[id(c)]) and one.span.likeness(c.span) >= SAME_PLACE
    )
    return Figure("places", len(wanted), found, len(claims), right)


def _of_claims(
    kind: str,
    wanted: list[HandMade],
    claims: list[Proposed],
    best: dict[str, Proposed | None],
    nearest: dict[int, HandMade | None],
    of_wanted: Callable[[HandMade], frozenset[str]],
    of_claim: Callable[[Proposed], frozenset[str]],
) -> Figure:
    """What the claim of the draft that is nearest in place agrees in, and the other way round."""
    found = right = total = had = 0
    for one in wanted:
        near = best[one.iri]
        total += len(of_wanted(one))
        found += len(of_wanted(one) & of_claim(near)) if near else 0
    for claim in claims:
        other = nearest[id(claim)]
        had += len(of_claim(claim))
        right += len(of_claim(claim) & of_wanted(other)) if other else 0
    return Figure(kind, total, found, had, right)


def _speakers(same: dict[str, str], source: str) -> Callable[[Proposed], frozenset[str]]:
    def of(claim: Proposed) -> frozenset[str]:
        who = {same.get(one.iri, one.iri) for one in (*claim.speakers, *claim.via)}
        return frozenset(who if claim.speakers else {*who, source})

    return of


def _nearest(span: Span, among: Iterable[_T], where: Callable[[_T], Span]) -> _T | None:
    ranked = [(where(one).likeness(span), -at, one) for at, one in enumerate(among)]
    best = max(ranked, key=lambda one: one[:2], default=None)
    return best[2] if best and best[0] > 0 else None


def _mostly_in(span: Span, sentence: Sentence) -> bool:
    return sentence.span.shared(span) * 2 > span.end - span.start


def _bearing_names(things: Iterable[str], known: Knowledge) -> set[str]:
    """Those that go by a name of their own; of equipment, its system."""
    found = set()
    for iri in things:
        thing = known.things.get(iri)
        if thing is not None and thing.is_a("Equipment"):
            found |= set(known.tied(iri, "sg:ofSystem"))
        elif thing is not None and thing.named:
            found.add(iri)
    return found


def _tied(things: Iterable[str], known: Knowledge) -> set[str]:
    """What the graph says that these events, situations and deals involve."""
    return {
        value
        for iri in things
        if (thing := known.things.get(iri)) and not thing.named
        for _, value in known.said.get(iri, ())
    }


def _same_things(proposed: Draft, known: Knowledge) -> dict[str, str]:
    """Of each newcomer, the thing that people made of it: one that bears the name."""
    by_name = {compact(name): thing.iri for thing in known.things.values() for name in thing.names}
    return {
        one.thing.iri: by_name[compact(one.thing.label)]
        for one in proposed.newcomers
        if compact(one.thing.label) in by_name
    }
