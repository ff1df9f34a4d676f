"""Names: namespaces, the graphs of the dataset, and short forms of IRIs."""

from __future__ import annotations

import re
from typing import Final

from pyoxigraph import NamedNode

BASE: Final = "https://w3id.org/sanctiongraph/"

PREFIXES: Final[dict[str, str]] = {
    "sg": BASE + "ontology#",
    "id": BASE + "id/",
    "law": BASE + "law/",
    "claim": BASE + "claim/",
    "source": BASE + "source/",
    "graph": BASE + "graph/",
    "viewpoint": BASE + "viewpoint/",
    "scenario": BASE + "scenario/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "prov": "http://www.w3.org/ns/prov#",
    "org": "http://www.w3.org/ns/org#",
    "eli": "http://data.europa.eu/eli/ontology#",
    "oa": "http://www.w3.org/ns/oa#",
    "time": "http://www.w3.org/2006/time#",
    "schema": "https://schema.org/",
    "dcterms": "http://purl.org/dc/terms/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "void": "http://rdfs.org/ns/void#",
    "sh": "http://www.w3.org/ns/shacl#",
    "wd": "http://www.wikidata.org/entity/",
    "wdt": "http://www.wikidata.org/prop/direct/",
    "sssom": "https://w3id.org/sssom/",
    "semapv": "https://w3id.org/semapv/vocab/",
}

# The named graphs that are not claims.
CLAIMS_GRAPH: Final = NamedNode(PREFIXES["graph"] + "claims")
ONTOLOGY_GRAPH: Final = NamedNode(PREFIXES["graph"] + "ontology")
LAW_GRAPH: Final = NamedNode(PREFIXES["graph"] + "law")
REFERENCE_GRAPH: Final = NamedNode(PREFIXES["graph"] + "reference")
VIEWPOINTS_GRAPH: Final = NamedNode(PREFIXES["graph"] + "viewpoints")
SCENARIOS_GRAPH: Final = NamedNode(PREFIXES["graph"] + "scenarios")
LINKS_GRAPH: Final = NamedNode(PREFIXES["graph"] + "links")
#: What Wikidata says of linked items; see ``sanctiongraph link enrich``.
WIKIDATA_GRAPH: Final = NamedNode(PREFIXES["graph"] + "wikidata")
ENTAILED_GRAPH: Final = NamedNode(PREFIXES["graph"] + "entailed")

#: How the graphs begin that hold the names of things which only a register knows.
REGISTER_GRAPHS: Final = PREFIXES["graph"] + "register/"

_LOCAL_NAME: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?\Z")


def register_graph(register: str) -> NamedNode:
    """The graph with the names of a register's own things."""
    return NamedNode(REGISTER_GRAPHS + register)


def term(curie: str) -> NamedNode:
    """The IRI of a prefixed name such as ``sg:speaker``; ``KeyError`` for an unknown prefix."""
    prefix, _, local = curie.partition(":")
    return NamedNode(PREFIXES[prefix] + local)


def shorten(iri: str) -> str:
    """The prefixed name of an IRI, or the IRI as it is where no prefix fits or reads well.

    Claims and law IRIs keep their slashes: ``claim:turkey-us-caatsa-talks/039``. That is a short
    form for people and command lines; in SPARQL such a name is written as a full IRI.
    """
    best = ""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and len(namespace) > len(PREFIXES.get(best, "")):
            best = prefix
    if not best:
        return iri
    local = iri[len(PREFIXES[best]) :]
    if _LOCAL_NAME.match(local) or (best in {"claim", "law"} and local and " " not in local):
        return f"{best}:{local}"
    return iri


def called(iri: str) -> str:
    """The name by which commands call a thing: what follows ``id/``, or the short form of others."""
    return iri.removeprefix(PREFIXES["id"]) if iri.startswith(PREFIXES["id"]) else shorten(iri)


def local_name(iri: str) -> str:
    """What follows the last ``#`` or ``/`` of an IRI."""
    return iri[max(iri.rfind("#"), iri.rfind("/")) + 1 :]


def sparql_prologue() -> str:
    """``PREFIX`` lines for all known prefixes."""
    return "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
