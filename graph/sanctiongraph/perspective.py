"""From where a question is looked at: which graphs are believed, and what is supposed."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import Store

from sanctiongraph.law.truthtable import ACCEPTED, GraphNames


@dataclass(frozen=True, slots=True)
class Perspective:
    """A store and the graphs of it that are merged into what is believed.

    ``viewpoint`` names whose word is taken beyond what sources state as fact (``sources``: nobody
    else's), ``scenario`` what is supposed on top (``None``: nothing).
    """

    store: Store
    graphs: GraphNames = ACCEPTED
    viewpoint: str = "sources"
    scenario: str | None = None
