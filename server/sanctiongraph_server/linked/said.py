"""Claims as pages show them: what is said, who says so through whom, how, when and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sanctiongraph.claims import Claim, claims_named
from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.vocabulary import shorten, term
from sanctiongraph_server.linked.iris import href
from sanctiongraph_server.linked.values import Value, Values

_PRIMARY: Final = term("sg:PrimaryText").value
#: Claims of which one query reads the record; a longer one takes the engine longer than two.
_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class Said:
    """A claim. ``own_voice`` where the source itself says so; ``place`` leads to the paragraph."""

    claim: Value
    wording: str
    speakers: tuple[Value, ...]
    via: tuple[Value, ...]
    modality: Value
    said_on: str
    inferred: str
    source: Value
    place: Value
    verification: Value | None
    own_voice: bool


class Saying:
    """Reads claims of a store, each once."""

    def __init__(self, store: GraphStore, values: Values) -> None:
        self._store = store
        self._values = values
        self._known: dict[str, Said] = {}

    def of(self, iris: Iterable[str]) -> tuple[Said, ...]:
        """The claims with these IRIs, in their order; what is no claim is left out."""
        wanted = list(dict.fromkeys(iris))
        unknown = [iri for iri in wanted if iri not in self._known]
        for first in range(0, len(unknown), _AT_ONCE):
            found = claims_named(self._store, unknown[first : first + _AT_ONCE])
            self._known.update((iri, said(one, self._values)) for iri, one in found.items())
        return tuple(self._known[iri] for iri in wanted if iri in self._known)


def said(claim: Claim, values: Values) -> Said:
    """A claim as a page shows it."""
    verification = claim.verification
    return Said(
        claim=Value(shorten(claim.iri), href(claim.iri), iri=claim.iri),
        wording=claim.wording,
        speakers=tuple(map(values.named, claim.speakers)),
        via=tuple(map(values.named, claim.via)),
        modality=values.named(claim.modality),
        said_on=claim.said_on or "",
        inferred=claim.said_on_inferred or "",
        source=values.named(claim.source),
        place=place(claim),
        verification=values.named(verification)
        if verification and verification != _PRIMARY
        else None,
        own_voice=claim.speakers == (claim.source,),
    )


def place(claim: Claim) -> Value:
    """Where in its source a claim stands, leading to that paragraph of the source's page."""
    source = href(claim.source) or ""
    if claim.paragraph is not None:
        where = f"paragraph {claim.paragraph}"
        if claim.start is not None:
            where += f", characters {claim.start} to {claim.end}"
        return Value(where, f"{source}#p{claim.paragraph}")
    return Value(claim.entry or "the document as a whole", f"{source}#claims")
