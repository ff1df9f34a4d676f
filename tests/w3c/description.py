"""The three tests of the service description, which the manifest only names."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from .http import Response
from .manifests import RDF, SD, Test
from .target import Target

#: Domain and range of each property of the vocabulary; ``None`` is any resource.
PROPERTIES: dict[str, tuple[str, str | None]] = {
    "endpoint": ("Service", None),
    "feature": ("Service", "Feature"),
    "defaultEntailmentRegime": ("Service", "EntailmentRegime"),
    "defaultSupportedEntailmentProfile": ("Service", "EntailmentProfile"),
    "entailmentRegime": ("NamedGraph", "EntailmentRegime"),
    "supportedEntailmentProfile": ("NamedGraph", "EntailmentProfile"),
    "extensionFunction": ("Service", "Function"),
    "extensionAggregate": ("Service", "Aggregate"),
    "languageExtension": ("Service", "Feature"),
    "supportedLanguage": ("Service", "Language"),
    "propertyFeature": ("Service", "Feature"),
    "defaultDataset": ("Service", "Dataset"),
    "availableGraphs": ("Service", "GraphCollection"),
    "resultFormat": ("Service", None),
    "inputFormat": ("Service", None),
    "defaultGraph": ("Dataset", "Graph"),
    "namedGraph": ("GraphCollection", "NamedGraph"),
    "name": ("NamedGraph", None),
    "graph": ("NamedGraph", "Graph"),
}
#: Classes whose members the description has to type itself; others are known by their IRIs.
_OWN = frozenset({"Service", "Dataset", "Graph", "NamedGraph", "GraphCollection"})
_ABOVE = {"Dataset": "GraphCollection"}
_INSTANCES = {
    "Feature": {
        "DereferencesURIs",
        "UnionDefaultGraph",
        "RequiresDataset",
        "EmptyGraphs",
        "BasicFederatedQuery",
    },
    "Language": {"SPARQL10Query", "SPARQL11Query", "SPARQL11Update"},
}


def description(test: Test, target: Target) -> str | None:
    """Asks the endpoint without a query and looks at what it says of itself."""
    answer = target.client.send("GET", target.server.query, {"Accept": "text/turtle"})
    if answer.status != 200 or answer.media_type != "text/turtle":
        return answer.told()
    try:
        said = list(parse(answer.body, RdfFormat.TURTLE, base_iri=target.server.query))
    except SyntaxError as error:
        return f"the description does not parse: {error}"
    if test.id.endswith("#returns-rdf"):
        return None if said else answer.told()
    if test.id.endswith("#has-endpoint-triple"):
        wanted = (SD + "endpoint", target.server.query)
        found = any((one.predicate.value, _value(one)) == wanted for one in said)
        return None if found else _shown(answer)
    return _schema(said)


def _schema(said: list[Quad]) -> str | None:
    """Whether the terms are those of the vocabulary, on the resources that they are for."""
    types: dict[str, set[str]] = {}
    for quad in said:
        if quad.predicate.value == RDF + "type":
            types.setdefault(quad.subject.value, set()).add(_value(quad).removeprefix(SD))
    if not any("Service" in kinds for kinds in types.values()):
        return "nothing is a sd:Service"
    for quad in said:
        name = quad.predicate.value.removeprefix(SD)
        if not quad.predicate.value.startswith(SD):
            continue
        if name not in PROPERTIES:
            return f"sd:{name} is no property of the vocabulary"
        domain, range_ = PROPERTIES[name]
        if isinstance(quad.object, Literal):
            return f"sd:{name} has the literal {quad.object}"
        if not _is_a(quad.subject.value, domain, types):
            return f"the subject of {quad} is no sd:{domain}"
        if range_ in _OWN and not _is_a(_value(quad), range_, types):
            return f"the object of {quad} is no sd:{range_}"
        term = _value(quad).removeprefix(SD)
        if range_ in _INSTANCES and term != _value(quad) and term not in _INSTANCES[range_]:
            return f"sd:{term} is no sd:{range_}"
    return None


def _is_a(node: str, kind: str, types: dict[str, set[str]]) -> bool:
    kinds = types.get(node, set())
    return kind in kinds or any(_ABOVE.get(one) == kind for one in kinds)


def _value(quad: Quad) -> str:
    return quad.object.value if isinstance(quad.object, (NamedNode, Literal)) else str(quad.object)


def _shown(answer: Response) -> str:
    return f"no sd:endpoint with the endpoint's address: {answer.told()}"
