"""The description at ``/openapi.json`` is true: schemathesis asks what it describes."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from sanctiongraph_server.inquiries import INQUIRIES

from ...real import real_home
from ..conftest import SERVE, free_port
from .conftest import served


@pytest.fixture(scope="module")
def real_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = real_home(tmp_path_factory)
    port = free_port()
    command = [SERVE, "--port", str(port), "--workers", "1"]
    with served(command, port, SANCTIONGRAPH_HOME=str(home)) as address:
        yield address


@pytest.fixture
def described(real_address: str) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_url(f"{real_address}/openapi.json")


schema = schemathesis.pytest.from_fixture("described")


@schema.parametrize()
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
def test_answers_are_as_described(case: schemathesis.Case) -> None:
    # That two sides must differ is beyond what a description can say.
    excluded = [positive_data_acceptance] if case.operation.path == "/compare" else []
    case.call_and_validate(timeout=120, excluded_checks=excluded)


def test_every_address_is_described(real_address: str) -> None:
    document = httpx.get(f"{real_address}/openapi.json", timeout=30).json()
    assert document["openapi"].startswith("3.1")
    assert {f"/{name}" for name in INQUIRIES} | {
        "/",
        "/assess",
        "/explain",
        "/rules",
        "/healthz",
        "/openapi.json",
    } <= document["paths"].keys()
    for path, item in document["paths"].items():
        for parameter in item["get"]["parameters"]:
            assert parameter["description"], path
            assert parameter["example"], path


def test_the_examples_answer_and_are_confirmed(real_address: str) -> None:
    document = httpx.get(f"{real_address}/openapi.json", timeout=30).json()
    with httpx.Client(base_url=real_address, timeout=120) as client:
        for path, item in document["paths"].items():
            needed = {
                one["name"]: one["example"] for one in item["get"]["parameters"] if one["required"]
            }
            if path == "/compare":
                needed = {"viewpoint": "turkey", "with_viewpoint": "united-states", "party": "SSB"}
            answer = client.get(path, params=needed)
            assert answer.status_code == 200, path
            if "ETag" in answer.headers:
                header = {"If-None-Match": answer.headers["ETag"]}
                again = client.get(path, params=needed, headers=header)
                assert again.status_code == 304
