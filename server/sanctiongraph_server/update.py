"""``/update``: SPARQL 1.1 Protocol, section 2.2, by direct POST and by form."""

from __future__ import annotations

from flask import Blueprint, Response, request

from sanctiongraph.errors import BadParameter, Forbidden
from sanctiongraph.tokens import Scope
from sanctiongraph_server.access import Access
from sanctiongraph_server.cross_origin import VERSION_HEADER
from sanctiongraph_server.problems import UnsupportedMediaType
from sanctiongraph_server.protocol import FORM, UPDATE
from sanctiongraph_server.writes import Update, Writes


def blueprint(writes: Writes | None, access: Access, most_bytes: int) -> Blueprint:
    """The address; without ``writes`` it is there and takes nothing."""
    found = Blueprint("update", __name__)

    @found.post("/update")
    def update() -> Response:
        access.require(Scope.WRITE)
        if writes is None:
            raise Forbidden("this server takes no writes: sanctiongraph serve starts one that does")
        request.max_content_length = most_bytes
        request.max_form_memory_size = most_bytes
        timeout = request.args.get("timeout", type=float)
        receipt = writes.apply(Update(_text(), request.base_url), timeout)
        return Response(status=204, headers={VERSION_HEADER: receipt.version})

    return found


def _text() -> str:
    if request.mimetype == FORM:
        text = request.form.get("update", "")
    elif request.mimetype == UPDATE:
        try:
            text = request.get_data().decode("utf-8")
        except UnicodeDecodeError as error:
            raise BadParameter(f"the update is not UTF-8: {error.reason}") from error
    else:
        raise UnsupportedMediaType(f"send {UPDATE} or {FORM}")
    if not text.strip():
        raise BadParameter("no update: give it as the body, or as update= in a form")
    return text
