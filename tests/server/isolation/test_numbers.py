"""``/metrics`` after real requests: who waits, who works, what was ended, and what the cache did."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import httpx

from .conftest import ENDLESS, SMALL, eventually, serving


def numbers(client: httpx.Client) -> dict[str, float]:
    text = client.get("/metrics").text
    found = re.findall(r"^sanctiongraph_(\w+(?:{[^}]*})?) (\S+)$", text, re.MULTILINE)
    return {name: float(number) for name, number in found}


def test_what_happened_is_counted(graph: Path) -> None:
    settings = {"READERS": "1", "CACHE_MB": "1", "MAX_TIMEOUT": "60"}
    with serving(graph, **settings) as server, server.client() as client:
        before = numbers(client)
        for _ in range(3):
            assert client.get("/sparql", params={"query": f"{SMALL} #"}).status_code == 200
        after = numbers(client)
        assert after['cache_total{outcome="miss"}'] == before['cache_total{outcome="miss"}'] + 1
        assert (
            after['cache_total{outcome="hit"}'] - before.get('cache_total{outcome="hit"}', 0) == 2
        )
        assert (after["readers_busy"], after["queries_waiting"]) == (0, 0)
        for seconds in ("2", "2.5"):
            query = {"query": f"{ENDLESS} #{seconds}", "timeout": seconds}
            threading.Thread(target=_ask, args=(server.address, query)).start()
        assert eventually(
            lambda: (numbers(client)["readers_busy"], numbers(client)["queries_waiting"]) == (1, 1)
        )
        ended = 'readers_killed_total{cause="deadline"}'
        assert eventually(lambda: numbers(client).get(ended, 0) >= 1)
        assert eventually(
            lambda: (numbers(client)["readers_busy"], numbers(client)["queries_waiting"]) == (0, 0)
        )


def _ask(address: str, query: dict[str, str]) -> None:
    assert httpx.get(f"{address}/sparql", params=query, timeout=60).status_code == 503
