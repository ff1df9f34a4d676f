"""How things, classes and properties are called in the API: what follows the two spaces.

Things: ``id/SSB``, ``law/us/pl/115/44`` follow ``IDENTIFIER_SPACE``. Classes and properties are
local names of the vocabulary (``State``, ``supplier``) or prefixed names of others
(``skos:altLabel``).
"""

from __future__ import annotations

from typing import Final

from pyoxigraph import NamedNode

from sanctiongraph.errors import BadParameter
from sanctiongraph.vocabulary import BASE, PREFIXES, shorten

IDENTIFIER_SPACE: Final = BASE
SCHEMA_SPACE: Final = PREFIXES["sg"]


def identifier(iri: str) -> str:
    """The identifier of a thing; of one that is not ours, its IRI."""
    return iri.removeprefix(IDENTIFIER_SPACE)


def thing(identifier: str) -> str:
    """The IRI of a thing. Raises ``BadParameter`` where that is none."""
    if identifier.startswith(("http://", "https://")):
        return _checked(identifier)
    return _checked(IDENTIFIER_SPACE + identifier)


def schema_name(iri: str) -> str:
    """The identifier of a class or property."""
    return iri.removeprefix(SCHEMA_SPACE) if iri.startswith(SCHEMA_SPACE) else shorten(iri)


def schema_iri(name: str) -> str:
    """The IRI of a class or property. Raises ``BadParameter`` for an unknown prefix or no IRI."""
    if name.startswith(("http://", "https://")):
        return _checked(name)
    prefix, colon, local = name.partition(":")
    if not colon:
        return _checked(SCHEMA_SPACE + name)
    if prefix not in PREFIXES:
        raise BadParameter(
            f"{name} has an unknown prefix: write a name such as State or skos:Concept"
        )
    return _checked(PREFIXES[prefix] + local)


def _checked(iri: str) -> str:
    try:
        return NamedNode(iri).value
    except ValueError as error:
        raise BadParameter(f"{iri!r} is no IRI: write id/SSB or State, say") from error
