"""Between Flask and the readers: on which terms a request is worked on, and its answer."""

from __future__ import annotations

import time
from dataclasses import replace

from flask import Response, request

from sanctiongraph.settings import Settings
from sanctiongraph_server import rows, watching
from sanctiongraph_server.cancellation import ENVIRON_KEY, Cancellation
from sanctiongraph_server.cross_origin import DERIVED_HEADER, VERSION_HEADER
from sanctiongraph_server.deadlines import TIMEOUT, seconds
from sanctiongraph_server.evaluation import Query
from sanctiongraph_server.negotiation import Choice
from sanctiongraph_server.protocol import QueryRequest
from sanctiongraph_server.tasks import Answer, Performer, R, Task, Terms


class Requests:
    """Has the tasks of requests performed."""

    def __init__(self, settings: Settings, performer: Performer) -> None:
        self._settings = settings
        self._performer = performer

    def terms(self, timeout: str | None) -> Terms:
        """The terms of the request at work, which asks for ``timeout``. Raises ``BadParameter``."""
        given = request.environ.get(ENVIRON_KEY)
        usual, most = self._settings.timeout, self._settings.max_timeout
        return Terms(
            seconds(timeout, usual, most), given if isinstance(given, Cancellation) else None
        )

    def query(self, asked: QueryRequest, choice: Choice) -> Answer:
        """The answer to a query. Raises as ``Query.perform`` and ``Performer`` do."""
        terms = self.terms(asked.timeout)
        task = Query(asked, choice, time.monotonic() + terms.seconds)
        answer = self._performer.perform(task, terms)
        answer = replace(answer, body=(body := answer.whole()))
        watching.note_rows(rows.count(body, answer.content_type))
        return answer

    def answer(self, task: Task[Answer], given: dict[str, str]) -> Response:
        """The answer to a task, on the terms of the parameters of the request."""
        return response(self.perform(task, given))

    def perform(self, task: Task[R], given: dict[str, str]) -> R:
        """The result of a task that is no whole answer yet, on the same terms."""
        return self._performer.perform(task, self.terms(given.get(TIMEOUT)))


def response(answer: Answer) -> Response:
    """The answer over HTTP."""
    headers = {
        VERSION_HEADER: answer.version,
        DERIVED_HEADER: answer.derived,
    }
    return Response(answer.whole(), 200, headers, content_type=answer.content_type)
