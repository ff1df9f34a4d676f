"""Claims as pages show them: what is said, who says so through whom, how, when and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from sanctiongraph.claims import Claim
from sanctiongraph.vocabulary import shorten, term
from sanctiongraph_server.linked.iris import href
from sanctiongraph_server.linked.values import Own, Value, Values

_PRIMARY: Final = term("sg:PrimaryText").value
_CLAIM: Final = term("sg:Claim")
_TYPE: Final = term("rdf:type")


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
    """Reads claims of a store, each once: for the few of a page that is quicker than a query."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self._known: dict[str, Said | None] = {}

    def of(self, iris: Iterable[str]) -> tuple[Said, ...]:
        """The claims with these IRIs, in their order; what is no claim is left out."""
        found = (self._one(iri) for iri in dict.fromkeys(iris))
        return tuple(one for one in found if one is not None)

    def _one(self, iri: str) -> Said | None:
        if iri not in self._known:
            claim = self._read(NamedNode(iri))
            self._known[iri] = said(claim, self._values) if claim is not None else None
        return self._known[iri]

    def _read(self, node: NamedNode) -> Claim | None:
        """What a page shows of a claim; ``sanctiongraph.claims`` reads all of it."""
        own = self._values.own(node)
        wording, modality, source = (
            _first(own, name) for name in ("sg:wording", "sg:modality", "sg:source")
        )
        if _CLAIM not in own.get(_TYPE, []) or not (wording and modality and source):
            return None
        place = self._hanging(own, "sg:place")
        selector = self._hanging(place, "oa:hasSelector")
        said_on = self._hanging(own, "sg:saidOn")
        return Claim(
            iri=node.value,
            wording=wording,
            modality=modality,
            source=source,
            speakers=_all(own, "sg:speaker"),
            via=_all(own, "sg:via"),
            paragraph=_number(own, "sg:paragraph"),
            start=_number(selector, "oa:start"),
            end=_number(selector, "oa:end"),
            entry=_first(selector, "rdf:value"),
            said_on=_first(said_on, "sg:edtf"),
            said_on_inferred=_first(said_on, "sg:inferred"),
            verification=_first(own, "sg:verification"),
        )

    def _hanging(self, own: Own, name: str) -> Own:
        """What is said of the node that hangs on a thing by a property."""
        nodes = own.get(term(name), [])
        return next((self._values.own(one) for one in nodes if isinstance(one, NamedNode)), {})


def _all(own: Own, name: str) -> tuple[str, ...]:
    found = own.get(term(name), [])
    return tuple(sorted(one.value for one in found if isinstance(one, NamedNode | Literal)))


def _first(own: Own, name: str) -> str | None:
    return next(iter(_all(own, name)), None)


def _number(own: Own, name: str) -> int | None:
    text = _first(own, name)
    return int(text) if text else None


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
