"""The law by its acts: ``/law``. Each act is a page of its own, at its own IRI."""

from __future__ import annotations

from flask import Blueprint, Response

from sanctiongraph_server.linked.law import ShowActs
from sanctiongraph_server.pages.languages import COMMON, language_of
from sanctiongraph_server.pages.showing import page
from sanctiongraph_server.parameters import parameters
from sanctiongraph_server.performing import Requests


def blueprint(asks: Requests) -> Blueprint:
    """The address of the list of acts."""
    found = Blueprint("acts", __name__)

    @found.get("/law")
    def acts() -> Response:
        given = parameters((), COMMON, "/law")
        return page("pages/acts.html", asks.perform(ShowActs(language_of(given)), given))

    return found
