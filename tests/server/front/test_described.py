"""The description at ``/openapi.json`` is true: schemathesis asks what it describes.

Parameters of all kinds go to a small graph, which has no law, so that each answer takes
milliseconds; the answers that there are come from the real graph, one of each kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import schemathesis

from sanctiongraph.data import data_folders
from sanctiongraph.library import Library
from sanctiongraph.settings import from_environment
from sanctiongraph_server import assessments
from sanctiongraph_server.app import create_app
from sanctiongraph_server.inquiries import INQUIRIES
from sanctiongraph_server.linked.dereferencing import PAGES

from ...real import real_home
from ..conftest import SERVE, free_port
from ..described import asking, hold
from .conftest import served

#: What they share takes seconds to make.
pytestmark = pytest.mark.xdist_group("described")

#: As the application gives it, before any server runs; that the server gives the same is a test.
APPLICATION = create_app(from_environment({"SANCTIONGRAPH_HOME": "nowhere"}))
DOCUMENT = APPLICATION.test_client().get("/openapi.json").get_json()
schema = schemathesis.openapi.from_dict(DOCUMENT)


@schemathesis.serializer("application/trig")
def _written(_: schemathesis.SerializationContext, value: object) -> bytes:
    return str(value).encode("utf-8", "replace")


ANSWERED = [
    ("/", {}),
    ("/healthz", {}),
    ("/rules", {}),
    ("/openapi.json", {}),
    ("/llms.txt", {}),
    ("/assess", {"rule": "caatsa-231-a", "party": "SSB", "as_of": "2025-12-06"}),
    ("/assess", {"rule": "caatsa-231-a", "party": "SSB", "format": "text", "viewpoint": ""}),
    ("/explain", {"rule": "caatsa-231-a", "party": "India", "format": "turtle"}),
    ("/explain", {"rule": "caatsa-231-a", "party": "Greece", "viewpoint": "turkey"}),
    ("/compare", {"viewpoint": "turkey", "with_viewpoint": "united-states", "party": "SSB",
                  "rule": "caatsa-231-a", "as_of": "2025-12-06"}),
    ("/timeline", {"rule": "caatsa-231-a", "party": "SSB", "format": "svg"}),
    ("/sparql/samples", {"query": "ASK {}", "viewpoint": "turkey"}),
    ("/compare", {"as_of": "2020-12-13", "with_as_of": "2020-12-15", "party": "SSB",
                  "rule": "caatsa-231-a"}),
    ("/changes", {"target": "not:caatsa-231-a", "party": "SSB", "as_of": "2025-12-06"}),
    ("/timeline", {"rule": "caatsa-231-a", "party": "SSB"}),
    ("/options", {"as_of": "2026-06-01"}),
    ("/void", {}),
    ("/.well-known/sparql-examples", {"format": "trig"}),
    ("/dumps", {}),
    ("/dump.nq.gz", {}),
    ("/queries", {}),
    ("/queries/measures-on-target", {"target": "SSB", "date": "2021-01-01", "limit": 3}),
    ("/queries/find", {"text": "barrack", "format": "html"}),
    ("/reconcile", {}),
    ("/reconcile", {"queries": '{"q0": {"query": "SSB"}}'}),
    ("/reconcile/suggest/entity", {"prefix": "turk"}),
    ("/reconcile/extend/propose", {"type": "ArmsDeal"}),
    ("/reconcile/preview", {"id": "id/SSB"}),
    ("/search", {"text": "savunma", "lang": "tr"}),
    ("/law", {}),
    ("/neighbours.svg", {"thing": "SSB"}),
    ("/neighbours.json", {"thing": "SSB"}),
    ("/resting", {"claim": "claim:turkey-us-caatsa-talks/039", "as_of": "2025-12-06"}),
]  # fmt: skip


def serve(home: Path) -> Iterator[str]:
    port = free_port()
    command = [SERVE, "--port", str(port), "--workers", "1"]
    # As long as a busy machine may take: what is held here is the form of answers, not their time.
    long = {"SANCTIONGRAPH_TIMEOUT": "120", "SANCTIONGRAPH_MAX_TIMEOUT": "120"}
    with served(command, port, SANCTIONGRAPH_HOME=str(home), **long) as address:
        yield address


@pytest.fixture(scope="module")
def small_address(home: Path) -> Iterator[str]:
    yield from serve(home)


@pytest.fixture(scope="module")
def real_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from serve(real_home(tmp_path_factory))


@pytest.mark.described
@schema.parametrize()
@asking(15)
def test_any_request_is_answered_as_described(case: schemathesis.Case, small_address: str) -> None:
    hold(case, small_address)


@pytest.mark.parametrize(("path", "query"), ANSWERED)
def test_answers_are_of_the_form_described(
    real_address: str, path: str, query: dict[str, str]
) -> None:
    case = schema[path]["GET"].Case(query=query)
    answer = case.call_and_validate(base_url=real_address, timeout=120)
    assert answer.status_code == 200
    tag = answer.headers.get("etag")
    assert (tag is None) == (path in {"/healthz", "/openapi.json", "/queries", "/sparql/samples"})
    if tag is not None:
        again = httpx.get(
            real_address + path, params=query, headers={"If-None-Match": tag[0]}, timeout=120
        )
        assert again.status_code == 304


def test_the_server_gives_this_description(small_address: str) -> None:
    document = httpx.get(f"{small_address}/openapi.json", timeout=30).json()
    assert document == DOCUMENT


#: SPARQL has protocols of its own, and of queries that there are not is said only that.
ELSEWHERE = ("sparql", "update.update", "graphs.graphs", "queries.unknown")


def test_every_address_of_the_application_is_described_with_its_methods() -> None:
    rules = {
        re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule): {
            method.lower() for method in rule.methods or () if method in {"GET", "POST"}
        }
        for rule in APPLICATION.url_map.iter_rules()
        if rule.endpoint not in ELSEWHERE
    }
    assert {path: set(item) for path, item in DOCUMENT["paths"].items()} == rules


def test_bounds_and_formats_are_those_of_the_code() -> None:
    def schema_of(path: str, name: str) -> dict[str, object]:
        parameters = DOCUMENT["paths"][path]["get"]["parameters"]
        (found,) = [one["schema"]["anyOf"][0] for one in parameters if one["name"] == name]
        return dict(found)

    for path in ("/assess", "/explain"):
        assert schema_of(path, "format")["enum"] == [name for name, _, _ in assessments.FORMATS]
    page = schema_of("/id/{name}", "page")
    assert (page["minimum"], page["maximum"]) == (PAGES.least, PAGES.most)


@pytest.mark.parametrize("path", ["/assess", "/explain", "/compare", "/timeline"])
def test_scenarios_in_bodies_are_described(path: str) -> None:
    posted = DOCUMENT["paths"][path]["post"]
    assert set(posted["requestBody"]["content"]) == {"text/turtle", "application/trig"}
    assert "scenario" not in {one["name"] for one in posted["parameters"]}
    assert {"200", "413", "415"} <= posted["responses"].keys()


def test_every_address_is_described() -> None:
    assert DOCUMENT["openapi"].startswith("3.1")
    library = {f"/queries/{query.name}" for query in Library(data_folders().queries)}
    assert {f"/{name}" for name in INQUIRIES} | library | {
        "/",
        "/assess",
        "/explain",
        "/rules",
        "/healthz",
        "/openapi.json",
        "/id/{name}",
        "/law/{name}",
        "/claim/{name}",
        "/source/{name}",
        "/ontology",
        "/void",
        "/.well-known/void",
        "/.well-known/sparql-examples",
        "/dump.nq.gz",
        "/dumps",
        "/dumps/{name}",
        "/queries",
        "/reconcile",
        "/reconcile/preview",
    } <= DOCUMENT["paths"].keys()
    for path, item in DOCUMENT["paths"].items():
        for parameter in item["get"]["parameters"]:
            assert parameter["description"], path
            shown = parameter.get("content", {}).get("application/json", parameter)
            assert shown["example"] not in ("", None), path
