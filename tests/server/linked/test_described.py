"""What ``/openapi.json`` says of linked data is true: schemathesis asks it of the real server.

``tests/server/front/test_described.py`` asks the same of every address over a small graph.
"""

from __future__ import annotations

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from sanctiongraph.settings import from_environment
from sanctiongraph_server.app import create_app

DOCUMENT = (
    create_app(from_environment({"SANCTIONGRAPH_HOME": "nowhere"}))
    .test_client()
    .get("/openapi.json")
    .get_json()
)
# That a short one is 503 is described, and is what schemathesis takes for a failing server.
for item in DOCUMENT["paths"].values():
    for operation in item.values():
        operation["parameters"] = [
            parameter for parameter in operation["parameters"] if parameter["name"] != "timeout"
        ]
#: Addresses of other kinds are another test's.
PARTS = ("id", "claim", "graph", "dumps", "void", "queries", "reconcile", ".well-known")
schema = schemathesis.openapi.from_dict(
    {
        **DOCUMENT,
        "paths": {
            path: item
            for path, item in DOCUMENT["paths"].items()
            if path.split("/")[1] in PARTS and item["get"]["operationId"] != "queries"
        },
    }
)


@pytest.mark.described
@schema.parametrize()
@settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
def test_any_request_is_answered_as_described(
    case: schemathesis.Case, linked: httpx.Client
) -> None:
    # That only one of two parameters may be given is beyond what a description can say, and of
    # batches it says less than the service takes; test_reconciling.py has what is refused.
    alike = case.operation.path == "/reconcile"
    excluded = [positive_data_acceptance, negative_data_rejection] if alike else []
    address = str(linked.base_url)
    case.call_and_validate(base_url=address, timeout=150, excluded_checks=excluded)


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
