"""What is made of pages before the first is asked for: see ``ahead``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

from flask import Flask

from sanctiongraph_server.pages.choosing import ShowInquiry
from sanctiongraph_server.pages.languages import LANGUAGES
from sanctiongraph_server.pages.start import ShowStart
from sanctiongraph_server.pages.supposing import ShowScenario
from sanctiongraph_server.tasks import Task

_OPTIONS: Final = "options"


def compile_templates(app: Flask) -> None:
    """Compiles all templates, which takes half a second."""
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)


def first_pages(day: dt.date) -> Iterator[Task[Any]]:
    """The pages of which a reader keeps what they are made of; their forms are those of all."""
    for language in LANGUAGES:
        yield ShowStart(language)
        yield ShowScenario((), {}, language)
        yield ShowInquiry(_OPTIONS, {"as_of": day.isoformat()}, language)
