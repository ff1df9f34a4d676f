"""``/dump.nq.gz``, ``/dumps`` and ``/dumps/<graph>.nt.gz``: the data to take away."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, request

from sanctiongraph.errors import NotFound
from sanctiongraph.vocabulary import BASE
from sanctiongraph_server.deadlines import TIMEOUT
from sanctiongraph_server.linked.dereferencing import LICENCE
from sanctiongraph_server.linked.dumping import ACCEPTED, Part, TakeDump, listed
from sanctiongraph_server.linked.offers import names_page, page_at
from sanctiongraph_server.parameters import parameters
from sanctiongraph_server.performing import Requests, response
from sanctiongraph_server.repeatable import mark
from sanctiongraph_server.tasks import Answer, Opened, answered_in_json

_ENDING: Final = ".nt.gz"
_LICENCE_NAME: Final = "CC-BY-4.0"


@dataclass(frozen=True, slots=True)
class ListDumps:
    """The dumps that are offered, their addresses below ``root``."""

    root: str

    def perform(self, opened: Opened) -> Answer:
        """See ``tasks.Task``."""
        return answered_in_json(
            opened,
            [
                {
                    "address": self.root + one.part.path,
                    "graph": None if one.part.whole else one.part.graph or ACCEPTED,
                    "bytes": one.bytes or None,
                    "sha256": one.sha256 or None,
                    "license": _LICENCE_NAME,
                }
                for one in opened.once(listed)
            ],
        )


def blueprint(asks: Requests) -> Blueprint:
    """The addresses over the graph that is current at each request."""
    found = Blueprint("dumps", __name__)

    def dump(part: Part) -> Response:
        given = parameters((), (TIMEOUT,), "/dump.nq.gz")
        dumped = asks.perform(TakeDump(part), given)
        answer = response(dumped)
        digest = base64.b64encode(bytes.fromhex(dumped.sha256)).decode("ascii")
        # RFC 9530, and what it replaces, which more clients know.
        answer.headers["Repr-Digest"] = f"sha-256=:{digest}:"
        answer.headers["Digest"] = f"SHA-256={digest}"
        answer.headers.add("Link", LICENCE)
        name = part.path.replace("dumps/", "").replace("/", "-")
        answer.headers["Content-Disposition"] = f'attachment; filename="{_plain(name)}"'
        return mark(answer)

    @found.get("/dump.nq.gz")
    def whole() -> Response:
        return dump(Part(whole=True))

    @found.get("/dumps")
    def dumps() -> Response:
        if names_page(request.headers.get("Accept"), ("application/json",)):
            return page_at("/void#dumps")
        given = parameters((), (TIMEOUT,), "/dumps")
        answer = asks.answer(ListDumps(request.url_root), given)
        answer.vary.add("Accept")
        return mark(answer)

    @found.get("/dumps/<path:name>")
    def graph(name: str) -> Response:
        if not name.endswith(_ENDING):
            raise NotFound(f"dumps of graphs end in {_ENDING}: /dumps lists them")
        path = name.removesuffix(_ENDING)
        return dump(Part() if path == ACCEPTED else Part(BASE + path))

    return found


def _plain(name: str) -> str:
    return "".join(
        one if one.isascii() and (one.isalnum() or one in ".-_") else "_" for one in name
    )
