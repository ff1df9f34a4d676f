"""A scenario in the body of a request: Turtle or TriG, as ``docs/scenarios.md`` has it.

The body is read here as text and goes with the other parameters; where the question is answered it
becomes a scenario over the store that is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask import request

from sanctiongraph.errors import BadParameter
from sanctiongraph.scenario import Scenario, scenario_text
from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph_server.flask_request import http_request
from sanctiongraph_server.http_request import check_charset, media_type, plain_body, text
from sanctiongraph_server.problems import UnsupportedMediaType

#: The name under which the body goes with the parameters; no address takes it as one.
BODY: Final = "scenario_body"
#: What a scenario can be written in.
TYPES: Final = ("text/turtle", "application/trig")
#: What bodies are read, for ``Accept-Post``.
TAKEN: Final = ", ".join(TYPES)


def scenario_body(longest: int) -> dict[str, str]:
    """The body of a POST under its name; nothing where there is none.

    Raises ``UnsupportedMediaType`` for a body of another type, charset or coding,
    ``PayloadTooLarge`` for one of more than ``longest`` bytes, ``BadParameter`` for one that is
    not UTF-8 or where ``scenario`` names another.
    """
    if request.method != "POST":
        return {}
    asked = http_request(request.base_url, longest)
    if not asked.body:
        return {}
    kind, charset = media_type(asked.content_type)
    if kind not in TYPES:
        given = asked.content_type or "nothing"
        raise UnsupportedMediaType(
            f"a scenario of type {given!r} is not read: send {' or '.join(TYPES)}", TAKEN
        )
    check_charset(charset, TAKEN)
    body = plain_body(asked, longest, TAKEN)
    if request.args.get("scenario"):
        raise BadParameter("the body is a scenario: leave out the parameter scenario")
    return {BODY: text(body, "scenario")}


def supposed(store: GraphStore, given: Mapping[str, str]) -> str | Scenario | None:
    """The scenario that the parameters name or bring. Raises ``BadData`` and ``NotFound``."""
    if BODY in given:
        return scenario_text(given[BODY], store)
    return given.get("scenario")
