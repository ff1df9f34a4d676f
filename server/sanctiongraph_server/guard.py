"""What a text may not do here: call an address that is not allowed, or nest too deep (``limits``).

The engine fetches what a ``SERVICE`` clause or a ``LOAD`` names. Here each is found (``clauses``)
and its address held against the operator's allow-list (``addresses``), which is empty by default.
Those that are allowed still do not reach the engine: ``outbound`` puts other addresses in their
places.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, QuerySolutions, Store

from sanctiongraph.errors import BadQuery, Forbidden
from sanctiongraph.vocabulary import PREFIXES
from sanctiongraph_server import limits
from sanctiongraph_server.addresses import AllowList
from sanctiongraph_server.clauses import Clause, declarations, find

NOWHERE: Final = AllowList()


@dataclass(frozen=True, slots=True)
class Call:
    """A clause that may be evaluated, and the address that it names."""

    clause: Clause
    iri: str


def check(query: str, allow: AllowList = NOWHERE, base_iri: str | None = None) -> list[Call]:
    """Refuses what this endpoint does not evaluate; see SPARQL 1.1 Protocol, section 4.

    Returns the calls that may be made, in their order. Raises ``Forbidden`` for a ``SERVICE`` clause whose address is not allowed, ``BadQuery`` for
    one whose address cannot be read, and for a query that goes beyond the limits.
    """
    limits.check(query)
    return calls(query, allow, base_iri)


def check_update(text: str, allow: AllowList = NOWHERE, base_iri: str | None = None) -> list[Call]:
    """The same for an update, in which ``LOAD`` calls out as well."""
    limits.check_update(text)
    return calls(text, allow, base_iri, update=True)


def calls_service(query: str) -> bool:
    """Whether the engine could find a ``SERVICE`` clause in this query.

    Never false for a query that calls out. True for a query that does not only in far-fetched
    cases, and a dot after a triple cures those.
    """
    return bool(find(query).clauses)


def calls(text: str, allow: AllowList, base_iri: str | None, update: bool = False) -> list[Call]:
    """The clauses of a text in their order, each of which is allowed.

    ``base_iri`` is what relative addresses are resolved against. Raises as ``check``.
    """
    found = find(text, update).clauses
    if not found:
        return []
    if not allow:
        raise Forbidden(
            f"{found[0].word} is not evaluated here: the allow-list of this endpoint"
            " (SANCTIONGRAPH_SERVICE_ALLOW) is empty, so it calls no other address."
            + _INSTEAD[found[0].word]
        )
    declared = declarations(text)
    return [
        Call(clause, _allowed(clause, text, declared, allow, base_iri))
        for clause in sorted(found, key=lambda clause: clause.start)
    ]


_INSTEAD: Final = {
    "SERVICE": " Ask both endpoints from your side and join there. Where no SERVICE is meant, end"
    " the triple before '{' with a dot",
    "LOAD": " Fetch the document and send it to the graph store",
}


def _allowed(
    clause: Clause, text: str, declared: str, allow: AllowList, base_iri: str | None
) -> str:
    target = clause.target(text)
    if not clause.plain:
        raise Forbidden(
            f"{clause.word} is held against the allow-list (SANCTIONGRAPH_SERVICE_ALLOW) only where"
            " it cannot be read in two ways: begin it on a line of its own, and write it, SILENT"
            " and the address apart"
        )
    if target[0] in "?$":
        raise Forbidden(
            f"SERVICE {target} is not evaluated here: which addresses a variable stands for is"
            " known too late to hold them against the allow-list"
            " (SANCTIONGRAPH_SERVICE_ALLOW). Write the address itself"
        )
    iri = _resolved(declared, target, base_iri)
    if clause.word == "LOAD" or iri not in allow.names:
        allow.admit(iri)
    return iri


def _resolved(declared: str, target: str, base_iri: str | None) -> str:
    """The IRI that a relative IRI or prefixed name stands for: the engine's parser knows."""
    try:
        rows = Store().query(
            f"{declared}\nSELECT ({target} AS ?iri) {{}}", base_iri=base_iri, prefixes=PREFIXES
        )
        assert isinstance(rows, QuerySolutions)
        iri = next(rows)["iri"]
    except (SyntaxError, ValueError) as error:
        raise BadQuery(
            f"{target} is no address: its prefix is not declared, or it is no IRI"
        ) from error
    assert isinstance(iri, NamedNode)
    return iri.value
