"""``/healthz`` (this process lives), ``/readyz`` (it can answer) and ``/metrics``."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Final

from flask import Blueprint, Response, jsonify

from sanctiongraph.errors import SanctiongraphError
from sanctiongraph_server import metrics
from sanctiongraph_server.problems import NotReady

#: Returns where a part works, raises where it does not.
Check = Callable[[], object]

_log = logging.getLogger(__name__)


#: Addresses that are answered whatever else works, a store elsewhere included.
INDEPENDENT: Final = frozenset({"/healthz", "/metrics"})


def blueprint(
    version: Callable[[], str | None],
    known: Callable[[], str | None],
    checks: Mapping[str, Check],
) -> Blueprint:
    """The addresses that operators ask; ``version`` names the graph, or is ``None`` without one.

    ``known`` names it without asking anybody else. ``checks`` say what has to work for queries to be answered, by name: a graph is open, a reader
    evaluates. They should be quick; one that raises makes the answer 503.
    """
    found = Blueprint("health", __name__)

    @found.get("/healthz")
    def health() -> Response:
        return _never_kept(jsonify(status="ok", version=known()))

    @found.get("/readyz")
    def ready() -> Response:
        results = {name: _said(name, check) for name, check in checks.items()}
        if not all(result == "ok" for result in results.values()):
            raise NotReady("queries are not answered at present", version(), results)
        return _never_kept(jsonify(status="ready", version=version(), checks=results))

    @found.get("/metrics")
    def numbers() -> Response:
        return _never_kept(Response(metrics.page(known()), content_type=metrics.CONTENT_TYPE))

    return found


def _said(name: str, check: Check) -> str:
    try:
        check()
    except SanctiongraphError as error:
        return str(error)
    except Exception:
        _log.exception("the check %r failed for a reason not foreseen", name)
        return "failed for a reason that the server's log has"
    return "ok"


def _never_kept(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
