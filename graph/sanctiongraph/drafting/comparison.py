"""What a source adds to the graph, what of it others say too, and what they contradict.

A claim is confirmed as far as another source's claim asserts the same: the same triple, or the
same date. Contradictions are those of the library query ``conflicting-claims``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from sanctiongraph.asserted import Asserted
from sanctiongraph.data import DataFolders
from sanctiongraph.dataset import background_of, derived
from sanctiongraph.library import Library
from sanctiongraph.reading import Kind, date_bounds, read_all
from sanctiongraph.vocabulary import PREFIXES, term

_TYPE = term("rdf:type")
_SOURCE = term("sg:source")
_EDTF = term("sg:edtf")
_LABEL = term("rdfs:label")
#: What an event or situation is said to be goes without saying, and a date's own triples are none.
_ASIDE = {_TYPE, _EDTF, term("sg:inferred"), term("sg:inferredFrom")}


@dataclass(frozen=True, slots=True)
class Said:
    """One assertion of a claim, with the claims of other sources that assert the same."""

    claim: str
    subject: str
    property: str
    value: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A claim of the source that cannot be right together with another one."""

    kind: str
    claim: str
    value: str
    other: str
    other_value: str


@dataclass(frozen=True, slots=True)
class Changed:
    """An assessment that is there only with the source, or only without it."""

    viewpoint: str
    rule: str
    party: str
    outcome: str
    level: str
    added: bool


@dataclass(frozen=True, slots=True)
class SourceDifference:
    """All that a source changes."""

    claims: int
    entities: tuple[str, ...]
    new: tuple[Said, ...]
    confirmed: tuple[Said, ...]
    contradictions: tuple[Contradiction, ...]
    #: ``None`` where assessments were not asked for.
    assessments: tuple[Changed, ...] | None = None


def source_difference(
    folders: DataFolders, source: str, *, assessments: bool = False
) -> SourceDifference:
    """What the source of this name, with its draft, changes in the graph of the other files.

    With ``assessments``, the graph is derived with the source and without it, which takes seconds.
    Raises ``BadData`` for data that does not parse.
    """
    ours: list[Quad] = []
    others: list[Quad] = []
    background: list[Quad] = []
    for file, quads in read_all(folders, source):
        mine = folders.sources / source in file.path.parents
        (ours if mine else others).extend(quads)
        if file.reference and file.kind is Kind.CLAIMS:
            background += background_of(quads)
    said = list(_said(ours, others))
    claims = {one.claim for one in said}
    return SourceDifference(
        claims=len(claims),
        entities=_new_entities(ours, others),
        new=tuple(one for one in said if not one.others),
        confirmed=tuple(one for one in said if one.others),
        contradictions=tuple(_contradictions(folders, [*ours, *others], source)),
        assessments=_assessments(ours, others, background) if assessments else None,
    )


def _said(ours: list[Quad], others: list[Quad]) -> Iterable[Said]:
    dates = _dates([*ours, *others])
    elsewhere: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for claim, key in _assertions(others, dates):
        elsewhere[key].add(claim)
    for claim, key in sorted(set(_assertions(ours, dates))):
        yield Said(claim, *key, tuple(sorted(elsewhere.get(key, ()))))


def _assertions(
    quads: Iterable[Quad], dates: Mapping[str, str]
) -> Iterable[tuple[str, tuple[str, str, str]]]:
    for quad in quads:
        graph = getattr(quad.graph_name, "value", "")
        if graph.startswith(PREFIXES["claim"]) and quad.predicate not in _ASIDE:
            value = _value(quad.object)
            yield graph, (_value(quad.subject), quad.predicate.value, dates.get(value, value))


def _dates(quads: Iterable[Quad]) -> dict[str, str]:
    """The EDTF of each date node, since two nodes say the same where they read the same."""
    return {_value(quad.subject): _value(quad.object) for quad in quads if quad.predicate == _EDTF}


def _new_entities(ours: list[Quad], others: list[Quad]) -> tuple[str, ...]:
    known = {quad.subject for quad in others if quad.predicate == _LABEL}
    new = {
        quad.subject.value
        for quad in ours
        if quad.predicate == _LABEL
        and isinstance(quad.subject, NamedNode)
        and quad.subject not in known
        and quad.subject.value.startswith(PREFIXES["id"])
    }
    return tuple(sorted(new))


def _contradictions(
    folders: DataFolders, quads: list[Quad], source: str
) -> Iterable[Contradiction]:
    store = Store()
    store.bulk_extend(quads)
    store.bulk_extend(list(date_bounds(quads)))
    for quad in list(store.quads_for_pattern(None, None, None, None)):
        graph = getattr(quad.graph_name, "value", "")
        if not graph.startswith((PREFIXES["claim"], PREFIXES["scenario"])):
            store.add(Quad(quad.subject, quad.predicate, quad.object, DefaultGraph()))
    ours = f"{PREFIXES['claim']}{source}/"
    table = Library(folders.queries)["conflicting-claims"].run(store)
    columns = {name: at for at, name in enumerate(table.columns)}
    found = set()
    for row in table.rows:
        claims = {side: _value(row[columns[f"claim{side}"]]) for side in "AB"}
        values = {side: _shown(row[columns[f"value{side}"]]) for side in "AB"}
        for mine, other in (("A", "B"), ("B", "A")):
            if claims[mine].startswith(ours):
                kind = _value(row[columns["kind"]])
                found.add((kind, claims[mine], values[mine], claims[other], values[other]))
    return (Contradiction(*one) for one in sorted(found))


def _assessments(
    ours: list[Quad], others: list[Quad], background: list[Quad]
) -> tuple[Changed, ...]:
    with_it = _assessed(derived(Asserted([*ours, *others], background)))
    without = _assessed(derived(Asserted(others, background)))
    return tuple(
        sorted(
            (Changed(*key, added=key in with_it) for key in with_it ^ without),
            key=lambda one: (one.viewpoint, one.rule, one.party, one.added, one.outcome),
        )
    )


def _assessed(store: Store) -> set[tuple[str, str, str, str, str]]:
    """The assessments, apart from their days."""
    names = ("onViewpoint", "assessedRule", "assessedParty", "outcome", "level")
    rows: dict[str, dict[str, str]] = defaultdict(dict)
    for name in names:
        for quad in store.quads_for_pattern(None, term(f"sg:{name}"), None, None):
            rows[_value(quad.subject)][name] = _value(quad.object)
    return {tuple(row.get(name, "") for name in names) for row in rows.values()}  # type: ignore[misc]


def _value(node: object) -> str:
    return getattr(node, "value", "")


def _shown(node: object) -> str:
    return node.value if isinstance(node, NamedNode | Literal) else str(node)
