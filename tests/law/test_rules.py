"""What holds of every rule and condition of the project: cited, in both languages, and testable."""

from __future__ import annotations

import re
from functools import cache

import pytest
from pyoxigraph import Literal, NamedNode

from sanctiongraph.law.days import changes
from sanctiongraph.law.rules import read_law
from sanctiongraph.law.truthtable import ACCEPTED
from sanctiongraph.vocabulary import PREFIXES, term
from tests.law.bench import Base, empty

_BASE = cache(empty)
_LAW = read_law(_BASE().store)
_RULES = sorted(_LAW.rules.values(), key=lambda rule: rule.name)
_CONDITIONS = sorted(_LAW.conditions.values(), key=lambda condition: condition.name)
_NAME = re.compile(r"\b(id|sg):([A-Za-z0-9]+)|<(https://w3id\.org/sanctiongraph/[^>]*)>")
_MARKS = {
    term(f"sg:{mark}").value
    for mark in ("PrimaryText", "SecondarySource", "PartlyVerified", "Unverified")
}


def _languages(base: Base, iri: str) -> set[str | None]:
    labels = base.store.quads_for_pattern(NamedNode(iri), term("rdfs:label"), None, None)
    return {quad.object.language for quad in labels if isinstance(quad.object, Literal)}


def _is(base: Base, iri: str, kind: str) -> bool:
    quads = base.store.quads_for_pattern(NamedNode(iri), term("rdf:type"), term(kind), None)
    return next(iter(quads), None) is not None


def _names(text: str) -> set[str]:
    return {whole or PREFIXES[prefix] + local for prefix, local, whole in _NAME.findall(text)}


@pytest.mark.parametrize("one", [*_RULES, *_CONDITIONS], ids=lambda one: one.name)
def test_is_cited_and_labelled(one: object) -> None:
    base = _BASE()
    assert {"en", "tr"} <= _languages(base, one.iri)
    assert one.provision
    assert _is(base, one.provision, "sg:Provision")
    assert one.verification in _MARKS


@pytest.mark.parametrize("condition", _CONDITIONS, ids=lambda one: one.name)
def test_condition_can_be_established(condition: object) -> None:
    assert condition.established_by


@pytest.mark.parametrize("one", [*_RULES, *_CONDITIONS], ids=lambda one: one.name)
def test_what_patterns_and_offices_name_is_described(one: object) -> None:
    base = _BASE()
    texts = (
        (one.case_pattern, *one.sanctioned_by)
        if hasattr(one, "case_pattern")
        else (*one.established_by, *one.refuted_by)
    )
    named = set().union(*(_names(text) for text in texts))
    named |= set(getattr(one, "bearers", ())) | set(getattr(one, "reserved_to", ()))
    named |= set(getattr(one, "changed_by", ())) | set(getattr(one, "effects", ()))
    described = {
        iri
        for iri in named
        if next(iter(base.store.quads_for_pattern(NamedNode(iri), term("rdf:type"), None)), None)
    }
    assert named - described == set()


@pytest.mark.parametrize("rule", _RULES, ids=lambda rule: rule.name)
def test_exceptions_ask_what_the_rule_asks(rule: object) -> None:
    for iri in rule.exceptions:
        if iri in _LAW.rules:
            assert _LAW.rules[iri].asks == rule.asks
            assert not _LAW.rules[iri].exceptions, "an exception's own exceptions are not asked"


@pytest.mark.parametrize("rule", _RULES, ids=lambda rule: rule.name)
def test_days_on_which_the_answer_changes_can_be_found(rule: object) -> None:
    base = _BASE()
    assert changes(base.store, _LAW, rule, {}, ACCEPTED) is not None


def test_no_condition_is_left_unused() -> None:
    used = {condition.iri for rule in _RULES for condition in _LAW.conditions_of(rule)}
    assert {condition.iri for condition in _CONDITIONS} == used
