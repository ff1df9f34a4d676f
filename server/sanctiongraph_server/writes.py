"""What a client can change, as values; and who makes the change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from pyoxigraph import RdfFormat


@dataclass(frozen=True, slots=True)
class Update:
    """A SPARQL 1.1 Update: checked by the guard, with the dataset that the request names in it."""

    text: str
    base_iri: str


@dataclass(frozen=True, slots=True)
class PutGraph:
    """The graph is to hold the triples of the payload and no others; ``None`` is the default graph."""

    graph: str | None
    payload: bytes
    format: RdfFormat
    base_iri: str


@dataclass(frozen=True, slots=True)
class AddToGraph:
    """The graph is to hold the triples of the payload as well."""

    graph: str | None
    payload: bytes
    format: RdfFormat
    base_iri: str


@dataclass(frozen=True, slots=True)
class DeleteGraph:
    """The graph is to go, or where it is the default graph to be empty."""

    graph: str | None


Change = Update | PutGraph | AddToGraph | DeleteGraph


@dataclass(frozen=True, slots=True)
class Receipt:
    """A change that is on the disk and that the next query sees."""

    #: Name of the snapshot that holds it.
    version: str
    #: Whether the graph was there before; of an update, always true.
    existed: bool


class Writes(Protocol):
    """Makes changes, one after the other, each whole or not at all."""

    def apply(self, change: Change, timeout: float | None = None) -> Receipt:
        """Returns when the change is synced and published; ``timeout`` is in seconds.

        Raises ``BadQuery`` or ``BadData`` for what does not parse, ``NotFound`` for a graph to
        delete that is not there, ``EvaluationFailed``, ``DeadlineExceeded``, ``MemoryExceeded``,
        ``WorkerLost`` where it is not known whether the change was made, ``Overloaded`` and
        ``NotBuilt``. Of all but ``WorkerLost`` nothing is changed.
        """
        ...
