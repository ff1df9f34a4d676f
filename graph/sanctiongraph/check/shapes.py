"""The SHACL shapes, over all that all claims together say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pyoxigraph import Quad, RdfFormat, Triple, serialize

from sanctiongraph.check.findings import Finding
from sanctiongraph.check.parts import Parts
from sanctiongraph.errors import BadData, MissingExtra
from sanctiongraph.vocabulary import PREFIXES, shorten


def check_shapes(
    parts: Parts, shapes: Path, only: frozenset[str] | None = None
) -> Iterator[Finding]:
    """What the shapes in the file ``shapes`` refuse, each with the claim or the thing it is about.

    With ``only``, the IRIs of some things, those alone are looked at, which takes a fraction of the
    time; all data is still there to look them up in.

    Raises ``MissingExtra`` where pySHACL is not installed, ``BadData`` where the shapes do not parse.
    """
    try:
        import pyshacl
        import rdflib
    except ImportError as error:
        raise MissingExtra("pySHACL is not installed: install sanctiongraph[check]") from error

    data = rdflib.Graph()
    data.parse(data=_triples(parts.quads()), format="nt")
    rules = rdflib.Graph()
    try:
        rules.parse(shapes, format="turtle")
    except Exception as error:  # whatever rdflib's parser raises
        raise BadData(f"{shapes}: {error}") from error
    if only is not None and not only:
        return
    _, results, text = pyshacl.validate(
        data,
        shacl_graph=rules,
        inplace=True,
        inference="none",
        advanced=True,  # shapes that are aimed by a query
        focus_nodes=None if only is None else [rdflib.URIRef(iri) for iri in sorted(only)],
    )
    if not isinstance(results, rdflib.Graph):
        raise BadData(f"{shapes}: {text}")
    yield from _findings(parts, results, rules)


def _findings(parts: Parts, results: Any, rules: Any) -> Iterator[Finding]:
    from rdflib import Literal
    from rdflib.namespace import RDF, SH

    for result in results.subjects(RDF.type, SH.ValidationResult):
        focus = results.value(result, SH.focusNode)
        if isinstance(focus, Literal):
            continue  # a literal for a thing, of which the check of terms tells
        value = results.value(result, SH.value)
        message = str(results.value(result, SH.resultMessage))
        if value is not None and value != focus:
            message += f" (found: {shorten(str(value))})"
        # Where the property that is wrong is stated, or the one that calls for one that lacks.
        shape = results.value(result, SH.sourceShape)
        asked = [results.value(result, SH.resultPath)]
        asked += list(rules.objects(rules.value(None, SH.property, shape), SH.targetSubjectsOf))
        properties = [str(name) for name in asked if name is not None]
        yield parts.finding_of(str(focus), properties, str(value), _of(str(focus)) + message)


def _of(focus: str) -> str:
    """The name of the thing inside a claim that a message is about, where the claim is not enough."""
    if focus.startswith(PREFIXES["id"]):
        return f"{shorten(focus)}: "
    if focus.startswith(PREFIXES["claim"]) and "#" in focus:
        return f"{focus.partition('#')[2]}: "
    return ""


def _triples(quads: Iterator[Quad]) -> bytes:
    triples = (Triple(quad.subject, quad.predicate, quad.object) for quad in quads)
    return serialize(triples, format=RdfFormat.N_TRIPLES) or b""
