"""Options of the commands that ask about a case: rule, party, transaction, day, viewpoint."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from sanctiongraph.reasoner import Question
from sanctiongraph.scenario import Scenario, scenario_file
from sanctiongraph.stores.graphstore import GraphStore

_Command = Callable[..., Any]


RULE = click.option(
    "--rule", required=True, help="A rule by the last part of its IRI: caatsa-231-a."
)
PARTY = click.option("--party", required=True, help="A party by name, short form or IRI: SSB.")
TRANSACTION = click.option("--transaction", help="One transaction; without it, all of the party's.")
AS_OF = click.option("--as-of", help="The day as of which to ask; today without it.")
VIEWPOINT = click.option(
    "--viewpoint",
    default="sources",
    show_default=True,
    help="Whose word is taken beyond what sources state as fact.",
)
SCENARIO = click.option(
    "--scenario", help="A named option of the graph, or a TriG file, supposed on top."
)
JSON = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")


def case_options(command: _Command) -> _Command:
    """All of the above on one command, in this order."""
    for option in reversed((RULE, PARTY, TRANSACTION, AS_OF, VIEWPOINT, SCENARIO, JSON)):
        command = option(command)
    return command


def question(store: GraphStore, *, scenario: str | None, **given: str | None) -> Question:
    """The question that the options ask of a store; a scenario may be a file.

    Raises ``BadParameter``, and for a scenario file ``BadData`` or ``NotFound``.
    """
    supposed = supposed_as(scenario, store)
    return Question.of(scenario=supposed, **given)  # type: ignore[arg-type]


def supposed_as(scenario: str | None, store: GraphStore) -> str | Scenario | None:
    """What ``--scenario`` gives: the name of an option as it is, a file as the scenario in it.

    Raises ``BadData`` or ``NotFound`` as ``scenario_file`` does.
    """
    path = Path(scenario) if scenario else None
    return scenario_file(path, store) if path and path.is_file() else scenario
