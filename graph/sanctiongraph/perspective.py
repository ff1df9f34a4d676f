"""From where a question is looked at: which graphs are believed, and what is supposed."""

from __future__ import annotations

from dataclasses import dataclass, field

from pyoxigraph import DefaultGraph, Quad, Triple

from sanctiongraph.beliefs import beyond_facts
from sanctiongraph.incremental.touching import Touched
from sanctiongraph.law.truthtable import ACCEPTED, GraphNames
from sanctiongraph.scenario import Scenario
from sanctiongraph.scenario import scenario as scenario_named
from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.supposition import supposed
from sanctiongraph.viewpoints import SOURCES
from sanctiongraph.viewpoints import viewpoint as viewpoint_named


@dataclass(frozen=True, slots=True)
class Perspective:
    """A store and the graphs of it that are merged into what is believed.

    ``viewpoint`` names whose word is taken beyond what sources state as fact (``sources``: nobody
    else's), ``scenario`` what is supposed on top (``None``: nothing). ``supposing`` has the perspective
    that it is supposed on, and the scenario itself; ``touched`` is what is believed otherwise than
    there.
    """

    store: GraphStore
    graphs: GraphNames = ACCEPTED
    viewpoint: str = SOURCES
    scenario: str | None = None
    supposing: tuple[Perspective, Scenario] | None = field(default=None, repr=False, compare=False)
    touched: Touched = field(default_factory=Touched, repr=False, compare=False)

    def believes(self, triple: Triple) -> bool:
        """Whether a triple is believed."""
        return any(
            Quad(triple.subject, triple.predicate, triple.object, graph) in self.store
            for graph in self.graphs
        )

    def beyond_facts(self) -> list[str]:
        """The claims that are believed beyond those of fact."""
        return beyond_facts(self.store, self.viewpoint)


def open_perspective(
    store: GraphStore, viewpoint: str = SOURCES, scenario: str | Scenario | None = None
) -> Perspective:
    """The perspective of a viewpoint and a scenario, by the last part of their IRIs or by IRI.

    The store stays as it is. Raises ``NotFound`` with the names
    that there are.
    """
    graphs: GraphNames = ACCEPTED
    if viewpoint != SOURCES:
        one = viewpoint_named(store, viewpoint)
        viewpoint = one.name
        graphs = ACCEPTED if viewpoint == SOURCES else (DefaultGraph(), one.graph)
    perspective = Perspective(store, graphs, viewpoint)
    if scenario is None:
        return perspective
    if isinstance(scenario, str):
        scenario = scenario_named(store, scenario)
    return suppose(perspective, scenario)


def suppose(perspective: Perspective, scenario: Scenario) -> Perspective:
    """The perspective where the scenario holds.

    Raises ``NotFound`` for a claim that is to be withdrawn and is not there.
    """
    found = supposed(perspective.store, perspective.viewpoint, perspective.graphs, scenario)
    return Perspective(
        found.store,
        perspective.graphs,
        perspective.viewpoint,
        scenario.name,
        (perspective, scenario),
        found.touched,
    )
