"""What the rules make of a party, over HTTP: ``/assess``, ``/explain``, ``/rules``.

Thin over ``sanctiongraph.reasoner``. A table says which address answers what; parameters, formats
and errors are the same for all of them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from flask import Blueprint, Response, jsonify, request

from sanctiongraph.errors import BadParameter
from sanctiongraph.explain import to_json, to_text, to_turtle
from sanctiongraph.proof import Proof
from sanctiongraph.reasoner import Question, Reasoner
from sanctiongraph_server.current import Openable, Opened
from sanctiongraph_server.negotiation import parse_accept
from sanctiongraph_server.parameters import Parameters, parameters
from sanctiongraph_server.problems import NotAcceptable

Writer = Callable[[Proof, Reasoner], str]

_NEEDED: Final = ("rule", "party")
_OPTIONAL: Final = ("transaction", "as_of", "viewpoint", "scenario")
_FORMAT: Final = "format"

#: Short name, media type and writer; where the client does not mind, the first.
FORMATS: Final[tuple[tuple[str, str, Writer], ...]] = (
    ("json", "application/json", to_json),
    ("text", "text/plain", to_text),
    ("turtle", "text/turtle", to_turtle),
)


class Reasoners:
    """The reasoner of the graph that is current: law and axioms are read once a version."""

    def __init__(self, graph: Openable) -> None:
        self._graph = graph
        self._lock = threading.Lock()
        self._made: tuple[Opened, Reasoner] | None = None

    def current(self) -> Reasoner:
        """The reasoner. Raises ``NotBuilt`` where no graph is published."""
        opened = self._graph.opened()
        with self._lock:
            if self._made is None or self._made[0] is not opened:
                self._made = (opened, Reasoner.of(opened.store, opened.version.name))
            return self._made[1]


def explained(reasoner: Reasoner, given: Parameters) -> Proof:
    """What the rule makes of the party, with the proofs of all its cases."""
    return reasoner.explain(Question.of(**given))


#: Addresses, and what answers them from the parameters.
ANSWERS: Final[dict[str, Callable[[Reasoner, Parameters], Proof]]] = {
    "assess": explained,
    "explain": explained,
}


def blueprint(reasoners: Reasoners) -> Blueprint:
    """The addresses over the graph that is current at each request."""
    found = Blueprint("assessments", __name__)

    @found.get("/rules")
    def rules() -> Response:
        reasoner = reasoners.current()
        return jsonify(
            [
                {
                    "rule": rule.name,
                    "label": rule.label,
                    "asks": list(rule.asks),
                    "provision": reasoner.labels(rule.provision),
                    "iri": rule.iri,
                }
                for rule in reasoner.rules()
            ]
        )

    def answering(answer: Callable[[Reasoner, Parameters], Proof]) -> Callable[[], Response]:
        def respond() -> Response:
            media_type, write = _format()
            given = parameters(
                _NEEDED, (*_OPTIONAL, _FORMAT), "/assess?rule=caatsa-231-a&party=SSB"
            )
            given.pop(_FORMAT, None)
            reasoner = reasoners.current()
            body = write(answer(reasoner, given), reasoner)
            response = Response(body, content_type=f"{media_type}; charset=utf-8")
            response.vary.add("Accept")
            return response

        return respond

    for name, answer in ANSWERS.items():
        found.add_url_rule(f"/{name}", name, answering(answer))
    return found


def _format() -> tuple[str, Writer]:
    """The media type and the writer that the request asks for, by ``format`` or ``Accept``."""
    name = request.args.get(_FORMAT)
    if name:
        for short, media_type, writer in FORMATS:
            if name == short:
                return media_type, writer
        offered = ", ".join(short for short, _, _ in FORMATS)
        raise BadParameter(f"format {name!r} is not known: it is one of {offered}")
    ranges = parse_accept(request.headers.get("Accept", ""))
    weighed = [
        (_weight(media_type, ranges), media_type, writer) for _, media_type, writer in FORMATS
    ]
    weight, media_type, writer = max(weighed, key=lambda one: one[0])
    if weight == (0.0, False):
        offered = ", ".join(media_type for _, media_type, _ in FORMATS)
        raise NotAcceptable(f"this is to be had as {offered}")
    return media_type, writer


def _weight(media_type: str, ranges: dict[str, float]) -> tuple[float, bool]:
    """By the most specific range that fits, and whether that names the type."""
    if media_type in ranges:
        return ranges[media_type], ranges[media_type] > 0
    family = media_type.partition("/")[0] + "/*"
    return ranges.get(family, ranges.get("*/*", 0.0)), False
