"""Numbers for Prometheus: what is counted, and the page that says it.

The parts of the gateway call the functions here and know nothing of Prometheus. With several worker
processes each writes its numbers to files in one folder (``PROMETHEUS_MULTIPROC_DIR``, which
``sanctiongraph serve`` makes), and whichever worker is asked adds them up. Readers and writer do
not import this module: they would leave a file each.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST
FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)

_REQUESTS: Final = Counter(
    "sanctiongraph_requests", "Requests by route, method and status.", ("route", "method", "status")
)
_LATENCY: Final = Histogram(
    "sanctiongraph_request_seconds", "Time to an answer, by route.", ("route",), buckets=_SECONDS
)
_CACHE: Final = Counter(
    "sanctiongraph_cache", "Requests that the cache could answer, by what it did.", ("outcome",)
)
_CACHE_ASKED: Final = {True: _CACHE.labels("hit"), False: _CACHE.labels("miss")}
_REFUSED: Final = Counter("sanctiongraph_rate_limited", "Requests refused by the rate limit.")
_LINES_LOST: Final = Counter(
    "sanctiongraph_log_lines_lost", "Lines of the log that nobody read in time."
)
_WAITING: Final = Gauge(
    "sanctiongraph_queries_waiting", "Queries that wait for a reader.", multiprocess_mode="livesum"
)
_BUSY: Final = Gauge(
    "sanctiongraph_readers_busy", "Readers that evaluate.", multiprocess_mode="livesum"
)
_KILLED: Final = Counter("sanctiongraph_readers_killed", "Readers ended, by cause.", ("cause",))
_AHEAD: Final = Counter(
    "sanctiongraph_learned_ahead", "Graphs that a reader learned ahead, by how much.", ("outcome",)
)
_WRITES: Final = Counter("sanctiongraph_writes", "Writes by kind and outcome.", ("kind", "outcome"))
_WRITE_SECONDS: Final = Histogram(
    "sanctiongraph_write_seconds", "Time from a write to its receipt.", buckets=_SECONDS
)


def request_answered(route: str, method: str, status: int, seconds: float) -> None:
    """A request was answered; ``route`` is the pattern of its address, never the address."""
    requests, latency = _of(route, method if method in _METHODS else "other", status)
    requests.inc()
    latency.observe(seconds)


@lru_cache(maxsize=4096)  # looking labels up takes longer than counting
def _of(route: str, method: str, status: int) -> tuple[Counter, Histogram]:
    return _REQUESTS.labels(route, method, str(status)), _LATENCY.labels(route)


def cache_asked(hit: bool) -> None:
    """The front was asked for an answer that may be kept: it had it, or the application gave it."""
    _CACHE_ASKED[hit].inc()


def rate_limited() -> None:
    """A request was refused because its client asks too often."""
    _REFUSED.inc()


def log_line_lost() -> None:
    """A line of the log was let go, since too many waited to be written."""
    _LINES_LOST.inc()


def queries_waiting(number: int) -> None:
    """As many queries of this worker wait for a reader now."""
    _WAITING.set(number)


def readers_busy(number: int) -> None:
    """As many readers of this worker evaluate now."""
    _BUSY.set(number)


def reader_killed(cause: str) -> None:
    """A reader was ended: ``deadline``, ``memory``, ``client-gone``, ``stepped-back`` or ``lost``."""
    _KILLED.labels(cause).inc()


def learned_ahead(outcome: str) -> None:
    """A reader learned a graph ahead: the ``whole`` of it, a ``part``, or that ``failed``."""
    _AHEAD.labels(outcome).inc()


def write_finished(kind: str, outcome: str, seconds: float) -> None:
    """A write (``update``, ``put``, ``add``, ``delete``) ended: ``made``, ``refused``, ``failed``."""
    _WRITES.labels(kind, outcome).inc()
    _WRITE_SECONDS.observe(seconds)


class _Version(Collector):
    """The version that is served, as a label: known when asked, the same for every worker."""

    def __init__(self, version: str | None) -> None:
        self._version = version

    def collect(self) -> Iterable[Metric]:
        family = GaugeMetricFamily(
            "sanctiongraph_version_info", "The version of the graph.", labels=["version"]
        )
        if self._version is not None:
            family.add_metric([self._version], 1)
        yield family


class _ThisProcess(Collector):
    def collect(self) -> Iterable[Metric]:
        yield from REGISTRY.collect()


def page(version: str | None) -> bytes:
    """The text format of Prometheus, over all workers; ``version`` is that of the graph."""
    registry = CollectorRegistry()
    if folder := os.environ.get(FOLDER):
        for pid in _gone(Path(folder)):
            mark_process_dead(pid, folder)  # type: ignore[no-untyped-call]
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(_ThisProcess())
    registry.register(_Version(version))
    return generate_latest(registry)


def _gone(folder: Path) -> Iterator[int]:
    """Workers that ended without a word: what they had at work and waiting no longer counts."""
    for file in folder.glob("gauge_live*.db"):
        match = re.fullmatch(r"gauge_live\w*?_(\d+)\.db", file.name)
        if match and not _alive(int(match[1])):
            yield int(match[1])


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
