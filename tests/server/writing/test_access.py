"""Who may write: nobody until there is a token, then whoever sends one with the scope."""

from __future__ import annotations

import httpx
import pytest

from sanctiongraph.tokens import Scope, create, revoke, tokens

from .conftest import Running, Start

#: They share a gateway, which it takes seconds to start.
pytestmark = pytest.mark.xdist_group("access")

BODY = "INSERT DATA { <http://a> <http://b> 1 }"


def post(gateway: Running, authorization: str | None) -> httpx.Response:
    headers = {"Content-Type": "application/sparql-update"}
    if authorization is not None:
        headers["Authorization"] = authorization
    return gateway.client.post("/update", content=BODY, headers=headers)


def test_writing_is_off_until_a_token_exists(start: Start) -> None:
    gateway = start()
    for token in tokens(gateway.home):
        revoke(gateway.home, token.name)
    refused = post(gateway, f"Bearer {gateway.token}")
    assert refused.status_code == 403
    assert "sanctiongraph token create" in refused.json()["detail"]
    _, secret = create(gateway.home, Scope.WRITE)
    assert post(gateway, f"Bearer {secret}").status_code == 204


@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer", "Bearer sg_wrong", "Basic YTpi", "Bearer é"]
)
def test_without_a_known_token_one_is_asked_for(
    gateway: Running, authorization: str | None
) -> None:
    raw = None if authorization is None else authorization
    if raw is not None and not raw.isascii():
        answer = gateway.client.post(
            "/update",
            content=BODY,
            headers=[
                (b"Content-Type", b"application/sparql-update"),
                (b"Authorization", raw.encode()),
            ],
        )
    else:
        answer = post(gateway, raw)
    assert answer.status_code == 401, answer.text
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json()["type"].endswith("/unauthorized")


def test_a_scope_that_is_too_little_is_refused_and_more_is_enough(gateway: Running) -> None:
    _, reading = create(gateway.home, Scope.READ)
    answer = post(gateway, f"Bearer {reading}")
    assert answer.status_code == 403
    assert "scope write" in answer.json()["detail"]
    _, all_powers = create(gateway.home, Scope.ADMIN)
    assert post(gateway, f"bearer {all_powers}").status_code == 204
