"""The Reconciliation Service API 0.2 over HTTP, as OpenRefine calls it."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from jsonschema import validate

from tests.reconciliation import forms
from tests.reconciliation.test_service import LIST


def batch(*names: str, **more: Any) -> str:
    return json.dumps({f"q{at}": {"query": name, **more} for at, name in enumerate(names)})


def test_the_manifest(linked: httpx.Client) -> None:
    answer = linked.get("/reconcile")
    manifest = answer.json()
    validate(manifest, forms.MANIFEST)
    assert answer.headers["access-control-allow-origin"] == "*"
    here = str(linked.base_url).rstrip("/")
    assert manifest["view"]["url"] == here + "/{{id}}"
    for path in ("id/SSB", "id%2FSSB"):  # OpenRefine encodes the slash
        shown = linked.get(
            manifest["view"]["url"].replace("{{id}}", path),
            headers={"Accept": "text/html"},
            follow_redirects=True,
        )
        assert shown.status_code == 200
        assert "Savunma Sanayii Başkanlığı" in shown.text
    for kind in ("entity", "type", "property"):
        suggest = manifest["suggest"][kind]
        address = suggest["service_url"] + suggest["service_path"]
        assert linked.get(address, params={"prefix": "a"}).status_code == 200
    propose = manifest["extend"]["propose_properties"]
    address = propose["service_url"] + propose["service_path"]
    assert linked.get(address, params={"type": "ArmsDeal"}).status_code == 200


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_list_finds_the_right_things_first(linked: httpx.Client, method: str) -> None:
    asked = {"queries": batch(*LIST)}
    if method == "GET":
        answer = linked.get("/reconcile", params=asked)
    else:
        answer = linked.post("/reconcile", data=asked)
    assert answer.status_code == 200, answer.text
    assert answer.headers["access-control-allow-origin"] == "*"
    found = answer.json()
    validate(found, forms.RESULTS)
    firsts = [found[f"q{at}"]["result"][0]["id"] for at in range(len(LIST))]
    assert firsts == list(LIST.values())


def test_scores_are_explained(linked: httpx.Client) -> None:
    answer = linked.get("/reconcile", params={"queries": batch("Turkish S-400 deal", limit=10)})
    candidates = answer.json()["q0"]["result"]
    assert candidates
    for one in candidates:
        total = sum(feature["value"] for feature in one["features"])
        assert one["score"] == pytest.approx(total, abs=0.03)


def test_suggestions(linked: httpx.Client) -> None:
    for kind, prefix, expected in (
        ("entity", "savunma", "id/SSB"),
        ("type", "arms", "ArmsDeal"),
        ("property", "speak", "speaker"),
    ):
        found = linked.get(f"/reconcile/suggest/{kind}", params={"prefix": prefix}).json()
        validate(found, forms.SUGGESTIONS)
        assert expected in {one["id"] for one in found["result"]}
        skipped = linked.get(
            f"/reconcile/suggest/{kind}", params={"prefix": prefix, "cursor": "1"}
        ).json()
        assert skipped["result"][: len(found["result"]) - 1] == found["result"][1:]


def test_a_cursor_goes_on_after_the_first_suggestions(linked: httpx.Client) -> None:
    address = "/reconcile/suggest/entity"
    seen: list[str] = []
    while found := linked.get(address, params={"prefix": "s", "cursor": len(seen)}).json()[
        "result"
    ]:
        seen += [one["id"] for one in found]
    assert len(seen) == len(set(seen)) > 20


def test_extension(linked: httpx.Client) -> None:
    proposed = linked.get(
        "/reconcile/extend/propose", params={"type": "ArmsDeal", "limit": "5"}
    ).json()
    validate(proposed, forms.PROPOSALS)
    assert len(proposed["properties"]) == 5
    asked = {
        "ids": ["id/TurkeyS400Deal", "id/SSB"],
        "properties": [{"id": "supplier"}, {"id": "skos:altLabel", "settings": {"limit": "1"}}],
    }
    for answer in (
        linked.get("/reconcile", params={"extend": json.dumps(asked)}),
        linked.post("/reconcile", data={"extend": json.dumps(asked)}),
    ):
        found = answer.json()
        validate(found, forms.EXTENSION)
        assert found["rows"].keys() == set(asked["ids"])
        supplier = {"id": "id/Rosoboronexport", "name": "Rosoboronexport"}
        assert supplier in found["rows"]["id/TurkeyS400Deal"]["supplier"]
        assert len(found["rows"]["id/SSB"]["skos:altLabel"]) == 1


def test_a_preview_may_be_framed(linked: httpx.Client) -> None:
    answer = linked.get("/reconcile/preview", params={"id": "id/SSB"})
    assert answer.status_code == 200
    assert "Savunma Sanayii Başkanlığı" in answer.text
    assert "frame-ancestors *" in answer.headers["content-security-policy"]
    assert "x-frame-options" not in answer.headers
    assert "script" not in answer.text
    assert linked.get("/id/SSB.html").headers["x-frame-options"] == "DENY"
    assert linked.get("/reconcile/preview", params={"id": "id/None"}).status_code == 404


@pytest.mark.parametrize(
    "asked",
    [
        {"queries": "no json"},
        {"queries": "[]"},
        {"queries": '{"q0": {"query": ""}}'},
        {"queries": '{"q0": {"query": "a", "wrong": 1}}'},
        {"extend": "{}"},
        {"extend": '{"ids": [1], "properties": []}'},
        {"extend": '{"ids": [], "properties": [{"id": "a", "settings": {"limit": "x"}}]}'},
        {"queries": "{}", "extend": "{}"},
        {"queries": '{"q0": {"query": "\\ud800"}}'},
        {"queries": '{"q0": {"query": "a", "limit": NaN}}'},
        {"queries": "[" * 5_000},
        {"queries": '{"q0": {"query": "a", "type": "a b"}}'},
        {"extend": '{"ids": ["a b"], "properties": [{"id": "x"}]}'},
        {"wrong": "1"},
    ],
)
def test_what_is_refused(linked: httpx.Client, asked: dict[str, str]) -> None:
    for answer in (linked.get("/reconcile", params=asked), linked.post("/reconcile", data=asked)):
        assert answer.status_code == 400, answer.text
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "name", ["\u0000", 'a"b" OR "c', "%' OR 1=1 --", "((((", "\U0001f600" * 50]
)
def test_any_name_is_only_a_name(linked: httpx.Client, name: str) -> None:
    found = linked.post("/reconcile", data={"queries": batch(name, limit=1e999)})
    assert found.status_code == 200, found.text
    validate(found.json(), forms.RESULTS)
    assert linked.get("/reconcile/suggest/entity", params={"prefix": name}).status_code == 200
    for path, given in (("preview", {"id": name}), ("extend/propose", {"type": name})):
        assert linked.get(f"/reconcile/{path}", params=given).status_code in {200, 404}


def test_what_a_post_has_to_be(linked: httpx.Client) -> None:
    assert linked.post("/reconcile", json={"queries": {}}).status_code == 415
    assert linked.post("/reconcile", data={"timeout": "5"}).status_code == 400
    options = linked.options("/reconcile")
    assert options.headers["access-control-allow-origin"] == "*"
    assert "POST" in options.headers["access-control-allow-methods"]
