"""What a form offers: rules, parties, viewpoints and scenarios of the graph. Read once a snapshot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, QuerySolutions

from sanctiongraph.labels import Labels
from sanctiongraph.scenario import Scenario, scenarios
from sanctiongraph.viewpoints import viewpoints
from sanctiongraph.vocabulary import PREFIXES, called, local_name
from sanctiongraph_server.pages.languages import LANGUAGES
from sanctiongraph_server.tasks import Opened

#: Rules and those of whom they have a case on any day and any viewpoint.
_CASES: Final = """
SELECT DISTINCT ?rule ?party WHERE {
  GRAPH ?graph { ?assessment sg:assessedRule ?rule ; sg:assessedParty ?party }
}"""


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a form, and what people call it."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class RuleChoice:
    """A rule, with those of whom it has a case; ``transactions`` says whether it asks for one."""

    value: str
    label: str
    citation: str
    provision: str
    transactions: bool
    parties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScenarioChoice:
    """A scenario; ``option`` says whether it is one in a matter, and not a part of others."""

    value: str
    label: str
    definition: str
    option: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """All of them, each in an order that people can search."""

    rules: tuple[RuleChoice, ...]
    parties: tuple[Choice, ...]
    viewpoints: tuple[Choice, ...]
    scenarios: tuple[ScenarioChoice, ...]

    def rule(self, name: str | None) -> RuleChoice | None:
        """The rule of that name."""
        return next((one for one in self.rules if one.value == name), None)

    @property
    def labels(self) -> Mapping[str, str]:
        """What the parties are called, by name."""
        return {one.value: one.label for one in self.parties}


def choices(opened: Opened, language: str) -> Choices:
    """What a form offers, with labels in a language of the pages."""
    return opened.once(_READ[language])


def _reading(language: str) -> Callable[[Opened], Choices]:
    return lambda opened: _read(opened, language)


#: For ``opened.once``: what reads the choices in each language.
_READ: Final = {code: _reading(code) for code in LANGUAGES}


def _read(opened: Opened, language: str) -> Choices:
    reasoner, store = opened.reasoner(), opened.store
    found = store.query(_CASES, prefixes=PREFIXES)
    assert isinstance(found, QuerySolutions)
    cases: dict[str, set[str]] = {}
    for row in found:
        rule, party = row["rule"], row["party"]
        if isinstance(rule, NamedNode) and isinstance(party, NamedNode):
            cases.setdefault(local_name(rule.value), set()).add(party.value)
    labels = Labels(store, language)
    parties = [Choice(called(iri), labels(iri)) for iri in set().union(*cases.values())]

    def named(one: Scenario) -> str:
        found = labels(one.iri)  # a scenario is in no default graph, so it may have none there
        return one.label if found == local_name(one.iri) else found

    return Choices(
        rules=tuple(
            RuleChoice(
                value=rule.name,
                label=labels(rule.iri),
                citation=labels.citation(rule.provision).label,
                provision=rule.provision,
                transactions=len(rule.asks) > 1,
                parties=tuple(sorted(map(called, cases.get(rule.name, ())))),
            )
            for rule in reasoner.rules()
        ),
        parties=tuple(sorted(parties, key=lambda one: one.label)),
        viewpoints=tuple(Choice(one.name, labels(one.iri)) for one in viewpoints(store)),
        scenarios=tuple(
            ScenarioChoice(one.name, named(one), one.definition, bool(one.about))
            for one in scenarios(store)
        ),
    )
