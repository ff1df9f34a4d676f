"""Checks of the data files: everything that is wrong at once, each finding with its cure.

``check`` is the door; the modules each look at one thing. Nothing is changed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path

from sanctiongraph.check.consistency import check_consistency
from sanctiongraph.check.dates import check_dates
from sanctiongraph.check.findings import Finding, Report, Severity, in_order
from sanctiongraph.check.layout import check_layout
from sanctiongraph.check.parts import read_parts
from sanctiongraph.check.places import check_places
from sanctiongraph.check.proposals import check_proposals
from sanctiongraph.check.shapes import check_shapes
from sanctiongraph.check.terms import check_terms
from sanctiongraph.data import DataFolders
from sanctiongraph.vocabulary import term

__all__ = ["Finding", "Report", "Severity", "check"]


def check(
    folders: DataFolders,
    source_text: Path | None,
    *,
    reasoner: bool,
    draft_of: str | None = None,
) -> Report:
    """All that is wrong with the data below ``folders``.

    ``source_text`` is a folder with the texts of sources, where they are at hand. With
    ``reasoner``, HermiT looks for inconsistency, which takes some seconds. With ``draft_of``, the
    name of a source folder, its draft is looked at as if it were in the graph, and the shapes look at
    what this source names only.

    Raises ``MissingExtra`` where the packages for checking are not installed, ``BadData`` where
    the shapes themselves do not parse, ``EvaluationFailed`` where HermiT fails.
    """
    findings: list[Finding] = []
    seconds: dict[str, float] = {}

    started = time.perf_counter()
    parts, unreadable = read_parts(folders, draft_of)
    findings += unreadable
    seconds["reading"] = time.perf_counter() - started

    only = parts.named_below(folders.sources / draft_of) if draft_of else None
    steps: list[tuple[str, Callable[[], Iterable[Finding]]]] = [
        ("layout", lambda: check_layout(parts)),
        ("terms", lambda: check_terms(parts)),
        ("dates", lambda: check_dates(parts)),
        ("places", lambda: check_places(parts, source_text)),
        ("proposals", lambda: check_proposals(parts)),
        ("shapes", lambda: check_shapes(parts, folders.ontology / "shapes.ttl", only)),
    ]
    if reasoner:
        steps.append(("consistency", lambda: check_consistency(parts)))
    for name, step in steps:
        started = time.perf_counter()
        findings += step()
        seconds[name] = time.perf_counter() - started

    sources = {quad.object for quad in parts.quads() if quad.predicate == term("sg:source")}
    return Report(
        findings=in_order(findings),
        files=len(parts.files) + len(parts.unread),
        sources=len(sources),
        claims=len(parts.claims()),
        triples=sum(len(quads) for _, quads in parts.files),
        seconds={name: round(value, 3) for name, value in seconds.items()},
    )
