"""Changes as requests ask for them: called off when the client goes, and counted."""

from __future__ import annotations

import time

from flask import request

from sanctiongraph.errors import SanctiongraphError
from sanctiongraph_server import metrics
from sanctiongraph_server.cancellation import ENVIRON_KEY, Cancellation
from sanctiongraph_server.writer.client import WriterClient
from sanctiongraph_server.writes import Change, Receipt


class RequestedWrites:
    """``Writes`` of the request at work: see there."""

    def __init__(self, client: WriterClient) -> None:
        self._client = client

    def apply(self, change: Change, timeout: float | None = None) -> Receipt:
        """Raises as the client does."""
        given = request.environ.get(ENVIRON_KEY)
        cancellation = given if isinstance(given, Cancellation) else None
        kind, begun = type(change).__name__, time.perf_counter()
        try:
            receipt = self._client.apply(change, timeout, cancellation)
        except SanctiongraphError as error:
            metrics.write_finished(kind, type(error).__name__, time.perf_counter() - begun)
            raise
        metrics.write_finished(kind, "made", time.perf_counter() - begun)
        return receipt
