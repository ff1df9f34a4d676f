"""Reconciliation Service API 0.2 at ``/reconcile``: for OpenRefine and whoever has a table of names.

Thin over ``sanctiongraph.reconciliation``; each answer is a task of a reader.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, Response, render_template, request

from sanctiongraph.errors import BadParameter, NotFound
from sanctiongraph.reconciliation import Service
from sanctiongraph.reconciliation.queries import read_batch, read_extension
from sanctiongraph_server import security_headers
from sanctiongraph_server.deadlines import TIMEOUT
from sanctiongraph_server.flask_request import http_request
from sanctiongraph_server.http_request import (
    FORM,
    Fields,
    address_fields,
    check_charset,
    fields,
    media_type,
    one,
    plain_body,
)
from sanctiongraph_server.linked.names import service
from sanctiongraph_server.linked.offers import HTML
from sanctiongraph_server.parameters import Parameters, WholeNumber, parameters
from sanctiongraph_server.performing import Requests, response
from sanctiongraph_server.problems import UnsupportedMediaType
from sanctiongraph_server.repeatable import mark
from sanctiongraph_server.tasks import Answer, Opened, answered_in_json

#: What a POST carries.
TAKEN: Final = FORM
KINDS: Final = ("entity", "type", "property")
#: Suggestions to leave out, and most properties to propose.
SKIPPED: Final = WholeNumber("cursor", 0, 1_000_000, default=0)
PROPOSED: Final = WholeNumber("limit", 0, 1_000, default=50)


def _reconciled(found: Service, given: Parameters) -> Any:
    return found.reconciled(read_batch(given["queries"]))


def _extended(found: Service, given: Parameters) -> Any:
    asked = read_extension(given["extend"])
    return found.extended(asked.ids, asked.properties)


def _suggested(found: Service, given: Parameters) -> Any:
    return found.suggested(given["kind"], given.get("prefix", ""), SKIPPED.read(given))


def _proposed(found: Service, given: Parameters) -> Any:
    limit = PROPOSED.read(given)
    try:
        return found.proposed(given["type"], limit)
    except BadParameter as error:
        raise NotFound(f"there is no such class: {error}") from error


def _manifest(found: Service, given: Parameters) -> Any:
    return found.manifest(given["address"], given["site"])


#: What there is to ask, by name; parameters are those of the address and what the view adds.
_ANSWERS: Final[dict[str, Callable[[Service, Parameters], Any]]] = {
    "manifest": _manifest,
    "queries": _reconciled,
    "extend": _extended,
    "suggest": _suggested,
    "propose": _proposed,
}


@dataclass(frozen=True, slots=True)
class Reconcile:
    """One of the service's answers, in JSON."""

    what: str
    given: Parameters

    def perform(self, opened: Opened) -> Answer:
        """Raises ``BadParameter`` for what is not of the form."""
        return answered_in_json(opened, _ANSWERS[self.what](opened.once(service), self.given))


@dataclass(frozen=True, slots=True)
class Preview:
    """What a preview of a thing shows."""

    identifier: str

    def perform(self, opened: Opened) -> tuple[dict[str, Any], str, str]:
        """The summary, with version and derived version. Raises ``NotFound``."""
        try:
            summary = opened.once(service).summary(self.identifier)
        except BadParameter:
            summary = None
        if summary is None:
            raise NotFound(f"no thing has the identifier {self.identifier!r}, such as id/SSB")
        return summary, opened.snapshot.name, opened.snapshot.derived


def blueprint(asks: Requests, longest: int) -> Blueprint:
    """The service at ``/reconcile``; ``longest`` is how many bytes a batch may have."""
    found = Blueprint("reconciling", __name__, template_folder="templates")

    def answer(what: str, given: Parameters) -> Response:
        return mark(asks.answer(Reconcile(what, given), given))

    @found.route("/reconcile", methods=["GET", "POST"])
    def reconcile() -> Response:
        given = _asked(longest)
        what = [name for name in ("queries", "extend") if name in given]
        if len(what) > 1:
            raise BadParameter("give queries or extend, not both")
        if not what and request.method == "POST":
            raise BadParameter('the form has neither: give queries={"q0": {"query": "Turkey"}}')
        if not what:
            address = request.base_url
            site = request.url_root.rstrip("/")
            return answer("manifest", {**given, "address": address, "site": site})
        return answer(what[0], given)

    def suggesting(kind: str) -> Callable[[], Response]:
        def suggest() -> Response:
            given = parameters((), ("prefix", "cursor", TIMEOUT), f"/reconcile/suggest/{kind}")
            return answer("suggest", {**given, "kind": kind})

        return suggest

    for kind in KINDS:
        found.add_url_rule(f"/reconcile/suggest/{kind}", f"suggest_{kind}", suggesting(kind))

    @found.get("/reconcile/extend/propose")
    def propose() -> Response:
        given = parameters(("type",), ("limit", TIMEOUT), "/reconcile/extend/propose?type=ArmsDeal")
        return answer("propose", given)

    @found.get("/reconcile/preview")
    def preview() -> Response:
        given = parameters(("id",), (TIMEOUT,), "/reconcile/preview?id=id/SSB")
        summary, version, derived = asks.perform(Preview(given["id"]), given)
        html = render_template("linked/preview.html", thing=summary)
        shown = response(Answer(html.encode("utf-8"), HTML, version, derived))
        shown.headers["Content-Security-Policy"] = security_headers.FRAMED
        return mark(shown)

    return found


def _asked(longest: int) -> Parameters:
    """The parameters of address and form; each is known, and there once."""
    asked = http_request(request.base_url, longest)
    given: Fields = address_fields(asked, longest)
    if asked.method == "POST":
        kind, charset = media_type(asked.content_type)
        if kind != FORM:
            raise UnsupportedMediaType(f"a batch is sent as a form: {FORM}", TAKEN)
        check_charset(charset, TAKEN)
        given = [*given, *fields(plain_body(asked, longest, TAKEN), "the form")]
    known = ("queries", "extend", TIMEOUT)
    for name, _ in given:
        if name not in known:
            raise BadParameter(f"there is no parameter {name!r}; there are: {', '.join(known)}")
    return {name: value for name in known if (value := one(given, name))}
