"""The guard against SERVICE: it never passes a query with which the engine calls out."""

from __future__ import annotations

import contextlib
import http.server
import threading
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pyoxigraph import QueryBoolean, Store

from sanctiongraph.errors import Forbidden
from sanctiongraph_server.guard import calls_service, check
from tests.growth import assert_linear

PASSED = [
    "SELECT ?service ?x { ?service ?p ?x }",
    "SELECT $service ?x { $service ?p ?x }",
    "SELECT * { ?s ex:service ?o }",
    "PREFIX ex: <http://example.org/> SELECT * { ?s ex:service ?o { ?s ?p 1 } }",
    "SELECT * { ?s ?p ?o . ?s ex:service ?o . { ?s ?p 1 } }",
    "SELECT * { GRAPH service:x { ?s ?p ?o } }",
    "SELECT * { GRAPH ex:service { ?s ?p ?o } }",
    "SELECT * { GRAPH ?service { ?s ?p ?o } }",
    "SELECT * { GRAPH <http://example.org/service?x#f>\n{ ?s ?p ?o } }",
    "PREFIX service: <http://example.org/> SELECT * FROM service:g FROM NAMED service:h { }",
    "PREFIX service: <http://example.org/> DESCRIBE service:x { }",
    "BASE <http://service/> SELECT * { <service> <http://x/SERVICE> ?o { } }",
    'SELECT * { ?s ?p "SERVICE <http://x/> {" }',
    "SELECT * { ?s ?p 'a \\' SERVICE <http://x/> { }' }",
    "SELECT * { ?s ?p '''it's\n SERVICE <http://x/> { }''' }",
    'SELECT * { ?s ?p """a "quoted" SERVICE <http://x/> { }""" }',
    "SELECT * { # SERVICE <http://x/> { }\n ?s ?p ?o }",
    "SELECT * { ?s ?p ?o FILTER(?o < 5) } # SERVICE <http://x/> {",
    "SELECT * { _:service ?p ?o }",
    "SELECT * { ?s ?p 'x'@service . }",
    "SELECT * { ?s ?p ?o FILTER(STRSTARTS(?o, 'service')) { ?s ?p 1 } }",
    "SELECT * { ?s <http://example.org/service#y>\n?o { ?s ?p 1 } }",
    "INSERT service",
]

# U stands for the address that would be called.
REFUSED = [
    "SELECT * { SERVICE <U> {} }",
    "SELECT * { service silent <U> {} }",
    "SELECT * { SERVICE ?u {} VALUES ?u { <U> } }",
    "SELECT * { SERVICE#comment\n<U>#comment\n{} }",
    "SELECT * { SERVICE#comment\rSILENT#{\r<U>{} }",
    "ASK { FILTER EXISTS { SERVICE <U> {} } }",
    "SELECT * { { SELECT * { SERVICE <U> {} } } }",
    # Words glued together
    "PREFIX ex: <U> SELECT * { SERVICEex:foo {} }",
    "PREFIX ex: <U> SELECT * { SERVICESILENTex:foo {} }",
    "PREFIX ex: <U> PREFIX SERVICEex: <http://other/> SELECT * { SERVICEex:foo {} }",
    "PREFIX service: <http://other/> PREFIX : <U> SELECT * { service:x {} }",
    "SELECT * { OPTIONAL { ?s ?p trueSERVICE<U>{} } }",
    "SELECT * { OPTIONAL { ?s ?p 1SERVICE<U>{} } }",
    "SELECT * { OPTIONAL { ?s ?p 1.SERVICE<U>{} } }",
    "SELECT * { OPTIONAL { ?s ?p 'x'SERVICE<U>{} } }",
    # What looks like an IRI and is a comparison
    "SELECT * { ?s ?p ?o FILTER(?o<5)SERVICE#>\n<U>{} }",
    "SELECT * { ?s ?p ?o FILTER(?o<?o)SERVICE#>\n<U>{} }",
    # Names that make no valid IRI, of which the engine takes the prefix
    "PREFIX ex: <http://h:80> SELECT * { OPTIONAL { ?s ?p ex:SERVICE <U> {} } }",
    "PREFIX ex: <http://h:80> SELECT * { OPTIONAL { ?s ex:1SERVICE <U> {} } }",
    "PREFIX h: <http://h:80> SELECT * { OPTIONAL { ?s ah:SERVICE <U> {} } }",
    "PREFIX ex: <http://x/> PREFIXex: <http://h:80> SELECT * { OPTIONAL { ?s ?p ex:SERVICE<U>{} } }",
    # A long string that is none, as its escape is refused
    "SELECT * { VALUES ?x { '''a' } SERVICE <U> {} #\\q'''\n}",
    "SELECT * { VALUES ?x { '''a' } SERVICE <U> {} #\\uD800'''\n}",
    'SELECT * { VALUES ?x { """a" } SERVICE <U> {} #\\UFFFFFFFF"""\n}',
]


class Trap(http.server.BaseHTTPRequestHandler):
    """Counts who calls."""

    calls = 0

    def do_POST(self) -> None:
        type(self).calls += 1
        body = b'{"head":{"vars":[]},"results":{"bindings":[{}]}}'
        self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def trap() -> Iterator[str]:
    with http.server.HTTPServer(("127.0.0.1", 0), Trap) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def calls_out(query: str) -> bool:
    """Whether the engine calls the trap when it evaluates this text."""
    before = Trap.calls
    store = Store()
    store.update("INSERT DATA { <http://a> <http://b> 1 }")
    with contextlib.suppress(SyntaxError, RuntimeError, OSError, ValueError):
        result = store.query(query)
        if not isinstance(result, QueryBoolean):
            list(result)
    return Trap.calls > before


@pytest.mark.parametrize("query", PASSED)
def test_passed(query: str) -> None:
    assert not calls_service(query)
    check(query)


@pytest.mark.parametrize("query", REFUSED)
def test_refused(query: str) -> None:
    assert calls_service(query)
    with pytest.raises(Forbidden, match="SERVICE"):
        check(query)


@pytest.mark.parametrize("query", REFUSED)
def test_what_is_refused_does_call_out(query: str, trap: str) -> None:
    """So the cases are real; where a new engine no longer does, its case may go."""
    assert calls_out(query.replace("<U>", f"<{trap}>")) or "?u" in query


# Pieces that a tokenizer and the engine may join differently.
PIECES = st.sampled_from(
    [
        *("SERVICE", "service", "SILENT", "<U>", "{}", "{", "}", "(", ")", ".", ";", ",", "[", "]"),
        *(" ", "\n", "\r", "#", "#>", "<", ">", "<=", "'", '"', "'''", '"""', "\\", "\\'", "\\q"),
        *("\\uD800", "\\u0053", "?", "?s", "$s", "?1", "1", "1.", "1e", "true", "a", "'x'", "@en"),
        *("ex:", "h:", ":", "ex:a", "h:SERVICE", "h:1", "_:b", "^^", "-", "%41", "é", "\u00b7"),
        *("FILTER(?s<1)", "GRAPH", "OPTIONAL", "VALUES ?x {", "BIND(", "EXISTS", "UNION", "|", "^"),
        *("?s ?p ", "SERVICE <U> {}", "SERVICE#>\n<U>{}", "\u017f", "\u00a0", "*", "+", "/", "!"),
    ]
)
PROLOGUE = "PREFIX : <U>PREFIX ex: <U>PREFIX h: <http://h:80>SELECT*{"


@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@example(["OPTIONAL", "{", "?s ?p ", "h:SERVICE", "<U>", "{}", "}"])
@example(["FILTER(?s<1)", "SERVICE#>\n<U>{}"])
@given(st.lists(PIECES, max_size=14))
def test_never_passes_what_calls_out(trap: str, pieces: list[str]) -> None:
    query = (PROLOGUE + "".join(pieces) + "}").replace("<U>", f"<{trap}>")
    if not calls_service(query):
        assert not calls_out(query)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(PIECES, max_size=8))
def test_never_passes_a_clause_after_anything(trap: str, pieces: list[str]) -> None:
    """Most random text does not parse; here a clause follows, which the engine often reaches."""
    query = PROLOGUE + "OPTIONAL{" + "".join(pieces) + "SERVICE<U>{}}}"
    if not calls_service(query):
        assert not calls_out(query.replace("<U>", f"<{trap}>"))


HIDING = st.sampled_from(
    ["?{}", "${}", "'{}'", '"{}"', "'''{}'''", '"""\n{}"""', "# {}\n", "_:{}", "<http://x/{}>"]
)
WORDS = st.sampled_from(["service", "SERVICE", "Service", "servicesilent", "myservice"])


@given(st.lists(st.tuples(HIDING, WORDS), min_size=1, max_size=6))
def test_the_word_in_hiding_passes(hidden: list[tuple[str, str]]) -> None:
    body = " ".join(shape.format(word) + " ." for shape, word in hidden)
    assert not calls_service(f"SELECT * {{ ?s ?p {body} {{ }} }}")


@given(st.text())
def test_any_text_is_read_to_its_end(text: str) -> None:
    calls_service("service" + text)


@pytest.mark.parametrize(
    "piece",
    ["service ", "service", "service#", ":#service", "service<", ":<service", "'''service ", "<#'"],
)
def test_time_grows_with_the_length_only(piece: str) -> None:
    """Quadratic work would take minutes on these."""
    assert_linear(lambda n: calls_service("service" + piece * n), 20_000)
