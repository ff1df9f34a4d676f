"""The guard for updates: it never passes one with which the engine calls out."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pyoxigraph import Store

from sanctiongraph.errors import BadQuery, Forbidden, RemoteFailed
from sanctiongraph_server.addresses import allow_list
from sanctiongraph_server.clauses import find
from sanctiongraph_server.guard import check_update
from sanctiongraph_server.outbound import Federation
from tests.growth import assert_linear

from . import servers
from .servers import Server
from .test_ssrf import UPDATES


@pytest.fixture(scope="module")
def trap() -> Iterator[Server]:
    with servers.serving() as server:
        yield server


def filled() -> Store:
    """A store with data: a clause behind a pattern that matches nothing is never evaluated."""
    store = Store()
    store.update(
        "INSERT DATA { <http://s> <http://p> 1 . GRAPH <http://g> { <http://s> <http://p> 1 } }"
    )
    return store


def calls_out(update: str, trap: Server) -> bool:
    """Whether the engine calls the trap when it executes this text."""
    before = len(trap.calls)
    with contextlib.suppress(SyntaxError, RuntimeError, OSError, ValueError):
        filled().update(update)
    return len(trap.calls) > before


#: Those of the set that the engine would not run: a name that is unbound, and one it cannot read.
NOT_RUN = ("?u", "silentx:")


@pytest.mark.parametrize("template", UPDATES)
def test_the_cases_are_real(template: str, trap: Server) -> None:
    """What is refused does call out; where a new engine no longer does, its case may go."""
    update = template.replace("\\n", "\n").replace("<U>", f"<{trap.address}/>")
    assert find(update, update=True).clauses
    assert calls_out(update, trap) or any(part in template for part in NOT_RUN)


PIECES = st.sampled_from(
    [
        *("LOAD", "load", "SILENT", "<U>", "ex:", "ex:a", "x:", ":", "INTO GRAPH <http://g>", ";"),
        *(
            "\n",
            "#",
            "#>",
            "<",
            ">",
            "'",
            '"',
            "'''",
            "{",
            "}",
            ".",
            "1",
            "a",
            "?s",
            "_:b",
            "_",
            " ",
        ),
        *("PREFIX ex: <U>", "PREFIX silentex: <U>", "PREFIX : <U>", "BASE <U>", 'VERSION "1.2"'),
        *("INSERT DATA { <http://a> <http://b> 1 }", "CLEAR ALL", "DROP NAMED", "COPY <a> TO <b>"),
        *("INSERT { ?s ?p ?o } WHERE { ", "SERVICE <U> {}", "SERVICE", "{}", "USING <http://g>"),
        *("WITH <http://g>", "CREATE GRAPH ex:", "\u017f", "\\u004C", "OAD", "LO", "FILTER(?s<1)"),
    ]
)


def updates(pieces: list[str], trap: Server) -> Iterator[str]:
    for beginning in ("", "PREFIX ex: <U>PREFIX : <U>", "CLEAR ALL;"):
        for end in ("", " LOAD<U>", ";LOADex:", "LOAD SILENT<U>"):
            yield (beginning + "".join(pieces) + end).replace("<U>", f"<{trap.address}/>")


shared = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@shared
@example(["PREFIX ex: <U>", "CLEAR ALL", ";", "LOAD", "ex:"])
@example(["PREFIX silentex: <U>", "LOAD", "SILENT", "ex:"])
@example(['VERSION "1.2"', "LOAD", "<U>"])
@given(st.lists(PIECES, max_size=10))
def test_never_passes_what_calls_out(trap: Server, pieces: list[str]) -> None:
    for update in updates(pieces, trap):
        if not find(update, update=True).clauses:
            assert not calls_out(update, trap), update


@shared
@given(st.lists(PIECES, max_size=10))
def test_never_lets_the_engine_call_what_is_allowed_but_the_forwarder(
    trap: Server, pieces: list[str]
) -> None:
    """With the trap allowed it is called, and only in our name."""
    trap.calls.clear()
    allow = allow_list([trap.address])
    for update in updates(pieces, trap):
        with contextlib.suppress(
            Forbidden, BadQuery, RemoteFailed, SyntaxError, RuntimeError, OSError, ValueError
        ):
            check_update(update, allow)
            with Federation(allow, deadline=time.monotonic() + 20) as federation:
                filled().update(federation.rewrite(update, update=True))
    agents = {headers["user-agent"].partition("/")[0] for _, _, headers, _ in trap.calls}
    assert agents <= {"sanctiongraph"}


@pytest.mark.parametrize("piece", ["load ", ";load", "'''load ", "<load", "loadex:", ";loadex:a"])
def test_time_grows_with_the_length_only(piece: str) -> None:
    """Quadratic work would take minutes on these."""
    assert_linear(lambda n: find("PREFIX ex: <http://h/>" + piece * n, update=True), 20_000)


def test_many_prefixes_that_could_be_glued_are_not_looked_for_one_by_one() -> None:
    def look(count: int) -> None:
        find("".join(f";loadp{n}:a" for n in range(count)), update=True)

    assert_linear(look, 50_000)
