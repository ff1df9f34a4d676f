"""The table of options: what each would do to the tests of the rules, and what else it sets off.

An option is a scenario about a matter; the rules by which the options for a matter are judged, and
the parties they are judged for, are data of the matter. No outcome is written anywhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import NamedNode

from sanctiongraph.assessment import Assessment, strongest
from sanctiongraph.errors import NotFound
from sanctiongraph.exposure import Exposure, Exposures, Standing, exposure_lines
from sanctiongraph.law.algebra import Status
from sanctiongraph.law.cases import case_of
from sanctiongraph.law.rules import Condition, Law, Rule, tests
from sanctiongraph.perspective import Perspective, suppose
from sanctiongraph.remembering import assessments
from sanctiongraph.scenario import Scenario, scenarios
from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.vocabulary import SCENARIOS_GRAPH, local_name, shorten, term

#: What a status says of a test that an option is put to.
WORDS: Final = {
    Status.ESTABLISHED: "met",
    Status.REFUTED: "fails",
    Status.DISPUTED: "disputed",
    Status.UNKNOWN: "open",
}
_LETTERS: Final = {"met": "M", "fails": "F", "disputed": "D", "open": "-"}


@dataclass(frozen=True, slots=True)
class Trial:
    """A rule, and the case of it that the options are put to; with the conditions of its formula."""

    rule: Rule
    case: tuple[tuple[str, str], ...]
    conditions: tuple[Condition, ...]

    def to_json(self) -> dict[str, Any]:
        """As plain values for JSON."""
        values = [shorten(value) for _, value in self.case]
        return {
            "rule": self.rule.name,
            "label": self.rule.label,
            "party": values[0],
            "transaction": values[1] if len(values) > 1 else None,
            "conditions": [
                {
                    "id": one.name,
                    "label": one.label,
                    "provision": shorten(one.provision) if one.provision else None,
                    "verification": local_name(one.verification),
                }
                for one in self.conditions
            ],
        }


@dataclass(frozen=True, slots=True)
class Row:
    """What comes of the tests under an option, or as things are (then ``scenario`` is ``None``).

    ``results`` are in the order of the table's tests; ``None`` where the case is no longer one.
    """

    scenario: Scenario | None
    results: tuple[Assessment | None, ...]
    exposures: tuple[Exposure, ...] = ()

    @property
    def name(self) -> str:
        """The option's name."""
        return self.scenario.name if self.scenario else "as-things-are"

    @property
    def label(self) -> str:
        """The option's label."""
        return self.scenario.label if self.scenario else "as things are"

    def word(self, test: int, condition: Condition) -> str:
        """What the option does to a condition: met, fails, disputed or open."""
        result = self.results[test]
        return WORDS[result.statuses[condition.iri]] if result else "open"

    @property
    def new_exposure(self) -> tuple[Exposure, ...]:
        """The cases in which a party becomes eligible, or worse."""
        return tuple(one for one in self.exposures if one.after is not Standing.OPEN)

    @property
    def left_open(self) -> tuple[Exposure, ...]:
        """The cases in which it is not known whether a party becomes eligible."""
        return tuple(one for one in self.exposures if one.after is Standing.OPEN)


@dataclass(frozen=True, slots=True)
class OptionsTable:
    """The options for a matter against its tests, as of a day, on a viewpoint."""

    matter: str
    as_of: dt.date
    viewpoint: str
    tests: tuple[Trial, ...]
    rows: tuple[Row, ...]

    def row(self, name: str) -> Row:
        """A row by its option's name. Raises ``NotFound``."""
        for row in self.rows:
            if row.name == name:
                return row
        raise NotFound(f"no option is named {name!r}")

    def columns(self) -> list[tuple[int, Condition]]:
        """The conditions on which the options differ from each other or from how things are."""
        return [
            (index, condition)
            for index, test in enumerate(self.tests)
            for condition in test.conditions
            if len({row.word(index, condition) for row in self.rows}) > 1
        ]

    def to_json(self) -> dict[str, Any]:
        """As plain values for JSON."""
        return {
            "matter": shorten(self.matter),
            "as_of": self.as_of.isoformat(),
            "viewpoint": self.viewpoint,
            "tests": [test.to_json() for test in self.tests],
            "options": [self._row_json(row) for row in self.rows],
        }

    def _row_json(self, row: Row) -> dict[str, Any]:
        return {
            "option": row.name,
            "label": row.label,
            "definition": row.scenario.definition if row.scenario else None,
            "models": [shorten(iri) for iri in row.scenario.models] if row.scenario else [],
            "results": [
                {
                    "rule": test.rule.name,
                    "outcome": result.outcome.value if result else None,
                    "level": result.level.value if result else None,
                    "conditions": {one.name: row.word(index, one) for one in test.conditions},
                }
                for index, (test, result) in enumerate(zip(self.tests, row.results, strict=True))
            ],
            "new_exposure": [one.to_json() for one in row.new_exposure],
            "left_open": [one.to_json() for one in row.left_open],
        }

    def to_text(self) -> str:
        """A table of letters with its legend, then the new exposure of each option."""
        columns = self.columns()
        width = max(len(row.name) for row in self.rows)
        heads = [f"{number:>3}" for number in range(1, len(columns) + 1)]
        lines = [f"{'':{width}} {''.join(heads)}"]
        for row in self.rows:
            cells = [f"{_LETTERS[row.word(*column)]:>3}" for column in columns]
            lines.append(f"{row.name:{width}} {''.join(cells)}")
        lines += ["", "M met, F fails, D disputed, - open"]
        for number, (index, condition) in enumerate(columns, start=1):
            lines.append(f"{number:>3}  {self.tests[index].rule.name}: {condition.label}")
        shown = {(index, condition.iri) for index, condition in columns}
        same = [
            f"  {_LETTERS[self.rows[0].word(index, one)]}  {test.rule.name}: {one.label}"
            for index, test in enumerate(self.tests)
            for one in test.conditions
            if (index, one.iri) not in shown
        ]
        lines += ["", "the same whatever is done:", *same] if same else []
        lines += ["", "new exposure:"]
        for row in self.rows:
            lines += [f"  {row.name}: {line}" for line in exposure_lines(row.exposures)]
        return "\n".join(lines)


def options_table(
    perspective: Perspective, law: Law, as_of: dt.date, matter: str | None = None
) -> OptionsTable:
    """The table for a matter; for the only one that has options where none is named.

    Raises ``NotFound`` where there is no such matter, ``BadData`` for a rule that does not parse.
    """
    offered = scenarios(perspective.store)
    chosen = _matter(offered, matter)
    judged = tuple(_tests(perspective, law, as_of, chosen))
    exposures = Exposures.of(perspective, law, as_of)
    before = tuple(_result(perspective, law, as_of, one) for one in judged)
    rows = [Row(None, before)]
    for scenario, supposed in supposed_options(perspective, offered, chosen):
        results = tuple(_result(supposed, law, as_of, one) for one in judged)
        rows.append(Row(scenario, results, exposures.new(supposed)))
    return OptionsTable(chosen, as_of, perspective.viewpoint, judged, tuple(rows))


def supposed_options(
    perspective: Perspective, offered: Iterable[Scenario], matter: str | None = None
) -> Iterator[tuple[Scenario, Perspective]]:
    """Of what is offered each option, for the matter or for any, with the perspective where it is
    taken.
    """
    for one in offered:
        if one.about if matter is None else matter in one.about:
            yield one, suppose(perspective, one)


def _matter(offered: Iterable[Scenario], matter: str | None) -> str:
    matters = sorted({iri for one in offered for iri in one.about})
    if matter is None and len(matters) == 1:
        return matters[0]
    for iri in matters:
        if matter in {iri, shorten(iri), local_name(iri)}:
            return iri
    names = ", ".join(local_name(iri) for iri in matters) or "none"
    raise NotFound(f"name a matter that has options; there are: {names}")


def _tests(perspective: Perspective, law: Law, as_of: dt.date, matter: str) -> Iterator[Trial]:
    """Each rule of the matter with the case that matters most to the first party that has one."""
    for iri in _objects(perspective.store, matter, "sg:assessedUnder"):
        rule = law.rule(iri)
        for party in _objects(perspective.store, matter, "sg:party"):
            case = case_of(rule, party)
            if best := strongest(assessments(perspective, law, rule, as_of, case)):
                conditions = tuple(
                    law.conditions[one] for one in dict.fromkeys(tests(rule.formula))
                )
                yield Trial(rule, tuple(best.case.items()), conditions)
                break


def _objects(store: GraphStore, subject: str, predicate: str) -> list[str]:
    quads = store.quads_for_pattern(NamedNode(subject), term(predicate), None, SCENARIOS_GRAPH)
    return sorted(quad.object.value for quad in quads if isinstance(quad.object, NamedNode))


def _result(perspective: Perspective, law: Law, as_of: dt.date, test: Trial) -> Assessment | None:
    found = assessments(perspective, law, test.rule, as_of, dict(test.case))
    return found[0] if found else None
