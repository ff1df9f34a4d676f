"""Timelines as pages and pictures have them: which cases are shown, and the drawing as SVG."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from flask import Response, render_template

from sanctiongraph.given import iri
from sanctiongraph.labels import Labels
from sanctiongraph.perspective import open_perspective
from sanctiongraph.timeline import Period, Timeline, overall, timelines
from sanctiongraph_server.pages.drawing import Drawing, drawing
from sanctiongraph_server.parameters import Parameters
from sanctiongraph_server.performing import response
from sanctiongraph_server.supposing import supposed
from sanctiongraph_server.tasks import Answer, Opened, Seen, seen_of

SVG: Final = "image/svg+xml"
#: Cases of a party that a drawn timeline shows beside the one that sums them up.
_MOST_LANES: Final = 12


@dataclass(frozen=True, slots=True)
class Row:
    """A period of the timeline's first lane, for a table; ``day`` is one of its days."""

    since: str
    until: str
    said: str
    day: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Picture(Seen):
    """A drawn timeline with its title; without a case of the party there is no drawing."""

    title: str
    drawn: Drawing


@dataclass(frozen=True, slots=True)
class DrawTimeline:
    """The timeline that ``/timeline`` gives for the same parameters, drawn."""

    given: Parameters

    def perform(self, opened: Opened) -> Picture:
        """See ``tasks.Task``. Raises as ``/timeline`` does."""
        reasoner, given = opened.reasoner(), self.given
        rule, party = reasoner.law.rule(given["rule"]), iri("party", given["party"])
        scenario = supposed(opened.store, given)
        perspective = open_perspective(opened.store, given.get("viewpoint", "sources"), scenario)
        transaction = iri("transaction", given["transaction"]) if "transaction" in given else None
        labels = Labels(perspective.store)
        found = timelines(perspective, reasoner.law, rule, party=party, transaction=transaction)
        title = f"{labels(party)} under {labels(rule.provision)}"
        said = [f"viewpoint {perspective.viewpoint}"]
        said += [f"supposing {perspective.scenario}"] if perspective.scenario else []
        return Picture(
            *seen_of(opened),
            f"{title}, {', '.join(said)}",
            drawing(lanes_of(found, labels, transaction)),
        )


def svg(picture: Picture) -> Response:
    """The picture as a file that stands by itself."""
    text = render_template(
        "pages/timeline.svg", drawn=picture.drawn, title=picture.title, alone=True
    )
    content_type = f"{SVG}; charset=utf-8"
    return response(Answer(text.encode("utf-8"), content_type, picture.version, picture.derived))


def lanes_of(
    lines: list[Timeline], labels: Labels, transaction: str | None
) -> list[tuple[str, tuple[Period, ...]]]:
    """The timelines to draw: over all transactions first, where there are several."""
    if len(lines) < 2:
        return [(labels(one.transaction or one.party), one.periods) for one in lines]
    whole = overall(lines)
    own = [one for one in lines if one.transaction == transaction]
    chosen = (own + [one for one in lines if one not in own])[:_MOST_LANES]
    named = [(labels(one.transaction or one.party), one.periods) for one in chosen]
    return [("any transaction", whole.periods), *named] if whole else named


def rows_of(periods: tuple[Period, ...], as_of: dt.date) -> list[Row]:
    """The periods of one lane, for a table."""
    drawn = drawing([("", periods)], as_of).lanes[0].bars
    return [
        Row(bar.since, bar.until, bar.said, bar.day, period.holds_on(as_of))
        for bar, period in zip(drawn, periods, strict=True)
    ]
