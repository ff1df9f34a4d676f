"""Replies of other servers are used again as long as these say, and no longer."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from sanctiongraph.settings import from_environment
from sanctiongraph_server.app import create_app
from sanctiongraph_server.kept_replies import Kept, KeptReplies, seconds_fresh

from . import servers
from .conftest import NQUADS, publish_nquads
from .servers import RESULT, Server, replying

#: What they share takes seconds to make.
pytestmark = pytest.mark.xdist_group("kept replies")

Ask = Callable[..., list[str]]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keeping")
    publish_nquads(folder, NQUADS, "c" * 64)
    return folder


@pytest.fixture(scope="module")
def other() -> Iterator[Server]:
    with servers.serving() as server:
        yield server


@pytest.fixture(scope="module")
def ask(home: Path, other: Server) -> Ask:
    """Asks some applications in turn: none has in its memory what it was asked the last times."""
    in_turn: dict[str, deque[FlaskClient]] = {}

    def asked(address: str, pattern: str = "?s ?p ?x", **environment: str) -> list[str]:
        settings = {
            "SANCTIONGRAPH_HOME": str(home),
            "SANCTIONGRAPH_SERVICE_ALLOW": other.address,
            "SANCTIONGRAPH_READERS": "1",
            **environment,
        }
        clients = in_turn.setdefault(str(environment), deque())
        if len(clients) < 3:
            clients.append(create_app(from_environment(settings)).test_client())
        else:
            clients.rotate(-1)
        client = clients[-1]
        query = f"SELECT ?x {{ SERVICE <{address}> {{ {pattern} }} }}"
        response = client.post("/sparql?format=csv", data={"query": query})
        assert response.status_code == 200, response.text
        return response.text.split()[1:]

    return asked


def calls(other: Server, path: str) -> int:
    return sum(one[1] == path for one in other.calls)


def test_a_fresh_reply_is_used_again(ask: Ask, other: Server) -> None:
    address = other.tell(
        "/fresh", replying(Cache_Control="public, max-age=300"), replying(b"", status=500)
    )
    assert [ask(address) for _ in range(3)] == [["far"]] * 3
    assert calls(other, "/fresh") == 1


def test_another_query_is_another_reply(ask: Ask, other: Server) -> None:
    address = other.tell("/each", replying(Cache_Control="max-age=300"))
    ask(address), ask(address, "?s <http://example.org/p> ?x")
    assert calls(other, "/each") == 2


@pytest.mark.parametrize(
    ("name", "headers", "environment"),
    [
        ("silent", {}, {}),
        ("no-store", {"Cache_Control": "max-age=300, no-store"}, {}),
        ("aged", {"Cache_Control": "max-age=300", "Age": "300"}, {}),
        ("varies", {"Cache_Control": "max-age=300", "Vary": "*"}, {}),
        ("off", {"Cache_Control": "max-age=300"}, {"SANCTIONGRAPH_SERVICE_CACHE_SECONDS": "0"}),
    ],
)
def test_what_is_asked_each_time(
    ask: Ask, other: Server, name: str, headers: dict[str, str], environment: dict[str, str]
) -> None:
    address = other.tell(f"/{name}", replying(**headers))
    assert [ask(address, **environment) for _ in range(2)] == [["far"]] * 2
    assert calls(other, f"/{name}") == 2


def test_what_failed_and_what_came_by_a_redirect_is_not_kept(ask: Ask, other: Server) -> None:
    fresh = {"Cache_Control": "max-age=300"}
    where = other.tell("/where", replying(**fresh))
    moved = other.tell("/moved", replying(b"", status=307, Location=where, **fresh))
    assert [ask(moved) for _ in range(2)] == [["far"]] * 2
    assert calls(other, "/where") == 2
    broken = other.tell("/broken", replying(RESULT[:-3], **fresh), replying(**fresh))
    with pytest.raises(AssertionError, match="broken result"):
        ask(broken)
    assert ask(broken) == ["far"]


def test_it_ends(tmp_path: Path) -> None:
    kept = KeptReplies(tmp_path / "replies", 3_600)
    kept.keep("http://a/", "q", Kept("text/plain", b"one\ntwo"), fresh=0.5)
    assert kept.find("http://a/", "q") == Kept("text/plain", b"one\ntwo")
    time.sleep(0.6)
    assert kept.find("http://a/", "q") is None


def test_a_damaged_file_is_none(tmp_path: Path) -> None:
    kept = KeptReplies(tmp_path / "replies", 3_600)
    kept.keep("http://a/", "q", Kept("text/plain", b"one"), fresh=60)
    (file,) = (tmp_path / "replies").iterdir()
    for content in (file.read_bytes()[:-1], b"", b"{}\n", b"[]\nx", b"\xff\n"):
        file.write_bytes(content)
        assert kept.find("http://a/", "q") is None


def test_room_is_made_for_what_is_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sanctiongraph_server.kept_replies._MOST", 1_000)
    kept = KeptReplies(tmp_path / "replies", 3_600)
    for number in range(8):
        kept.keep("http://a/", str(number), Kept("text/plain", b"x" * 250), fresh=60)
    sizes = [file.stat().st_size for file in (tmp_path / "replies").iterdir()]
    assert sum(sizes) <= 1_500
    assert kept.find("http://a/", "7")
    assert not kept.find("http://a/", "0")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"cache-control": "public, max-age=300, s-maxage=10"}, 300),
        ({"cache-control": 'Max-Age="20"', "age": "5"}, 15),
        ({"cache-control": "max-age=x"}, 0),
        ({"cache-control": "max-age=-5"}, 0),
        ({"cache-control": "max-age=60, no-cache"}, 0),
        ({"cache-control": "max-age=99999999999999999999"}, 0),
    ],
)
def test_how_long(headers: dict[str, str], seconds: float) -> None:
    assert seconds_fresh(headers) == seconds
