"""What users give as text, on the command line or in an address: things and days."""

from __future__ import annotations

import datetime as dt

from sanctiongraph.errors import BadParameter
from sanctiongraph.library import thing


def iri(what: str, name: str) -> str:
    """The IRI of a thing given by name, short form or IRI; ``what`` names the parameter.

    Raises ``BadParameter``.
    """
    try:
        return thing(name).value
    except ValueError as error:
        raise BadParameter(f"{what} is {name!r}: {error}") from error


def day(what: str, text: str | None) -> dt.date:
    """A calendar day; today where none is given. Raises ``BadParameter``."""
    if not text:
        return dt.datetime.now(dt.UTC).date()
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise BadParameter(f"{what} is {text!r}: write a calendar day such as 2025-12-06") from None
