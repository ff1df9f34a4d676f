"""What is new in a release: for people in Markdown, for programs a JSON object a line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, Final

from sanctiongraph.releases.news import ClaimNews, Kind, News
from sanctiongraph.vocabulary import PREFIXES, called, shorten

#: Claims of one source that are listed for people; programs get all.
_SHOWN: Final = 100
_HEADINGS: Final = {
    Kind.ADDED: "Added",
    Kind.CHANGED: "Changed",
    Kind.WITHDRAWN: "Withdrawn",
}
_IRI: Final = re.compile(r"<([^<>]+)>")


def json_lines(news: News) -> Iterator[str]:
    """One object a claim: what became of it, and what it says."""
    for one in news.claims:
        told: dict[str, Any] = {
            "what": one.kind.value,
            "claim": one.claim,
            "source": one.source,
            "speakers": list(one.speakers),
            "modality": one.modality,
            "wording": one.wording,
        }
        if one.kind is Kind.CHANGED:
            told |= {"supersedes": one.supersedes, "gone": list(one.gone), "came": list(one.came)}
        yield json.dumps(told, ensure_ascii=False) + "\n"


def markdown(version: str, against: str | None, news: News | None) -> str:
    """The changes for people. Without ``news`` it is a release that is compared with none."""
    lines = [f"# Changes in version {version}", ""]
    if news is None:
        lines.append("This release is compared with no earlier one.")
        return "\n".join(lines) + "\n"
    lines += [f"Against version {against}.", "", "| claims | |", "|---|---:|"]
    lines += [f"| {kind.value} | {len(news.of(kind)):,} |" for kind in Kind]
    for kind, heading in _HEADINGS.items():
        if found := news.of(kind):
            lines += ["", f"## {heading}", *_listed(found)]
    if news.graphs:
        lines += ["", "## Quads by graph", "", "| graph | came | gone |", "|---|---:|---:|"]
        lines += [
            f"| {_graph(name)} | {came:,} | {gone:,} |"
            for name, (came, gone) in news.graphs.items()
        ]
    return "\n".join(lines) + "\n"


def _listed(found: Iterable[ClaimNews]) -> Iterator[str]:
    by_source = sorted(found, key=lambda one: (one.source, one.claim))
    for source, each in groupby(by_source, key=lambda one: one.source):
        claims = list(each)
        yield from ("", f"### {_plain(shorten(source)) if source else 'without a source'}", "")
        for one in claims[:_SHOWN]:
            yield from _item(one)
        if len(claims) > _SHOWN:
            yield f"- and {len(claims) - _SHOWN:,} more, in changes.jsonl"


def _item(one: ClaimNews) -> Iterator[str]:
    who = ", ".join(called(speaker) for speaker in one.speakers) or "nobody"
    modality = shorten(one.modality).removeprefix("sg:")
    yield f"- `{shorten(one.claim)}`: {_plain(one.wording)} ({_plain(who)}, {modality})"
    if one.supersedes is not None:
        yield f"  - in the place of `{shorten(one.supersedes)}`"
    for what, statements in (("gone", one.gone), ("new", one.came)):
        for statement in statements:
            yield f"  - {what}: {_plain(_IRI.sub(lambda found: shorten(found[1]), statement))}"


def _graph(iri: str) -> str:
    if iri == PREFIXES["claim"]:
        return "all claims' own graphs"
    return f"`{shorten(iri)}`" if iri else "the accepted graph"


def _plain(text: str) -> str:
    """Text that Markdown reads as it is."""
    return re.sub(r"([\\`*_\[\]<>|])", r"\\\1", " ".join(text.split()))
