"""Requests reach a WSGI application as PEP 3333 has it, and its answers reach the client whole."""

from __future__ import annotations

import hashlib
import http.client
import json
import socket
import time
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .conftest import Telling

TOKEN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-!#$%&'*+.^`|~"
#: Of who may send more than a query.
WRITER = {"Authorization": "Bearer t"}
#: What a client may not choose: the server reads them itself.
OWN = {
    "host", "content-length", "transfer-encoding", "connection", "expect", "upgrade", "te",
    "trailer", "content-type", "authorization", "accept-encoding", "keep-alive", "http2-settings",
    "proxy-connection",
}  # fmt: skip
names = st.text(TOKEN, min_size=1, max_size=20).filter(lambda name: name.lower() not in OWN)
values = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=60).map(str.strip)
methods = st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "REPORT", "HEAD"])
paths = st.lists(st.text(max_size=8), max_size=4).map(
    lambda parts: "/echo/" + "/".join(quote(part, safe="") for part in parts)
)
queries = st.text(st.sampled_from("abc=&+%?/:@!$'()*,;-._~0123456789ABCDEF"), max_size=60).filter(
    lambda text: "#" not in text
)


def ask(port: int, raw: bytes) -> http.client.HTTPResponse:
    """What the server answers to these very bytes."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(raw)
        response = http.client.HTTPResponse(connection, method=raw.split(b" ", 1)[0].decode())
        response.begin()
        response.body = response.read()  # type: ignore[attr-defined]
        return response


def told(response: http.client.HTTPResponse) -> dict[str, str]:
    assert response.status == 200
    found: dict[str, str] = json.loads(response.body)  # type: ignore[attr-defined]
    return found


@settings(max_examples=150)
@given(
    method=methods,
    path=paths,
    query=queries,
    headers=st.lists(st.tuples(names, values), max_size=8),
    body=st.binary(max_size=3_000),
    sizes=st.one_of(st.none(), st.lists(st.integers(1, 700), min_size=1, max_size=5)),
)
def test_a_request_arrives_as_it_was_sent(
    telling: Telling,
    method: str,
    path: str,
    query: str,
    headers: list[tuple[str, str]],
    body: bytes,
    sizes: list[int] | None,
) -> None:
    lines = [f"{method} {path}?{query} HTTP/1.1", "Host: example.org:81", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers]
    if sizes is None:
        lines.append(f"Content-Length: {len(body)}")
        sent = body
    else:
        lines.append("Transfer-Encoding: chunked")
        sent, at = b"", 0
        while at < len(body):
            part = body[at : at + sizes[at % len(sizes)]]
            sent += f"{len(part):x}\r\n".encode() + part + b"\r\n"
            at += len(part)
        sent += b"0\r\n\r\n"
    response = ask(telling.port, "\r\n".join(lines).encode("ascii") + b"\r\n\r\n" + sent)
    if method == "HEAD":
        assert (response.status, response.body) == (200, b"")  # type: ignore[attr-defined]
        return
    found = told(response)
    assert found["REQUEST_METHOD"] == method
    assert found["PATH_INFO"] == unquote_to_bytes(path).decode("latin-1")
    assert found["QUERY_STRING"] == query
    assert found["HTTP_HOST"] == "example.org:81"
    assert found["REMOTE_ADDR"] == "127.0.0.1"
    assert found["SERVER_PROTOCOL"] == "HTTP/1.1"
    assert found["SERVER_PORT"] == str(telling.port)
    taken = body if method not in {"GET", "OPTIONS"} else b""
    assert found["sha256"] == hashlib.sha256(taken).hexdigest()
    assert found["CONTENT_LENGTH"] == found["read"] == str(len(taken))
    expected: dict[str, list[str]] = {}
    for name, value in headers:
        expected.setdefault(name.lower(), []).append(value)
    for name, every in expected.items():
        glue = "; " if name == "cookie" else ", "
        assert found["HTTP_" + name.upper().replace("-", "_")] == glue.join(every)
    assert response.headers.get_all("X-Two") == ["1", "2"]


@pytest.mark.parametrize(
    ("path", "seen"),
    [
        ("/echo/%C3%A9", "/echo/\u00c3\u00a9"),
        ("/echo/a%2Fb%3Fc", "/echo/a/b?c"),
        ("/echo//a/../b", "/echo//a/../b"),
    ],
)
def test_paths_are_decoded_once(telling: Telling, path: str, seen: str) -> None:
    assert (
        told(ask(telling.port, f"GET {path} HTTP/1.1\r\nHost: h\r\n\r\n".encode()))["PATH_INFO"]
        == seen
    )


def test_bytes_that_are_no_utf8_do_no_harm(telling: Telling) -> None:
    raw = b"GET /echo/%ff%FE?a=\xc3\xa9 HTTP/1.1\r\nHost: h\r\nX-Odd: \xe9\r\n\r\n"
    found = told(ask(telling.port, raw))
    assert found["QUERY_STRING"] == "a=\u00c3\u00a9"
    assert "HTTP_X_ODD" not in found


def test_a_header_that_could_be_taken_for_another_is_left_out(telling: Telling) -> None:
    raw = b"GET /echo HTTP/1.1\r\nHost: h\r\nX_Forwarded_For: 1.2.3.4\r\n\r\n"
    assert "HTTP_X_FORWARDED_FOR" not in told(ask(telling.port, raw))


def test_an_old_client_needs_no_host(telling: Telling) -> None:
    found = told(ask(telling.port, b"GET /echo HTTP/1.0\r\n\r\n"))
    assert found["SERVER_PROTOCOL"] == "HTTP/1.0"
    assert "HTTP_HOST" not in found


def test_an_address_in_full_names_the_host(telling: Telling) -> None:
    raw = b"GET http://other:99/echo?x HTTP/1.1\r\nHost: h\r\n\r\n"
    found = told(ask(telling.port, raw))
    assert (found["HTTP_HOST"], found["PATH_INFO"], found["QUERY_STRING"]) == (
        "other:99",
        "/echo",
        "x",
    )


@pytest.mark.parametrize("length", [999_999, 1_000_001, 3_000_000])
@pytest.mark.parametrize("chunked", [False, True])
def test_long_bodies(teller: httpx.Client, length: int, chunked: bool) -> None:
    body = bytes(range(256)) * (length // 256) + b"x" * (length % 256)
    content = iter([body[:70_000], body[70_000:]]) if chunked else body
    found = teller.post("/echo", content=content, headers=WRITER).json()
    assert found["sha256"] == hashlib.sha256(body).hexdigest()
    assert found["CONTENT_LENGTH"] == str(length)


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("length", [100_000, 100_001, 3_000_000])
def test_without_a_token_a_body_is_read_as_far_as_a_query_may_be(
    teller: httpx.Client, length: int, chunked: bool
) -> None:
    body = b"x" * length
    found = teller.post("/echo", content=iter([body]) if chunked else body).json()
    assert int(found["read"]) <= 100_001
    assert (int(found["CONTENT_LENGTH"]) > 100_000) == (length > 100_000)


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_beyond_the_limit_shows_by_its_length(telling: Telling, chunked: bool) -> None:
    head = b"POST /echo HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer t\r\n"
    if chunked:
        raw = (
            head
            + b"Transfer-Encoding: chunked\r\n\r\n"
            + b"186A00\r\n"
            + b"x" * 1_600_000
            + b"\r\n"
            + b"186A00\r\n"
            + b"x" * 1_600_000
        )
    else:
        raw = head + b"Content-Length: 3000002\r\n\r\n"  # such a body is not waited for
    assert int(told(ask(telling.port, raw))["CONTENT_LENGTH"]) > 3_000_000


@pytest.mark.parametrize(
    "sent",
    [
        b"Content-Length: 10\r\n\r\nabc",
        b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n9\r\nabc",
    ],
)
def test_a_body_that_breaks_off_is_not_taken_for_a_whole_one(telling: Telling, sent: bytes) -> None:
    name = f"broken{abs(hash(sent))}"
    with socket.create_connection(("127.0.0.1", telling.port), timeout=30) as connection:
        connection.sendall(b"POST /lazy?" + name.encode() + b" HTTP/1.1\r\nHost: h\r\n" + sent)
        connection.shutdown(socket.SHUT_WR)
        answer = connection.recv(10_000)
    assert b"201" not in answer.split(b"\r\n", 1)[0]
    time.sleep(0.2)
    assert not (telling.seen / f"{name}-closed").exists()


def test_chunks_that_are_none(telling: Telling) -> None:
    raw = b"POST /lazy?bad HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n"
    assert ask(telling.port, raw).status == 400


def test_an_announced_trailer_is_no_broken_body(telling: Telling) -> None:
    raw = (
        b"POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
        b"3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n"
    )
    assert told(ask(telling.port, raw))["read"] == "3"


def _closed(folder: Path, name: str) -> bool:
    for _ in range(100):
        if (folder / f"{name}-closed").exists():
            return True
        time.sleep(0.05)
    return False


def test_an_answer_that_begins_late(teller: httpx.Client, telling: Telling) -> None:
    response = teller.get("/lazy?late")
    assert (response.status_code, response.text) == (201, "written and yielded")
    assert response.headers["Content-Length"] == str(len(response.content))
    assert _closed(telling.seen, "late")


def test_an_error_in_the_middle_is_an_error(teller: httpx.Client, telling: Telling) -> None:
    response = teller.get("/breaks?middle")
    assert response.status_code == 500
    assert response.headers["Content-Type"] == "application/problem+json"
    assert "secret" not in response.text
    assert _closed(telling.seen, "middle")


@pytest.mark.parametrize("path", ["/raises", "/twice", "/silent", "/splits"])
def test_what_an_application_must_not_do(teller: httpx.Client, path: str) -> None:
    response = teller.get(path)
    assert response.status_code == 500
    assert "secret" not in response.text
    assert response.json()["instance"].startswith("urn:uuid:")
    assert "Set-Cookie" not in response.headers


def test_an_error_replaces_what_was_begun(teller: httpx.Client) -> None:
    response = teller.get("/replaces")
    assert (response.status_code, response.text) == (502, "replaced")
    assert "X-Begun" not in response.headers


def test_no_content(teller: httpx.Client) -> None:
    response = teller.get("/nothing")
    assert (response.status_code, response.content, response.headers["X-Kept"]) == (204, b"", "1")


def test_one_connection_serves_many(telling: Telling) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", telling.port, timeout=30)
    for method in ("GET", "HEAD", "POST", "HEAD", "GET"):
        connection.request(method, "/echo", body=b"abc" if method == "POST" else None)
        response = connection.getresponse()
        assert response.status == 200
        assert bool(response.read()) == (method != "HEAD")
    connection.close()
