"""Between the graph's IRIs and the addresses of the gateway: the same paths at another place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sanctiongraph.vocabulary import BASE, PREFIXES

#: What the first part of a path may be. Further graphs, such as ``graph/law``, are dumps.
KINDS: Final = ("id", "law", "claim", "source", "viewpoint", "scenario", "assessment")
ONTOLOGY: Final = PREFIXES["sg"].removesuffix("#")

#: Ending of an address, and the format's short name in ``negotiation``; of pages, none.
ENDINGS: Final = {
    "ttl": "turtle",
    "jsonld": "jsonld",
    "json": "jsonld",
    "nt": "nt",
    "rdf": "rdfxml",
    "trig": "trig",
    "nq": "nquads",
    "html": None,
}
#: The ending of each format, the usual one.
ENDING_OF: Final = {name: ending for ending, name in reversed(ENDINGS.items()) if name}


@dataclass(frozen=True, slots=True)
class Asked:
    """A path taken apart: which thing, and in which form if the path says one."""

    iri: str
    ending: str | None


def asked(path: str) -> Asked:
    """The thing at a path such as ``id/Turkey`` or ``id/Turkey.ttl``."""
    name, dot, ending = path.rpartition(".")
    if dot and ending in ENDINGS:
        return Asked(BASE + name, ending)
    return Asked(BASE + path, None)


def href(iri: str) -> str | None:
    """The address to link to: here for things of the graph, elsewhere for web addresses."""
    path = iri.removeprefix(BASE)
    if path != iri:
        kind = path.partition("#")[0].partition("/")[0]
        return f"/{path}" if kind in (*KINDS, "ontology") else None
    return iri if iri.startswith(("http://", "https://")) else None
