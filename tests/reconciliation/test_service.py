"""Reconciling a list as a researcher would, and the forms of all answers."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import validate
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from sanctiongraph import Graph
from sanctiongraph.errors import BadParameter
from sanctiongraph.names.index import NameIndex, Thing
from sanctiongraph.reconciliation import Service
from sanctiongraph.reconciliation.queries import MOST_QUERIES, read_batch
from sanctiongraph.vocabulary import BASE, PREFIXES, term
from tests.reconciliation import forms

LIST = {
    "Türkiye": "id/Turkey",
    "SSB": "id/SSB",
    "Savunma Sanayii Başkanlığı": "id/SSB",
    "F-35 Lightning II": "id/F35",
    "S-400 Triumf": "id/S400",
    "Donald J. Trump": "id/DonaldTrump",
    "Barrack": "id/TomBarrack",
}


@pytest.fixture(scope="module")
def service(graph: Graph) -> Iterator[Service]:
    index = NameIndex.build(graph.store)
    yield Service(graph.store, index)
    index.close()


def asked(service: Service, **queries: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    found = service.reconciled(read_batch(json.dumps(queries)))
    validate(found, forms.RESULTS)
    return {key: value["result"] for key, value in found.items()}


def test_a_list_finds_the_right_things_first(service: Service) -> None:
    found = asked(service, **{f"q{at}": {"query": name} for at, name in enumerate(LIST)})
    assert [found[f"q{at}"][0]["id"] for at in range(len(LIST))] == list(LIST.values())


def test_scores_are_explained(service: Service) -> None:
    for one in asked(service, q={"query": "Turkish S-400 deal", "limit": 10})["q"]:
        assert one["score"] == pytest.approx(
            sum(feature["value"] for feature in one["features"]), abs=0.03
        )


def test_a_property_tells_alike_names_apart(service: Service) -> None:
    query = {"query": "S-400 purchase", "type": "ArmsDeal"}
    for recipient, thing in (("Turkey", "id/TurkeyS400Deal"), ("India", "id/IndiaS400Deal")):
        by_name = {"pid": "recipient", "v": recipient}
        by_id = {"pid": "recipient", "v": {"id": f"id/{recipient}"}}
        for wanted in (by_name, by_id):
            assert asked(service, q={**query, "properties": [wanted]})["q"][0]["id"] == thing


def test_what_a_property_speaks_against_is_not_certain(service: Service) -> None:
    query = {"query": "Turkey's S-400 purchase", "limit": 20}

    def certain(*wanted: dict[str, object]) -> set[str]:
        found = asked(service, q={**query, "properties": list(wanted)})["q"]
        return {one["id"] for one in found if one["match"]}

    turkey, india = ({"pid": "recipient", "v": name} for name in ("Turkey", "India"))
    assert certain() == certain(turkey) == {"id/TurkeyS400Deal"}
    assert certain(india) == certain(turkey, {"pid": "supplier", "v": "India"}) == set()


def test_properties_alone_find_things(service: Service) -> None:
    wanted = [{"pid": "agencyOf", "v": [{"id": "id/Turkey"}]}]
    found = asked(service, q={"properties": wanted, "limit": 20})["q"]
    assert "id/SSB" in {one["id"] for one in found}
    assert found[0]["score"] == 100
    assert asked(service, q={"properties": [{"pid": "agencyOf", "v": "Türkiye"}]})["q"]


@pytest.mark.parametrize(("strict", "others"), [("should", True), ("any", False), ("all", False)])
def test_how_strictly_a_type_is_meant(strict: str, others: bool, service: Service) -> None:
    query = {"query": "President of Turkey", "type": ["Office"], "type_strict": strict, "limit": 20}
    found = asked(service, q=query)["q"]
    assert found[0]["id"] == "id/PresidentOfTurkey"
    kinds = [{kind["id"] for kind in one["type"]} for one in found]
    assert any("Office" not in one for one in kinds) is others


def test_all_types_have_to_be_there_only_where_all_are_meant(service: Service) -> None:
    query = {"query": "Turkey", "type": ["State", "Person"], "limit": 20}
    assert asked(service, q={**query, "type_strict": "any"})["q"]
    assert asked(service, q={**query, "type_strict": "all"})["q"] == []


@pytest.mark.parametrize("strict", ["any", "all"])
def test_a_type_is_meant_as_strictly_where_only_properties_are_given(
    strict: str, service: Service
) -> None:
    query = {"properties": [{"pid": "agencyOf", "v": {"id": "id/Turkey"}}], "limit": 20}
    assert {one["id"] for one in asked(service, q=query)["q"]} >= {"id/SSB"}
    agency = asked(service, q={**query, "type": "Agency", "type_strict": strict})["q"]
    assert {one["id"] for one in agency} >= {"id/SSB"}
    assert asked(service, q={**query, "type": "Person", "type_strict": strict})["q"] == []


def test_another_type_lowers_all_of_a_score(service: Service) -> None:
    for query in (
        {"properties": [{"pid": "agencyOf", "v": {"id": "id/Turkey"}}]},
        {"query": "SSB", "properties": [{"pid": "agencyOf", "v": {"id": "id/Turkey"}}]},
    ):
        right, wrong = (
            next(
                one
                for one in asked(service, q={**query, "type": type_, "limit": 20})["q"]
                if one["id"] == "id/SSB"
            )
            for type_ in ("Agency", "Person")
        )
        assert wrong["score"] == pytest.approx(right["score"] * 0.6, abs=0.03)
        assert wrong["score"] == pytest.approx(
            sum(feature["value"] for feature in wrong["features"]), abs=0.03
        )


def test_only_what_is_given_is_described(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    described = []
    types = Service._types

    def noted(self: Service, one: Thing) -> list[dict[str, str]]:
        described.append(one.iri)
        return types(self, one)

    monkeypatch.setattr(Service, "_types", noted)
    wanted = [{"pid": "recipient", "v": "Turkey"}]
    for query in ({"query": "Turkey"}, {"query": "Turkey", "properties": wanted}):
        described.clear()
        assert len(asked(service, q={**query, "limit": 2})["q"]) == 2
        assert len(set(described)) == 2


def test_the_manifest(service: Service) -> None:
    found = service.manifest("http://127.0.0.1:8080/reconcile", "http://127.0.0.1:8080")
    validate(found, forms.MANIFEST)
    assert found["view"]["url"] == "http://127.0.0.1:8080/{{id}}"
    assert {kind["name"] for kind in found["defaultTypes"]} >= {"state", "person"}


@pytest.mark.parametrize(
    ("kind", "prefix", "first"),
    [
        ("entity", "rosob", "id/Rosoboronexport"),
        ("entity", "barr", "id/TomBarrack"),
        ("type", "weapon s", "WeaponSystem"),
        ("property", "suppl", "supplier"),
    ],
)
def test_suggestions(kind: str, prefix: str, first: str, service: Service) -> None:
    found = service.suggested(kind, prefix)
    validate(found, forms.SUGGESTIONS)
    assert first in [one["id"] for one in found["result"]][:3]


@pytest.mark.parametrize(("kind", "prefix"), [("entity", "s"), ("property", "s")])
def test_suggestions_go_on_after_the_first_twenty(kind: str, prefix: str, service: Service) -> None:
    def ids(skipped: int) -> list[str]:
        return [one["id"] for one in service.suggested(kind, prefix, skipped)["result"]]

    first, second = ids(0), ids(20)
    assert len(first) == 20
    assert second
    assert not set(first) & set(second)
    assert ids(10) == [*first[10:], *second[:10]]
    assert ids(1_000_000) == []


def test_a_summary_for_a_preview(service: Service) -> None:
    found = service.summary("id/SSB")
    assert found is not None
    assert found["name"] == "Presidency of Defence Industries"
    assert "SSB" in found["names"]
    assert found["iri"].endswith("/id/SSB")
    assert service.summary("id/Nobody") is None


def test_properties_that_a_type_has(service: Service) -> None:
    found = service.proposed("ArmsDeal", 6)
    validate(found, forms.PROPOSALS)
    assert len(found["properties"]) == 6
    assert {"supplier", "recipient"} <= {one["id"] for one in found["properties"]}


def test_values_of_properties(service: Service) -> None:
    found = service.extended(
        ["id/TurkeyS400Deal", "id/TurkeyS400Order2017", "id/Nobody"],
        [("supplier", 0), ("recipient", 1), ("date", 0), ("rdfs:label", 0)],
    )
    validate(found, forms.EXTENSION)
    deal = found["rows"]["id/TurkeyS400Deal"]
    assert {"id": "id/Rosoboronexport", "name": "Rosoboronexport"} in deal["supplier"]
    assert len(deal["recipient"]) == 1
    assert found["rows"]["id/TurkeyS400Order2017"]["date"][0]["str"].startswith("2017")
    assert found["rows"]["id/Nobody"]["supplier"] == []


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("7", "integer", {"int": 7}),
        ("7", "int", {"int": 7}),
        ("-7", "long", {"int": -7}),
        ("x", "integer", {"str": "x"}),
        ("9" * 5_000, "integer", {"str": "9" * 5_000}),
        ("2.5", "decimal", {"float": 2.5}),
        ("1" + "0" * 400, "decimal", {"str": "1" + "0" * 400}),
        ("sNaN", "decimal", {"str": "sNaN"}),
        ("1e3", "double", {"float": 1000.0}),
        ("INF", "double", {"str": "INF"}),
        ("NaN", "float", {"str": "NaN"}),
        ("true", "boolean", {"bool": True}),
        ("0", "boolean", {"bool": False}),
        ("2017-04-11", "date", {"str": "2017-04-11"}),
        ("seven", "string", {"str": "seven"}),
    ],
)
def test_values_by_their_datatypes(text: str, kind: str, value: dict[str, Any]) -> None:
    store = Store()
    thing, name = NamedNode(BASE + "id/Thing"), term("sg:figure")
    literal = Literal(text, datatype=NamedNode(PREFIXES["xsd"] + kind))
    store.add(Quad(thing, name, literal, DefaultGraph()))
    index = NameIndex.build(store)
    found = Service(store, index).extended(["id/Thing"], [("figure", 0)])
    validate(found, forms.EXTENSION)
    assert found["rows"]["id/Thing"]["figure"] == [value]
    json.dumps(found, allow_nan=False)
    index.close()


@pytest.mark.parametrize(
    ("batch", "message"),
    [
        ("{", "no JSON"),
        ("[]", "queries is an object"),
        ('{"a": 3}', "a: a query is an object"),
        ('{"a": {}}', "a: give query, properties, or both"),
        ('{"a": {"query": 3}}', "a: query is a text"),
        ('{"a": {"query": "x", "kind": "y"}}', "there is no 'kind'"),
        ('{"a": {"query": "x", "limit": 0}}', "limit"),
        ('{"a": {"query": "x", "type_strict": "no"}}', "type_strict is one of"),
        ('{"a": {"query": "x", "type": "zz:T"}}', "unknown prefix"),
        ('{"a": {"properties": [{"p": "x"}]}}', "a property is"),
        ('{"a": {"properties": [{"pid": "x", "v": null}]}}', "give query"),
        ('{"a": {"properties": [{"pid": "x", "v": [[]]}]}}', "a value is"),
        ('{"a": {"properties": [{"pid": "x", "v": {"name": "y"}}]}}', "are texts"),
    ],
)
def test_what_is_no_batch_is_refused(batch: str, message: str) -> None:
    with pytest.raises(BadParameter, match=message):
        read_batch(batch)


def test_a_batch_has_an_end() -> None:
    many = {str(at): {"query": "x"} for at in range(MOST_QUERIES + 1)}
    with pytest.raises(BadParameter, match="at most"):
        read_batch(json.dumps(many))


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["query", "type", "limit", "properties", "pid", "v", "id"]) | st.text(max_size=3), inner, max_size=4), max_leaves=12))  # fmt: skip
def test_any_json_is_read_or_refused(value: object) -> None:
    with contextlib.suppress(BadParameter):
        read_batch(json.dumps(value))
