"""The parameters of an address, read by name and refused where they are not known."""

from __future__ import annotations

from collections.abc import Sequence

from flask import request

from sanctiongraph.errors import BadParameter

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
