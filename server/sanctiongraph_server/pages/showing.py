"""From values that a reader made to a page: the frame, and the answer over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from flask import Flask, Response, render_template, request

from sanctiongraph_server.linked.offers import HTML, prefers_page
from sanctiongraph_server.pages.assets import Assets
from sanctiongraph_server.pages.languages import DEFAULT, LANG, LANGUAGES, in_language
from sanctiongraph_server.performing import response
from sanctiongraph_server.repeatable import mark
from sanctiongraph_server.tasks import Answer, Seen

#: Where the parts of the workbench are: what the navigation says, and the address.
NAVIGATION: Final = (
    ("Start", "/"),
    ("Assess", "/assess"),
    ("Compare", "/compare"),
    ("Scenarios", "/scenarios"),
    ("Law", "/law"),
    ("SPARQL", "/sparql"),
    ("Queries", "/queries"),
)


def install(app: Flask, version: Callable[[], str | None]) -> None:
    """Gives the application the frame of its pages: templates find in it what follows.

    ``asset(name)`` is the address of a file, ``has_asset(name)`` says whether there is one, and
    ``to(address)`` keeps the language on the way to another page of ours; macros have these three
    as well. ``language`` is its code; ``languages``, ``navigation`` and ``here`` are for the frame.

    ``version`` names the graph that is current: pages that show nothing of it say so as well.
    """
    assets = Assets.ours()
    blueprint = assets.blueprint()
    blueprint.template_folder = "templates"
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(
        asset=lambda name: assets[name].address,
        has_asset=lambda name: name in assets,
        to=lambda address: in_language(address, _language()),
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    @app.context_processor
    def frame() -> dict[str, Any]:
        here = request.full_path.removesuffix("?")
        return {
            "language": _language(),
            "languages": [
                (other, name, in_language(here, other)) for other, name in LANGUAGES.items()
            ],
            "navigation": NAVIGATION,
            "here": request.path,
            "version": version(),
        }


def _language() -> str:
    """That of the request; of one that asks for another it is told elsewhere that there is none."""
    code = request.args.get(LANG, DEFAULT)
    return code if code in LANGUAGES else DEFAULT


def page(template: str, seen: Seen, day: str | None = None, **values: Any) -> Response:
    """The page of what a reader made, as an answer that is kept by the version that it names.

    The template has it as ``seen``, beside the other values. ``day`` is the day (UTC) that the
    page is about, where the request names none: see ``repeatable.mark``.
    """
    html = render_template(template, seen=seen, version=seen.version, **values)
    answer = Answer(html.encode("utf-8"), HTML, seen.version, seen.derived)
    return mark(response(answer), day)


def problem(status: int, title: str, detail: str) -> Response | None:
    """What is wrong with the request at work, as a page if it is a browser's."""
    if not prefers_page(request.headers.get("Accept"), ()):
        return None
    html = render_template("pages/problem.html", status=status, title=title, detail=detail)
    return Response(html, content_type=HTML)
