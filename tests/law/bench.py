"""A bench for cases of law: a base graph, facts in Turtle on top, a rule asked, the answer compared.

A case supposes its facts beside the base, in a graph of their own that is emptied afterwards; what
follows from them follows as it does at build.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from sanctiongraph.answer import Answer, answer
from sanctiongraph.assessment import Assessment, assessed
from sanctiongraph.data import data_folders
from sanctiongraph.dataset import dataset
from sanctiongraph.entailment import entail
from sanctiongraph.increments import Increments
from sanctiongraph.law.algebra import Status
from sanctiongraph.law.rules import Law, read_law
from sanctiongraph.law.truthtable import Row
from sanctiongraph.naming import name_blank_nodes
from sanctiongraph.perspective import Perspective
from sanctiongraph.reading import Kind, data_files, read_file, with_date_bounds
from sanctiongraph.viewpoints import fill
from sanctiongraph.vocabulary import PREFIXES, term

FACTS = NamedNode("https://w3id.org/sanctiongraph/graph/facts-of-a-case")
_KEYS = {"title", "base", "facts", "rule", "party", "transaction", "as_of", "viewpoint", "expect"}
_EXPECTED = {"outcome", "level", "deciding", "statuses", "without_unverified", "no_case"}


@dataclass(frozen=True)
class Case:
    """A case as its file has it."""

    title: str
    rule: str
    party: str
    as_of: dt.date
    expect: Mapping[str, Any]
    base: str = "empty"
    facts: str = ""
    transaction: str | None = None
    viewpoint: str = "sources"


@dataclass
class Base:
    """A store whose default graph is what is accepted before the facts of a case are supposed."""

    store: Store
    law: Law = field(init=False)

    def __post_init__(self) -> None:
        self.law = read_law(self.store)

    @cached_property
    def increments(self) -> Increments:
        return Increments(self.store)

    @contextmanager
    def supposing(self, facts: str, viewpoint: str = "sources") -> Iterator[Perspective]:
        """What is believed while the facts hold."""
        graphs: list[DefaultGraph | NamedNode] = [DefaultGraph(), FACTS]
        if viewpoint != "sources":
            graphs.append(NamedNode(f"https://w3id.org/sanctiongraph/viewpoint/{viewpoint}"))
        quads = list(with_date_bounds(name_blank_nodes(turtle(facts))))
        fill(self.store, self.increments, FACTS, "case", (quad.triple for quad in quads))
        try:
            yield Perspective(self.store, tuple(graphs), viewpoint)
        finally:
            self.store.clear_graph(FACTS)


def real() -> Base:
    """The whole graph of the project."""
    return Base(dataset(data_folders()))


def empty(more_law: str = "") -> Base:
    """The vocabulary, the law and the things with their names, and no claim; ``more_law`` on top."""
    store = Store()
    kinds = {Kind.ONTOLOGY, Kind.LAW, Kind.ENTITIES}
    quads = [
        quad
        for file in data_files(data_folders())
        if file.kind in kinds
        for quad in read_file(file)
    ]
    law = term("graph:law")
    quads += name_blank_nodes(
        Quad(quad.subject, quad.predicate, quad.object, law) for quad in turtle(more_law)
    )
    store.bulk_extend(with_date_bounds(quads))
    store.update("INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }")
    entail(store)
    return Base(store)


def turtle(text: str) -> list[Quad]:
    """The triples of a Turtle text, whose prefixes are declared already."""
    prologue = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    return list(parse(prologue + text, format=RdfFormat.TURTLE))


def cases_of(text: str) -> list[Case]:
    """The cases of a YAML text; a key that means nothing is an error."""
    found = []
    for entry in yaml.safe_load(text)["cases"]:
        strange = (entry.keys() - _KEYS) | (entry["expect"].keys() - _EXPECTED)
        if strange:
            raise ValueError(f"{entry['title']}: no case has {', '.join(sorted(strange))}")
        if entry["expect"].get("deciding", True) == []:
            raise ValueError(f"{entry['title']}: an empty list of what decides checks nothing")
        facts = entry.pop("facts", "")
        found.append(Case(facts="\n".join(_flat(facts)), **entry))
    return found


def _flat(facts: str | list[Any]) -> Iterator[str]:
    """The texts of a list, which may have other cases' lists in it."""
    if isinstance(facts, str):
        yield facts
    else:
        for one in facts:
            yield from _flat(one)


def cases_in(folder: Path) -> list[tuple[str, Case]]:
    """The cases of all files in a folder, each with the name of its file."""
    return [
        (path.stem, case)
        for path in sorted(folder.glob("*.yaml"))
        for case in cases_of(path.read_text(encoding="utf-8"))
    ]


def ask(base: Base, perspective: Perspective, case: Case) -> Answer:
    """What the rule of a case makes of its party."""
    rule = base.law.rule(case.rule)
    party = PREFIXES["id"] + case.party
    transaction = PREFIXES["id"] + case.transaction if case.transaction else None
    return answer(perspective, base.law, rule, party, case.as_of, transaction=transaction)


def differences(base: Base, case: Case) -> list[str]:
    """Where the answer is another than the case expects."""
    with base.supposing(case.facts, case.viewpoint) as perspective:
        return list(_compare(base.law, ask(base, perspective, case), case.expect))


def _compare(law: Law, found: Answer, expect: Mapping[str, Any]) -> Iterator[str]:
    for name, got in (("outcome", found.outcome.value), ("level", found.level.value)):
        if got != expect.get(name, got):
            yield f"{name} is {got}, not {expect[name]}"
    one = found.strongest
    if expect.get("no_case", False) != (one is None):
        yield f"there are {len(found.cases)} cases"
    if one is None:
        return
    without = one.without_unverified.value
    if without != expect.get("without_unverified", one.outcome.value):
        yield f"without unverified law the outcome is {without}"
    names = {law.conditions[iri].name: iri for iri in one.statuses}
    for name, status in expect.get("statuses", {}).items():
        if name not in names:
            yield f"the rule has no condition {name}"
        elif one.statuses[names[name]].value != status:
            yield f"{name} is {one.statuses[names[name]].value}, not {status}"
    for name in _listed(expect.get("deciding", [])):
        if name not in names or not decides(law, one, names[name]):
            yield f"{name} does not decide: {_statuses(law, one)}"


def decides(law: Law, one: Assessment, condition: str) -> bool:
    """Whether the outcome or level would be another if this condition alone had another status."""

    def again(status: Status) -> Assessment:
        row = Row(one.case, {**one.statuses, condition: status}, one.level.value == "sanctioned")
        return assessed(law, one.rule, one.as_of, row)

    return any(
        (again(status).outcome, again(status).level) != (one.outcome, one.level)
        for status in Status
    )


def _listed(value: str | Sequence[str]) -> Sequence[str]:
    return [value] if isinstance(value, str) else value


def _statuses(law: Law, one: Assessment) -> dict[str, str]:
    return {law.conditions[iri].name: status.value for iri, status in one.statuses.items()}
