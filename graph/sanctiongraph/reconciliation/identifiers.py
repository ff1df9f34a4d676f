"""How things, classes and properties are called in the API: what follows the two spaces.

Things: ``id/SSB``, ``law/us/pl/115/44`` follow ``IDENTIFIER_SPACE``. Classes and properties are
local names of the vocabulary (``State``, ``supplier``) or prefixed names of others
(``skos:altLabel``).
"""

from __future__ import annotations

from typing import Final

from sanctiongraph.errors import BadParameter
from sanctiongraph.vocabulary import BASE, PREFIXES, shorten

IDENTIFIER_SPACE: Final = BASE
SCHEMA_SPACE: Final = PREFIXES["sg"]


def identifier(iri: str) -> str:
    """The identifier of a thing; of one that is not ours, its IRI."""
    return iri.removeprefix(IDENTIFIER_SPACE)


def thing(identifier: str) -> str:
    """The IRI of a thing."""
    if identifier.startswith(("http://", "https://")):
        return identifier
    return IDENTIFIER_SPACE + identifier


def schema_name(iri: str) -> str:
    """The identifier of a class or property."""
    return iri.removeprefix(SCHEMA_SPACE) if iri.startswith(SCHEMA_SPACE) else shorten(iri)


def schema_iri(name: str) -> str:
    """The IRI of a class or property. Raises ``BadParameter`` for an unknown prefix."""
    if name.startswith(("http://", "https://")):
        return name
    prefix, colon, local = name.partition(":")
    if not colon:
        return SCHEMA_SPACE + name
    if prefix not in PREFIXES:
        raise BadParameter(
            f"{name} has an unknown prefix: write a name such as State or skos:Concept"
        )
    return PREFIXES[prefix] + local
