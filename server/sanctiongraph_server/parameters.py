"""The parameters of an address, read by name and refused where they are not known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from flask import request

from sanctiongraph.errors import BadParameter
from sanctiongraph.library import thing

Parameters = dict[str, str]


def parameters(needed: Sequence[str], optional: Sequence[str], example: str) -> Parameters:
    """The parameters of the request; an empty one counts as not given.

    Raises ``BadParameter`` for one that is unknown, missing or given twice.
    """
    known = (*needed, *optional)
    for name in request.args:
        if name not in known:
            raise BadParameter(f"there is no parameter {name!r}; there are: {', '.join(known)}")
        if len(request.args.getlist(name)) > 1:
            raise BadParameter(f"{name} is given more than once")
    given = {name: request.args[name] for name in known if request.args.get(name)}
    for name in needed:
        if name not in given:
            raise BadParameter(f"{name} is missing: {example}")
    return given


def day(given: Parameters, name: str) -> dt.date:
    """A calendar day; today where it is not given. Raises ``BadParameter``."""
    text = given.get(name)
    if text is None:
        return dt.datetime.now(dt.UTC).date()
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise BadParameter(f"{name} is {text!r}: write a calendar day such as 2025-12-06") from None


def named(given: Parameters, name: str) -> str | None:
    """The IRI of a thing given by name, short form or IRI. Raises ``BadParameter``."""
    text = given.get(name)
    if text is None:
        return None
    try:
        return thing(text).value
    except ValueError as error:
        raise BadParameter(f"{name} is {text!r}: {error}") from error
