"""What ``/openapi.json`` says of linked data is true: schemathesis asks it of the real server.

``tests/server/front/test_described.py`` asks the same of every address over a small graph.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
import schemathesis

from sanctiongraph.settings import from_environment
from sanctiongraph_server.app import create_app

from ..described import asking, hold

DOCUMENT = (
    create_app(from_environment({"SANCTIONGRAPH_HOME": "nowhere"}))
    .test_client()
    .get("/openapi.json")
    .get_json()
)
#: Addresses of other kinds are another test's.
PARTS = ("id", "claim", "graph", "dumps", "void", "queries", "reconcile", ".well-known")


def described_at(paths: Callable[[str], bool]) -> Any:
    """The description of the addresses for which ``paths`` is true."""
    kept = {path: item for path, item in DOCUMENT["paths"].items() if paths(path)}
    return schemathesis.openapi.from_dict({**DOCUMENT, "paths": kept})


schema = described_at(lambda path: path.split("/")[1] in PARTS)
#: The query library, in the default run as well; without what goes through the bounds of each
#: parameter, which takes most of the time.
queries = described_at(lambda path: path.split("/")[1] == "queries")
queries.config.phases.coverage.enabled = False


@pytest.mark.described
@schema.parametrize()
@asking(5)
def test_any_request_is_answered_as_described(
    case: schemathesis.Case, linked: httpx.Client
) -> None:
    hold(case, str(linked.base_url))


@queries.parametrize()
@asking(2)
def test_the_query_api_answers_as_described(case: schemathesis.Case, linked: httpx.Client) -> None:
    hold(case, str(linked.base_url))


@pytest.mark.parametrize("path", schema.raw_schema["paths"])
def test_examples_of_the_description_work(linked: httpx.Client, path: str) -> None:
    given: dict[str, str] = {}
    # No other endpoint is allowed here; test_federated.py has them answered.
    federated = "403" in DOCUMENT["paths"][path]["get"]["responses"]
    for parameter in DOCUMENT["paths"][path]["get"]["parameters"]:
        example = parameter.get("example")
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", example)
        elif parameter["required"]:
            given[parameter["name"]] = str(example)
    assert linked.get(path, params=given).status_code in ({403} if federated else {200, 303})
