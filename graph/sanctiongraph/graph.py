"""The published graph for Python users: query it, run the library, walk from a thing to its claims."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pyoxigraph import (
    Literal,
    NamedNode,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    Triple,
)

from sanctiongraph import claims as claim_reading
from sanctiongraph import scratch
from sanctiongraph.binding import bind
from sanctiongraph.claims import Claim
from sanctiongraph.data import data_folders
from sanctiongraph.errors import BadQuery, EvaluationFailed, NotFound
from sanctiongraph.library import Library, thing
from sanctiongraph.published import Version, current
from sanctiongraph.reasoner import Reasoner
from sanctiongraph.results import Table
from sanctiongraph.settings import from_environment
from sanctiongraph.snapshots import Held, hold_newest
from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.stores.opening import open_store
from sanctiongraph.stores.record import read_version
from sanctiongraph.vocabulary import PREFIXES, term


class Graph:
    """The newest snapshot of what was written to a published graph, or else that graph; or the graph
    of a store across the network. Read-only.

    >>> graph = Graph.open()  # doctest: +SKIP
    >>> graph.query("SELECT ?d WHERE { ?d a sg:ArmsDeal }").to_pandas()  # doctest: +SKIP
    >>> [claim.wording for claim in graph.entity("S400").claims()]  # doctest: +SKIP
    """

    def __init__(
        self, store: GraphStore, version: Version, library: Library, held: Held | None = None
    ) -> None:
        """``version`` is the build that the graph is or goes back to; ``held`` keeps it from being
        removed as long as this lives.
        """
        self.store = store
        self.version = version
        self.library = library
        self.name = held.snapshot.name if held else version.name
        self._held = held

    @classmethod
    def open(cls, home: Path | str | None = None, *, store: str | None = None) -> Graph:
        """Opens the graph below ``home`` (``SANCTIONGRAPH_HOME``, else ``.sanctiongraph``).

        It is as it was at that moment, whatever is written later. ``store`` (without ``home``, also
        ``SANCTIONGRAPH_STORE``) is the address of a SPARQL 1.1 store to ask instead; the version is
        the one that it holds now. Raises ``NotBuilt`` where no graph is published, and for a store
        ``RemoteFailed`` or ``BuildBusy``.
        """
        settings = from_environment()
        library = Library(data_folders(settings.data).queries, settings.wikidata)
        if store or (settings.store and home is None):
            remote = open_store(settings, store)
            return cls(remote, read_version(remote), library)
        folder = Path(home) if home else settings.home
        held = hold_newest(folder)
        scratch.use(folder / scratch.NAME)
        return cls(held.snapshot.open(), current(folder).version, library, held)

    def query(
        self, sparql: str, parameters: Mapping[str, Literal | NamedNode] | None = None
    ) -> Table:
        """The answer to a SELECT, or an ASK as a table of one cell ``answer``.

        The prefixes of ``sanctiongraph.vocabulary`` are declared; ``$name`` in the text is replaced by
        the parameter of that name. Raises ``BadQuery``.
        """
        with _engine_errors():
            results = self._evaluate(sparql, parameters)
            if isinstance(results, QuerySolutions):
                return Table.of(results)
        if isinstance(results, QueryBoolean):
            return Table(("answer",), ((Literal(bool(results)),),))
        raise BadQuery("CONSTRUCT and DESCRIBE give triples: use construct()")

    def ask(self, sparql: str) -> bool:
        """The answer to an ASK. Raises ``BadQuery``."""
        with _engine_errors():
            results = self._evaluate(sparql, None)
        if not isinstance(results, QueryBoolean):
            raise BadQuery("not an ASK: use query() or construct()")
        return bool(results)

    def construct(self, sparql: str) -> list[Triple]:
        """The triples of a CONSTRUCT or DESCRIBE. Raises ``BadQuery``."""
        with _engine_errors():
            results = self._evaluate(sparql, None)
            if isinstance(results, QueryTriples):
                return list(results)
        raise BadQuery("not a CONSTRUCT or DESCRIBE: use query()")

    def run(self, name: str, /, **parameters: str) -> Table:
        """The answer of a library query. Raises ``NotFound`` or ``BadParameter``."""
        query = self.library[name]
        with _engine_errors():
            return query.run(self.store, parameters)

    @cached_property
    def reasoner(self) -> Reasoner:
        """The rules of the law over this graph."""
        return Reasoner.of(self.store, self.name)

    def entity(self, name: str) -> Entity:
        """A thing by name (``Turkey``), short form (``id:Turkey``) or IRI; of one that was merged
        into another, the other.

        Raises ``NotFound`` where nothing is said of it.
        """
        try:
            iri = thing(name)
        except ValueError as error:
            raise NotFound(f"{name!r}: {error}") from error
        if next(iter(self.store.quads_for_pattern(iri, None, None, None)), None) is None:
            raise NotFound(f"nothing is said of {name!r}: sanctiongraph query find --text {name!r}")
        merged = next(iter(self.store.quads_for_pattern(iri, term("sg:mergedInto"), None)), None)
        if merged is not None and isinstance(merged.object, NamedNode):
            iri = merged.object
        return Entity(self, iri.value)

    def claim(self, name: str) -> Claim:
        """A claim by ``source/number`` or IRI. Raises ``NotFound``."""
        iri = name if name.startswith("http") else PREFIXES["claim"] + name.removeprefix("claim:")
        try:
            found = claim_reading.claim(self.store, iri)
        except ValueError:  # no IRI, so no claim's
            found = None
        if found is None:
            raise NotFound(f"there is no claim {name!r}")
        return found

    def assertion(self, claim: Claim) -> list[Triple]:
        """The triples that a claim asserts, sorted."""
        return claim_reading.assertion(self.store, claim.iri)

    def label(self, iri: str, language: str = "en") -> str:
        """The label in a language, else in English, else the last part of the IRI."""
        labels: dict[str, str] = {}
        for quad in self.store.quads_for_pattern(NamedNode(iri), term("rdfs:label"), None):
            if isinstance(quad.object, Literal):
                labels[quad.object.language or ""] = quad.object.value
        return labels.get(language) or labels.get("en") or iri.rsplit("/", 1)[-1].rsplit("#", 1)[-1]

    def _evaluate(
        self, sparql: str, parameters: Mapping[str, Literal | NamedNode] | None
    ) -> QuerySolutions | QueryBoolean | QueryTriples:
        return self.store.query(bind(sparql, parameters or {}), prefixes=PREFIXES)


@contextlib.contextmanager
def _engine_errors() -> Iterator[None]:
    """The engine's errors as ours. Rows are found as they are asked for, so that fails here, too."""
    try:
        yield
    except SyntaxError as error:
        raise BadQuery(f"the query does not parse: {error}") from error
    except (OSError, RuntimeError, ValueError) as error:
        raise EvaluationFailed(f"the query could not be answered: {error}") from error


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing in the graph."""

    graph: Graph
    iri: str

    @property
    def label(self) -> str:
        """Its English label."""
        return self.graph.label(self.iri)

    def types(self) -> list[str]:
        """The IRIs of its classes, sorted."""
        quads = self.graph.store.quads_for_pattern(NamedNode(self.iri), term("rdf:type"), None)
        return sorted({quad.object.value for quad in quads if isinstance(quad.object, NamedNode)})

    def claims(self) -> list[Claim]:
        """Every claim whose assertion is about it, whoever makes it."""
        return claim_reading.claims_about(self.graph.store, self.iri)
