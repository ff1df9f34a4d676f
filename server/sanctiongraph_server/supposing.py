"""A scenario in the body of a request: Turtle or TriG, as ``docs/scenarios.md`` has it.

The body is read here as text and goes with the other parameters; where the question is answered it
becomes a scenario over the store that is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from email.message import Message
from typing import Final

from flask import request

from sanctiongraph.errors import BadParameter
from sanctiongraph.scenario import Scenario, scenario_text
from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph_server.problems import PayloadTooLarge, UnsupportedMediaType

#: The name under which the body goes with the parameters; no address takes it as one.
BODY: Final = "scenario_body"
_TYPES: Final = ("text/turtle", "application/trig")


def scenario_body(longest: int) -> dict[str, str]:
    """The body of a POST under its name; nothing where there is none.

    Raises ``UnsupportedMediaType`` for a body of another type, ``PayloadTooLarge`` for one of more
    than ``longest`` bytes, ``BadParameter`` for one that is not UTF-8 or where ``scenario`` names
    another.
    """
    body = request.get_data(cache=False) if request.method == "POST" else b""
    if not body:
        return {}
    header = Message()
    header["content-type"] = request.headers.get("Content-Type") or "application/octet-stream"
    if header.get_content_type() not in _TYPES:
        given = request.headers.get("Content-Type") or "nothing"
        raise UnsupportedMediaType(
            f"a scenario of type {given!r} is not read: send {' or '.join(_TYPES)}",
            ", ".join(_TYPES),
        )
    if (request.headers.get("Content-Encoding") or "identity").strip().lower() != "identity":
        raise UnsupportedMediaType(
            "a scenario is read as it is: send it without a content encoding", ", ".join(_TYPES)
        )
    if len(body) > longest:
        raise PayloadTooLarge(f"the scenario is longer than {longest} bytes")
    if request.args.get("scenario"):
        raise BadParameter("the body is a scenario: leave out the parameter scenario")
    try:
        return {BODY: body.decode("utf-8")}
    except UnicodeDecodeError as error:
        raise BadParameter(f"the scenario is not UTF-8: byte {error.start}") from error


def supposed(store: GraphStore, given: Mapping[str, str]) -> str | Scenario | None:
    """The scenario that the parameters name or bring. Raises ``BadData`` and ``NotFound``."""
    if BODY in given:
        return scenario_text(given[BODY], store)
    return given.get("scenario")
