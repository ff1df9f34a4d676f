"""sanctiongraph: claims about states, laws and arms deals, each with its source and speaker.

>>> from sanctiongraph import Graph
>>> graph = Graph.open()  # doctest: +SKIP
"""

from sanctiongraph.claims import Claim
from sanctiongraph.errors import SanctiongraphError
from sanctiongraph.graph import Entity, Graph
from sanctiongraph.results import Table

__all__ = ["Claim", "Entity", "Graph", "SanctiongraphError", "Table"]
