"""sanctiongraph: claims about states, laws and arms deals, each with its source and speaker.

>>> from sanctiongraph import Graph
>>> graph = Graph.open()  # doctest: +SKIP

The names here are imported when they are first used: processes that need little of the package
start in a fraction of the time.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sanctiongraph.claims import Claim
    from sanctiongraph.errors import SanctiongraphError
    from sanctiongraph.graph import Entity, Graph
    from sanctiongraph.results import Table

__all__ = ["Claim", "Entity", "Graph", "SanctiongraphError", "Table"]

_MODULES: Final = {
    "Claim": "claims",
    "Entity": "graph",
    "Graph": "graph",
    "SanctiongraphError": "errors",
    "Table": "results",
}


def __getattr__(name: str) -> object:
    """The public name, from its module."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = value
    return value
