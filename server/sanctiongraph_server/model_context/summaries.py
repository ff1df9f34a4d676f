"""An assessment in short: of each case the outcome, its conditions, and which claims bear on them.

The whole proof of a party with several cases is longer than a model can read (786 kB for one agency
of the real graph); what is left out of it is what ``explain`` has as a text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sanctiongraph.explain import to_json
from sanctiongraph_server.assessments import explained
from sanctiongraph_server.tasks import Opened

_OF_ALL: Final = ("rule", "rule_label", "party", "party_label", "as_of", "viewpoint", "scenario")
_OF_CASE: Final = (
    "transaction",
    "transaction_label",
    "outcome",
    "level",
    "in_force",
    "verification",
    "missing",
    "unverified",
)


@dataclass(frozen=True, slots=True)
class Assessed:
    """What a rule makes of a party, in short; the parameters are those of ``/assess``."""

    given: Mapping[str, str]

    def perform(self, opened: Opened) -> dict[str, Any]:
        """See ``tasks.Task``. Raises as ``Question.of`` and ``Reasoner.explain`` do."""
        reasoner = opened.reasoner()
        whole = json.loads(to_json(explained(reasoner, dict(self.given)), reasoner))
        return {
            "version": opened.snapshot.name,
            **{name: whole[name] for name in _OF_ALL},
            "provision": whole["citation"]["label"],
            "outcome": whole["outcome"],
            "level": whole["level"],
            "looked_for": whole["looked_for"],
            "cases": [_case(case) for case in whole["cases"]],
        }


def _case(case: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{name: case[name] for name in _OF_CASE},
        "effects": [effect["label"] for effect in case["effects"]],
        "conditions": [_condition(one) for one in case["conditions"]],
        "exceptions": [
            {"id": one["id"], "label": one["label"], "status": one["status"]}
            for one in case["exceptions"]
        ],
        "measures": _claims(case["measures"]),
    }


def _condition(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": one["id"],
        "label": one["label"],
        "status": one["status"],
        "provision": (one["citation"] or {}).get("label"),
        "claims": _claims(one["evidence"]),
    }


def _claims(matches: list[dict[str, Any]]) -> list[str]:
    """The claims that bear, each once."""
    return sorted(
        {claim for match in matches for one in match["statements"] for claim in one["claims"]}
    )
