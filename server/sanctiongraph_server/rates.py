"""How often one client may ask: a token bucket for each.

A bucket holds as many requests as a minute allows and is filled evenly. Each worker process counts
for itself, so with several a client may get through up to that many times as often.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from sanctiongraph.errors import TooManyRequests

#: Most clients that are remembered; some 200 bytes each.
MOST_CLIENTS: Final = 50_000


class Rates:
    """Counts requests; 0 a minute admits all."""

    def __init__(
        self,
        per_minute: int,
        most_clients: int = MOST_CLIENTS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._per_minute = per_minute
        self._per_second = per_minute / 60
        self._most_clients = most_clients
        self._clock = clock
        self._lock = threading.Lock()
        # Requests left and when that was counted, by client; who asked last is at the end.
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def admit(self, client: str) -> None:
        """Counts a request; raises ``TooManyRequests`` where the client has none left."""
        if not self._per_minute:
            return
        now = self._clock()
        with self._lock:
            left, counted = self._buckets.pop(client, (float(self._per_minute), now))
            left = min(self._per_minute, left + (now - counted) * self._per_second)
            admitted = left >= 1
            self._buckets[client] = (left - admitted, now)
            if len(self._buckets) > self._most_clients:
                # Whoever asked longest ago has the fullest bucket, or nearly so.
                self._buckets.popitem(last=False)
        if not admitted:
            wait = math.ceil((1 - left) / self._per_second)
            raise TooManyRequests(
                f"more than {self._per_minute} requests a minute: ask again in {wait} seconds", wait
            )
