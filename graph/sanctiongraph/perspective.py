"""From where a question is looked at: which graphs are believed, and what is supposed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pyoxigraph import DefaultGraph, Triple

from sanctiongraph.beliefs import beyond_facts
from sanctiongraph.law.truthtable import ACCEPTED, GraphNames
from sanctiongraph.scenario import Scenario
from sanctiongraph.scenario import scenario as scenario_named
from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.supposition import Supposed, supposed, supposed_in_turn
from sanctiongraph.viewpoints import SOURCES
from sanctiongraph.viewpoints import viewpoint as viewpoint_named


@dataclass(frozen=True, slots=True)
class Perspective:
    """A store and the graphs of it that are merged into what is believed.

    ``viewpoint`` names whose word is taken beyond what sources state as fact (``sources``: nobody
    else's), ``scenario`` what is supposed on top (``None``: nothing). ``supposing`` has the perspective
    that it is supposed on, and the scenario itself; whatever else is believed than there is
    among the triples ``touched``.
    """

    store: GraphStore
    graphs: GraphNames = ACCEPTED
    viewpoint: str = SOURCES
    scenario: str | None = None
    supposing: tuple[Perspective, Scenario] | None = field(default=None, repr=False, compare=False)
    touched: frozenset[Triple] = field(default=frozenset(), repr=False, compare=False)

    @property
    def background(self) -> GraphStore:
        """The store that has what no scenario changes: law, vocabulary, reference record, links."""
        return self.supposing[0].background if self.supposing else self.store

    def beyond_facts(self) -> list[str]:
        """The claims that are believed beyond those of fact."""
        return beyond_facts(self.store, self.viewpoint)


def open_perspective(
    store: GraphStore, viewpoint: str = SOURCES, scenario: str | Scenario | None = None
) -> Perspective:
    """The perspective of a viewpoint and a scenario, by the last part of their IRIs or by IRI.

    A scenario is supposed in a copy; the store stays as it is. Raises ``NotFound`` with the names
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
    """The perspective where the scenario holds, over a copy of the store.

    Raises ``NotFound`` for a claim that is to be withdrawn and is not there.
    """
    found = supposed(
        perspective.store,
        perspective.viewpoint,
        perspective.graphs,
        scenario,
        perspective.background,
    )
    return _there(perspective, scenario, found)


def suppose_in_turn(
    perspective: Perspective, scenarios: Iterable[Scenario]
) -> Iterator[tuple[Scenario, Perspective]]:
    """Each scenario with the perspective where it holds, until the next one is asked for.

    Quicker than ``suppose`` for each. Raises as that does.
    """
    chosen = list(scenarios)
    found = supposed_in_turn(
        perspective.store,
        perspective.viewpoint,
        perspective.graphs,
        chosen,
        perspective.background,
    )
    for scenario, one in zip(chosen, found, strict=True):
        yield scenario, _there(perspective, scenario, one)


def _there(perspective: Perspective, scenario: Scenario, found: Supposed) -> Perspective:
    return Perspective(
        found.store,
        ACCEPTED,
        perspective.viewpoint,
        scenario.name,
        (perspective, scenario),
        found.touched,
    )
