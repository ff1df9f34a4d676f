"""Odd requests, each of which follows from a seed and its number: for ``fuzz.py``.

They are valid HTTP/1.1, so that they reach the application; whatever is in them may be wrong.
"""

from __future__ import annotations

import gzip
import random
from dataclasses import dataclass
from urllib.parse import quote_from_bytes, urlsplit

QUERIES = [
    "SELECT * { ?s ?p ?o } LIMIT 5",
    "ASK {}",
    "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 3",
    "DESCRIBE <http://example.org/a>",
    "SELECT (COUNT(*) AS ?n) FROM <http://example.org/g1> FROM NAMED <g2> { ?s ?p ?o }",
    "PREFIX ex: <http://example.org/> SELECT ?o { ex:a ex:p+/^ex:q|!ex:r ?o FILTER(?o > 1 || !bound(?x)) }",
    'SELECT * { GRAPH ?g { ?s ?p \'x\'@en, """y"""^^xsd:date } OPTIONAL { ?s a [] } MINUS { ?a ?b 1e3 } }',
    "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * { VALUES (?x ?y) { (1 UNDEF) (<a> 'b') } BIND(STRLANG(?y, 'e') AS ?z) } ORDER BY DESC(?x) OFFSET 1",
    "SELECT ?s (GROUP_CONCAT(?o; separator=',') AS ?g) { ?s ?p ?o } GROUP BY ?s HAVING (COUNT(?o) > 1)",
    "SELECT (<http://no/function>(1) AS ?x) {}",
    "SELECT * { <<( ?s ?p ?o )>> ?q ?r }",
]
UPDATES = [
    "INSERT DATA { <http://example.org/n> <http://example.org/p> 1 }",
    "DELETE DATA { <http://example.org/n> <http://example.org/p> 1 }",
    "INSERT { ?s ?p 2 } WHERE { ?s ?p 1 } ; DELETE WHERE { ?s ?p 2 }",
    "WITH <http://example.org/g9> DELETE { ?s ?p ?o } INSERT { ?s ?p 3 } USING <http://example.org/g1> WHERE { ?s ?p ?o }",
    "CREATE SILENT GRAPH <http://example.org/g9>",
    "DROP SILENT GRAPH <http://example.org/g9>",
    "COPY SILENT <http://example.org/g1> TO <http://example.org/g9>",
    "LOAD SILENT <http://127.0.0.1:1/> INTO GRAPH <http://example.org/g9>",
    "PREFIX : <http://example.org/> INSERT DATA { GRAPH :g9 { :a :b 'c' , _:b } }",
]
DOCUMENTS = {
    "text/turtle": "@prefix ex: <http://example.org/> . ex:a ex:b 'c'@en, [ ex:d (1 2.0 3e0 true) ] .",
    "application/n-triples": '<http://example.org/a> <http://example.org/b> "c" .\n',
    "application/ld+json": '{"@id": "http://example.org/a", "http://example.org/b": [{"@value": 1}]}',
    "application/rdf+xml": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>',
    "application/trig": "<http://example.org/g9> { <http://example.org/a> <b> 1 }",
    "application/n-quads": "<http://a> <http://b> <http://c> <http://g9> .\n",
}
PIECES = [
    *("{", "}", "(", ")", "[", "]", "<", ">", "<<", ">>", ".", ";", ",", "'", '"', "'''", "\\", "#", "\n"),
    *("SELECT", "SERVICE", "LOAD", "GRAPH", "FILTER", "UNION", "FROM", "BASE <x>", "PREFIX a: <>", "VALUES"),
    *("?x", "$", "_:", "1e999", "99999999999999999999", "-0", "\\uD800", "\\u0000", "\ud7ff", "\U0001f600"),
    *("\u202e", "\x00", "\ufeff", "é", "<http://[/>", "<a b>", "@en-", "^^", "||", "!", "%41", "{" * 300),
    *("(" * 300, "1+" * 300, "a:b", "''@", "IN ()", "EXISTS {", "LIMIT -1", "LIMIT 99999999999999999999"),
]  # fmt: skip
VALUES = {
    "default-graph-uri": ["http://example.org/g1", "http://example.org/none", "rel", "", "http://[", "a b"],
    "named-graph-uri": ["http://example.org/g2", "http://example.org/g1", "rel", ""],
    "using-graph-uri": ["http://example.org/g1", "rel", ""],
    "using-named-graph-uri": ["http://example.org/g1", ""],
    "graph": ["http://example.org/g9", "http://example.org/g1", "rel", "", "http://[", "urn:x", "x y"],
    "default": ["", "x"],
    "format": ["json", "xml", "csv", "tsv", "turtle", "nt", "jsonld", "trig", "no", ""],
    "timeout": ["1", "0", "-1", "0.001", "1e9", "nan", "inf", "many", "", "9" * 400],
    "viewpoint": ["turkey", "none", "", "../x"],
    "unknown": ["x", ""],
}  # fmt: skip
HEADERS = {
    "Accept": ["*/*", "text/csv", "text/turtle;q=0.5, */*;q=0.1", "application/json", "text/html",
               "application/rdf+xml", "q=1", ";;;", ",", "*/*;q=nan", "a/b;q=1e9", 'x/y;p="a,b', "*/*;q=0",
               "text/" + "x" * 3000, "\xff/\xfe"],
    "Accept-Encoding": ["gzip", "zstd", "br;q=1, *;q=0", "identity;q=0", "gzip;q=nan", ",,", "*"],
    "Content-Encoding": ["gzip", "identity", "br", "x, y", ""],
    "If-None-Match": ["*", '"x"', "W/", '"', ",", '"a", W/"b"'],
    "If-Match": ["*", '"x"', ","],
    "If-Modified-Since": ["yesterday", "Thu, 01 Jan 1970 00:00:00 GMT", "Thu, 99 Foo 99999"],
    "Range": ["bytes=0-1", "bytes=-", "lines=1-2", "bytes=9-1,1-999999999999999999999"],
    "Authorization": ["Bearer", "Bearer x", "Basic eDp5", "Bearer \xff", "Bearer a b", "x" * 5000],
    "Origin": ["https://example.org", "null", "\xe9"],
    "Access-Control-Request-Method": ["POST", "x y"],
    "X-Forwarded-For": ["192.0.2.1", ",", "[::1", "x" * 2000, "1.2.3.4, 5.6.7.8:90"],
    "X-Forwarded-Host": ["example.org", "a b"],
    "Slug": ["x", "../../x", "\xe9"],
    "Cookie": ["a=b", ";;;=", "\xff"],
    "Prefer": ["return=minimal"],
    "User-Agent": ["", "Mozilla/5.0", "\xff"],
}  # fmt: skip
TYPES = [
    *("application/sparql-query", "application/sparql-update", "application/x-www-form-urlencoded"),
    *DOCUMENTS,
    *("multipart/form-data; boundary=b", "multipart/form-data", "text/plain", "application/json", "", "x"),
    *("Application/SPARQL-Query; charset=UTF-8", "application/sparql-query; charset=utf-16"),
    *("application/sparql-update;charset=no", "text/turtle; charset=\"", "a/b; c", "*/*", "\xff/x"),
]  # fmt: skip
METHODS = (
    ["GET"] * 6
    + ["POST"] * 8
    + ["PUT"] * 3
    + ["HEAD", "DELETE", "OPTIONS", "PATCH", "TRACE", "X-ODD"]
)


@dataclass(frozen=True)
class Target:
    """A gateway: its address, where its parts are, and how to be let in."""

    address: str
    paths: tuple[str, ...] = ("/sparql", "/update", "/graphs")
    token: str | None = None


@dataclass(frozen=True)
class Request:
    """A request that is valid HTTP, whatever else it is."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    chunked: bool

    def wire(self) -> bytes:
        """The bytes that go over the connection."""
        lines = [f"{self.method} {self.path} HTTP/1.1", *(f"{k}: {v}" for k, v in self.headers)]
        if self.chunked:
            lines.append("Transfer-Encoding: chunked")
        elif self.body or self.method in {"POST", "PUT", "PATCH"}:
            lines.append(f"Content-Length: {len(self.body)}")
        head = "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1")
        if not self.chunked:
            return head + self.body
        parts = [self.body[at : at + 700] for at in range(0, len(self.body), 700)]
        chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)
        return head + chunks + b"0\r\n\r\n"


def request(target: Target, seed: int, number: int) -> Request:
    """The request of this number."""
    r = random.Random(f"{seed}:{number}")
    path = r.choice(target.paths)
    if r.random() < 0.15 or (path == "/graphs" and r.random() < 0.3):
        path += "/" + quote_from_bytes(
            _bytes(r, r.choice(["g9", "a/b", "..", "é", "%", "x" * 2000]))
        )
    fields = [_field(r) for _ in range(r.choice([0, 1, 1, 2, 3, 8]))]
    method = r.choice(METHODS)
    headers = {"Host": urlsplit(target.address).netloc}
    if r.random() < 0.05:
        headers["Host"] = r.choice(
            ["", "x", "[::1]", "a b", "example.org:99999", "\xe9", "a@b", "..."]
        )
    for name in r.sample(list(HEADERS), r.choice([0, 1, 2, 4])):
        headers[name] = r.choice(HEADERS[name])
    if target.token and r.random() < 0.7:
        headers["Authorization"] = f"Bearer {target.token}"
    body = b""
    if method in {"POST", "PUT", "PATCH"} or r.random() < 0.1:
        headers["Content-Type"], body = _body(r)
    if fields and r.random() < 0.9:
        path += "?" + _encoded(r, fields)
    more = [(k, v) for k, v in headers.items() if r.random() < 0.03 and k != "Host"]
    return Request(method, path, (*headers.items(), *more), body, bool(body) and r.random() < 0.15)


def _field(r: random.Random) -> tuple[str, str]:
    if r.random() < 0.5:
        return "query", _mutated(r, r.choice(QUERIES))
    if r.random() < 0.3:
        return "update", _mutated(r, r.choice(UPDATES))
    name = r.choice(list(VALUES))
    return name, r.choice(VALUES[name])


def _body(r: random.Random) -> tuple[str, bytes]:
    kind = r.random()
    if kind < 0.25:
        fields = [_field(r) for _ in range(r.choice([0, 1, 1, 2, 4]))]
        content_type, body = TYPES[2], _encoded(r, fields).encode("ascii")
    elif kind < 0.5:
        content_type, body = TYPES[0], _bytes(r, _mutated(r, r.choice(QUERIES)))
    elif kind < 0.65:
        content_type, body = TYPES[1], _bytes(r, _mutated(r, r.choice(UPDATES)))
    elif kind < 0.85:
        content_type = r.choice(list(DOCUMENTS))
        body = _bytes(r, _mutated(r, DOCUMENTS[content_type]))
    elif kind < 0.93:
        content_type = "multipart/form-data; boundary=b"
        part = r.choice(list(DOCUMENTS))
        head = f'--b\r\nContent-Disposition: form-data; name="x"\r\nContent-Type: {part}\r\n\r\n'
        end = r.choice(["\r\n--b--\r\n", "", "--b", "\r\n--b\r\n"])
        body = _bytes(r, head + _mutated(r, DOCUMENTS[part]) + end)
    else:
        content_type, body = r.choice(TYPES), r.randbytes(r.choice([0, 1, 50, 5000]))
    if r.random() < 0.2:
        content_type = r.choice(TYPES)
    if r.random() < 0.05:
        body = gzip.compress(body, mtime=0)
    return content_type, body


def _mutated(r: random.Random, text: str) -> str:
    for _ in range(r.choice([0, 0, 1, 1, 2, 6])):
        at, to = sorted((r.randint(0, len(text)), r.randint(0, len(text))))
        match r.randrange(4):
            case 0:
                text = text[:at] + r.choice(PIECES) + text[at:]
            case 1:
                text = text[:at] + text[to:]
            case 2:
                text = text[:at] + text[at:to] * 2 + text[to:]
            case _:
                text = (
                    text[:at]
                    + chr(r.choice([0, 9, 10, 13, 39, 60, 123, 160, 0x2028, 0x1F600]))
                    + text[to:]
                )
        text = text[:20_000]
    return text


def _bytes(r: random.Random, text: str) -> bytes:
    data = text.encode("utf-8", "surrogatepass")
    if r.random() < 0.05:
        at = r.randint(0, len(data))
        data = data[:at] + r.choice([b"\xff", b"\xc3", b"\xed\xa0\x80", b"\x00"]) + data[at:]
    return data


def _encoded(r: random.Random, fields: list[tuple[str, str]]) -> str:
    pairs = (f"{name}={quote_from_bytes(_bytes(r, value))}" for name, value in fields)
    return r.choice(["&", "&", "&", "&&", ";"]).join(pairs)[: r.choice([6_000, 6_000, 300])]
