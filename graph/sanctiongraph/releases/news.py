"""What became of the claims between two versions of the dataset: added, changed, withdrawn.

A claim is changed where it says something else under the same name, or where another claim, that is
a revision of it, took its place: so a changed row of a register is one change. It is withdrawn where
it is gone, or stands as ``sg:Withdrawn``. What the build derives is nobody's change of a claim.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from itertools import islice
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from sanctiongraph.releases.differences import differing, lines_of, quads_of
from sanctiongraph.vocabulary import CLAIMS_GRAPH, PREFIXES, term

_DERIVED: Final = frozenset(term(name) for name in ("sg:mentions", "sg:earliest", "sg:latest"))
_CLAIM: Final = PREFIXES["claim"]
_MARK: Final = f"<{_CLAIM}".encode()
_WITHDRAWN: Final = term("sg:Withdrawn").value
_BATCH: Final = 10_000


class Kind(Enum):
    """What became of a claim."""

    ADDED = "added"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class ClaimNews:
    """A claim and what became of it; of a changed one the triples that are gone and that came."""

    kind: Kind
    claim: str
    source: str
    speakers: tuple[str, ...]
    modality: str
    wording: str
    supersedes: str | None = None
    gone: tuple[str, ...] = ()
    came: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class News:
    """All that differs: claims, and quads that came and are gone by graph, claims taken together."""

    claims: tuple[ClaimNews, ...]
    graphs: Mapping[str, tuple[int, int]]

    def of(self, kind: Kind) -> list[ClaimNews]:
        """The claims of which this became."""
        return [one for one in self.claims if one.kind is kind]


@dataclass(slots=True)
class _State:
    """A claim in one version of the dataset; statements are N-Triples."""

    said: set[str] = field(default_factory=set)
    known: set[str] = field(default_factory=set)
    facts: dict[str, list[str]] = field(default_factory=dict)

    @property
    def stands(self) -> bool:
        """Whether it is there and not withdrawn."""
        modality = self.facts.get("sg:modality", [])
        return bool(modality) and _WITHDRAWN not in modality

    def one(self, name: str) -> str:
        return (self.facts.get(name) or [""])[0]


def compare(old: Path, new: Path) -> News:
    """What differs between two files of canonical N-Quads."""
    touched: set[str] = set()
    counts: dict[str, Counter[bool]] = {}
    for quad, is_new in differing(lines_of(old), lines_of(new)):
        claim = _claim_of(quad)
        if claim is not None and quad.predicate not in _DERIVED:
            touched.add(claim)
        counts.setdefault(_graph_of(quad), Counter())[is_new] += 1
    before, after = _states(old, touched), _states(new, touched)
    graphs = {name: (found[True], found[False]) for name, found in sorted(counts.items())}
    return News(tuple(_news(touched, before, after)), graphs)


def _news(
    touched: Collection[str], before: Mapping[str, _State], after: Mapping[str, _State]
) -> Iterator[ClaimNews]:
    nothing = _State()
    superseded = set()
    found = []
    for claim in sorted(touched):
        was, now = before.get(claim, nothing), after.get(claim, nothing)
        former = now.one("prov:wasRevisionOf") or None
        if now.stands and was.stands:
            gone, came = was.said | was.known, now.said | now.known
            if gone != came:
                found.append(_told(Kind.CHANGED, claim, now, None, gone - came, came - gone))
        elif now.stands and former is not None and before.get(former, nothing).stands:
            superseded.add(former)
            gone = {line.replace(former, claim) for line in before[former].said}
            differ = gone - now.said, now.said - gone
            found.append(_told(Kind.CHANGED, claim, now, former, *differ))
        elif now.stands:
            found.append(_told(Kind.ADDED, claim, now))
        elif was.stands:
            found.append(_told(Kind.WITHDRAWN, claim, was))
    for one in found:
        if one.claim not in superseded:
            yield one


def _told(
    kind: Kind,
    claim: str,
    state: _State,
    supersedes: str | None = None,
    gone: Iterable[str] = (),
    came: Iterable[str] = (),
) -> ClaimNews:
    return ClaimNews(
        kind=kind,
        claim=claim,
        source=state.one("sg:source"),
        speakers=tuple(sorted(state.facts.get("sg:speaker", ()))),
        modality=state.one("sg:modality"),
        wording=state.one("sg:wording"),
        supersedes=supersedes,
        gone=tuple(sorted(gone)),
        came=tuple(sorted(came)),
    )


_FACTS: Final = {
    term(name): name
    for name in ("sg:source", "sg:speaker", "sg:modality", "sg:wording", "prov:wasRevisionOf")
}


def _states(path: Path, claims: Collection[str]) -> dict[str, _State]:
    """The claims as they are in a file."""
    found: dict[str, _State] = {}
    lines = (line for line in lines_of(path) if _MARK in line)
    while batch := list(islice(lines, _BATCH)):
        for quad in quads_of(batch):
            claim = _claim_of(quad)
            if claim not in claims or claim is None or quad.predicate in _DERIVED:
                continue
            state = found.setdefault(claim, _State())
            if quad.graph_name == CLAIMS_GRAPH:
                state.known.add(str(quad.triple))
                if quad.predicate in _FACTS and quad.subject == NamedNode(claim):
                    value = quad.object
                    assert isinstance(value, NamedNode | Literal)
                    state.facts.setdefault(_FACTS[quad.predicate], []).append(value.value)
            else:
                state.said.add(str(quad.triple))
    return found


def _claim_of(quad: Quad) -> str | None:
    """The claim that a quad is of: that asserts it, or of which it is known."""
    graph, subject = quad.graph_name, quad.subject
    if isinstance(graph, NamedNode) and graph.value.startswith(_CLAIM):
        return graph.value
    if graph == CLAIMS_GRAPH and isinstance(subject, NamedNode):
        name = subject.value.partition("#")[0]
        return name if name.startswith(_CLAIM) else None
    return None


def _graph_of(quad: Quad) -> str:
    graph = quad.graph_name
    if not isinstance(graph, NamedNode):
        return ""
    return _CLAIM if graph.value.startswith(_CLAIM) else graph.value
