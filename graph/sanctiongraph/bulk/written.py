"""All cases of a rule written out, a line a case: what cases share is put into words once."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator

from sanctiongraph.assessment import Assessment
from sanctiongraph.bulk.cases import AllCases
from sanctiongraph.law.rules import Law
from sanctiongraph.vocabulary import called, local_name

#: The columns of CSV. ``missing`` are the conditions that are not established, with spaces between.
COLUMNS = ("rule", "party", "transaction", "as_of", "viewpoint", "outcome", "level", "missing",
           "outcome_without_unverified")  # fmt: skip


def json_lines(law: Law, found: AllCases) -> Iterator[str]:
    """A JSON object a case, with keys as ``explain.plain`` has them, and no evidence."""
    head = json.dumps({"rule": found.rule.name})[:-1]
    tails = [
        json.dumps(_shared(law, found, one), ensure_ascii=False)[1:] + "\n" for one in found.lines
    ]
    pair = len(found.rule.asks) > 1
    for case, number in found.listing.cases():
        party = json.dumps(called(case[0]), ensure_ascii=False)
        transaction = json.dumps(called(case[1]), ensure_ascii=False) if pair else "null"
        yield f'{head}, "party": {party}, "transaction": {transaction}, {tails[number]}'


def csv_lines(law: Law, found: AllCases) -> Iterator[str]:
    """A line a case of ``COLUMNS``, without a heading."""
    tails = []
    for one in found.lines:
        missing = " ".join(law.conditions[iri].name for iri in one.missing)
        tails.append(
            _csv(found.as_of.isoformat(), found.viewpoint, one.outcome.value, one.level.value,
                 missing, one.without_unverified.value)
        )  # fmt: skip
    pair = len(found.rule.asks) > 1
    for case, number in found.listing.cases():
        names = (called(case[0]), called(case[1]) if pair else "")
        yield f"{_csv(found.rule.name, *names)[:-1]},{tails[number]}"


def heading() -> str:
    """The first line of CSV."""
    return _csv(*COLUMNS)


def _shared(law: Law, found: AllCases, one: Assessment) -> dict[str, object]:
    return {
        "as_of": found.as_of.isoformat(),
        "viewpoint": found.viewpoint,
        "outcome": one.outcome.value,
        "level": one.level.value,
        "in_force": one.in_force,
        "conditions": [
            {"id": law.conditions[iri].name, "status": status.value}
            for iri, status in one.statuses.items()
        ],
        "exceptions": [
            {"id": local_name(tried.iri), "status": tried.status.value} for tried in one.exceptions
        ],
        "missing": [law.conditions[iri].name for iri in one.missing],
        "verification": local_name(found.rule.verification),
        "outcome_without_unverified": one.without_unverified.value,
    }


def _csv(*cells: str) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()
