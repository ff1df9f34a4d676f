"""How schemathesis holds a server against its description: the same requests in every run."""

from __future__ import annotations

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import CheckContext, not_a_server_error
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from sanctiongraph_server.deadlines import TIMEOUT

#: Of two parameters only one may be given, and of a batch the description says less than the service
#: takes; two sides must differ; a body and what is supposed must be Turtle: none of it can be described.
_SAID_IN_PART = {
    "/reconcile": [positive_data_acceptance, negative_data_rejection],
    "/compare": [positive_data_acceptance],
    "/scenarios": [positive_data_acceptance],
}


def asking(examples: int) -> settings:
    """So many requests an address beside those for the bounds of its parameters, none by chance."""
    return settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
    )


def hold(case: schemathesis.Case, address: str) -> schemathesis.Response:
    """Asks, and holds the answer against the description: status, media type, form, headers."""
    excluded = [not_a_server_error, *_SAID_IN_PART.get(case.operation.path, [])]
    if case.method == "POST":
        excluded += _SAID_IN_PART["/reconcile"]
    return case.call_and_validate(
        base_url=address,
        timeout=150,
        additional_checks=[fails_only_for_want_of_time],
        excluded_checks=excluded,
    )


def fails_only_for_want_of_time(
    context: CheckContext, response: schemathesis.Response, case: schemathesis.Case
) -> None:
    """A request that gives itself too little time is told so, with 503; no other may fail."""
    given = str((case.query or {}).get(TIMEOUT, ""))
    if not (response.status_code == 503 and given and _told(response) == "deadline-exceeded"):
        not_a_server_error(context, response, case)


def _told(response: schemathesis.Response) -> str:
    return str(response.json()["type"]).rpartition("/")[2]
