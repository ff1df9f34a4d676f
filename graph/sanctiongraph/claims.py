"""Claims as values: what one asserts, who says so, how, where and when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QuerySolution,
    QuerySolutions,
    Triple,
)

from sanctiongraph.binding import bind
from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.vocabulary import PREFIXES

# One row a claim and speaker: a claim may have several speakers and passers-on.
#
# Each OPTIONAL is one triple whose subject is bound, by rdf:nil where there is no such node: of two
# triples an engine that joins by hashing reads all that the graph has.
_CLAIMS: Final = """
SELECT ?claim ?wording ?modality ?source ?paragraph ?start ?end ?entry ?seen ?speaker ?via
       ?said ?saidWhy ?window ?windowWording ?reading ?verification
WHERE {
  %s
  ?claim a sg:Claim ; sg:wording ?wording ; sg:modality ?modality ; sg:source ?source ;
         sg:speaker ?speaker ; sg:place ?place .
  OPTIONAL { ?claim sg:paragraph ?paragraph }
  OPTIONAL { ?place oa:hasSelector ?hasSelector }
  OPTIONAL { ?claim sg:saidOn ?saidOn }
  OPTIONAL { ?claim sg:window ?hasWindow }
  BIND(COALESCE(?hasSelector, rdf:nil) AS ?selector)
  BIND(COALESCE(?saidOn, rdf:nil) AS ?on)
  BIND(COALESCE(?hasWindow, rdf:nil) AS ?in)
  OPTIONAL { ?selector oa:start ?start }
  OPTIONAL { ?selector oa:end ?end }
  OPTIONAL { ?selector rdf:value ?entry }
  OPTIONAL { ?place sg:seen ?seen }
  OPTIONAL { ?claim sg:via ?via }
  OPTIONAL { ?on sg:edtf ?said }
  OPTIONAL { ?on sg:inferred ?saidWhy }
  OPTIONAL { ?in sg:edtf ?window }
  OPTIONAL { ?claim sg:windowWording ?windowWording }
  OPTIONAL { ?claim sg:reading ?reading }
  OPTIONAL { ?claim sg:verification ?verification }
}
ORDER BY ?claim ?speaker ?via
"""
_NAMED: Final = _CLAIMS % "VALUES ?claim { %s }"
_ABOUT: Final = _CLAIMS % "?claim sg:mentions $thing ."


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim. IRIs in full; offsets are code points from 0; dates are EDTF.

    ``seen`` says how much of the document was seen where the place is no span or entry of it.
    """

    iri: str
    wording: str
    modality: str
    source: str
    speakers: tuple[str, ...]
    via: tuple[str, ...] = ()
    paragraph: int | None = None
    start: int | None = None
    end: int | None = None
    entry: str | None = None
    seen: str | None = None
    said_on: str | None = None
    said_on_inferred: str | None = None
    window: str | None = None
    window_wording: str | None = None
    reading: str | None = None
    verification: str | None = None


def claim(store: GraphStore, iri: str) -> Claim | None:
    """The claim with that IRI, or ``None``."""
    return claims_named(store, [iri]).get(iri)


def claims_named(store: GraphStore, iris: Iterable[str]) -> dict[str, Claim]:
    """The claims with these IRIs, in their order; an IRI that is no claim's is left out."""
    named = " ".join(str(NamedNode(iri)) for iri in iris)
    return {one.iri: one for one in _read(store, _NAMED % named)}


def claims_about(store: GraphStore, iri: str) -> list[Claim]:
    """The claims whose assertion mentions the thing, in the order of their IRIs."""
    return _read(store, bind(_ABOUT, {"thing": NamedNode(iri)}))


def assertion(store: GraphStore, iri: str) -> list[Triple]:
    """The triples that a claim asserts, sorted."""
    quads: Iterable[Quad] = store.quads_for_pattern(None, None, None, NamedNode(iri))
    return sorted((quad.triple for quad in quads), key=str)


def _read(store: GraphStore, query: str) -> list[Claim]:
    rows = store.query(query, prefixes=PREFIXES)
    if not isinstance(rows, QuerySolutions):  # a SELECT always gives solutions
        raise TypeError(type(rows))
    grouped: dict[str, list[QuerySolution]] = {}
    for row in rows:
        grouped.setdefault(_text(row, "claim") or "", []).append(row)
    return [_claim(key, group) for key, group in grouped.items()]


def _claim(iri: str, rows: list[QuerySolution]) -> Claim:
    first = rows[0]
    return Claim(
        iri=iri,
        wording=_text(first, "wording") or "",
        modality=_text(first, "modality") or "",
        source=_text(first, "source") or "",
        speakers=_distinct(rows, "speaker"),
        via=_distinct(rows, "via"),
        paragraph=_number(first, "paragraph"),
        start=_number(first, "start"),
        end=_number(first, "end"),
        entry=_text(first, "entry"),
        seen=_text(first, "seen"),
        said_on=_text(first, "said"),
        said_on_inferred=_text(first, "saidWhy"),
        window=_text(first, "window"),
        window_wording=_text(first, "windowWording"),
        reading=_text(first, "reading"),
        verification=_text(first, "verification"),
    )


def _text(row: QuerySolution, name: str) -> str | None:
    cell = row[name]
    return cell.value if isinstance(cell, NamedNode | Literal | BlankNode) else None


def _number(row: QuerySolution, name: str) -> int | None:
    text = _text(row, name)
    return int(text) if text else None


def _distinct(rows: list[QuerySolution], name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for row in rows if (value := _text(row, name))))
