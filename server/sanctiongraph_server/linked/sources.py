"""A source as its paragraphs, with the claims at their places.

The text itself is read from the operator's folder, where it is the text that the graph was made
from; without it a paragraph is its number, with our wording of what is claimed there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from pyoxigraph import DefaultGraph, NamedNode

from sanctiongraph.claims import Claim, claims_named
from sanctiongraph.errors import NotFound
from sanctiongraph.sourcetext import SourceText, source_text
from sanctiongraph.vocabulary import local_name, term
from sanctiongraph_server.linked.said import Said, said
from sanctiongraph_server.linked.values import Values
from sanctiongraph_server.tasks import Opened

#: Claims of a source on a page.
CLAIMS_A_PAGE: Final = 150


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a paragraph, and the claims that rest on it by their short names."""

    text: str
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: its text in pieces where that is at hand, and the claims of it."""

    number: int
    pieces: tuple[Piece, ...]
    claims: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class SourceShown:
    """A source: its paragraphs, and claims whose place is no paragraph."""

    paragraphs: tuple[Paragraph, ...]
    others: tuple[Said, ...]
    claims_in_all: int
    page: int
    pages: int
    #: Why there is no text, where there is none.
    without_text: str


@dataclass(frozen=True, slots=True)
class Context:
    """The span of a claim in its paragraph."""

    before: str
    span: str
    after: str


def source_shown(opened: Opened, values: Values, source: NamedNode, page: int) -> SourceShown:
    """A source by its paragraphs, with one page of its claims; pages count from 1."""
    quads = opened.store.quads_for_pattern(None, term("sg:source"), source, DefaultGraph())
    iris = sorted(quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode))
    pages = max(1, -(-len(iris) // CLAIMS_A_PAGE))
    page = min(page, pages)
    part = iris[(page - 1) * CLAIMS_A_PAGE : page * CLAIMS_A_PAGE]
    claims = list(claims_named(opened.store, part).values())
    text, why = _text(opened, source)
    by_number: dict[int, list[Claim]] = {}
    for one in claims:
        if one.paragraph is not None:
            by_number.setdefault(one.paragraph, []).append(one)
    numbers = sorted(by_number)
    if text is not None and pages == 1:
        numbers = list(range(1, text.text.rstrip("\n").count("\n") + 2))
    paragraphs = [
        Paragraph(
            number,
            _pieces(text, number, by_number.get(number, [])) if text is not None else (),
            tuple(
                said(one, values)
                for one in sorted(
                    by_number.get(number, []), key=lambda one: (one.start or 0, one.iri)
                )
            ),
        )
        for number in numbers
    ]
    return SourceShown(
        paragraphs=tuple(
            one for one in paragraphs if one.claims or any(p.text.strip() for p in one.pieces)
        ),
        others=tuple(said(one, values) for one in claims if one.paragraph is None),
        claims_in_all=len(iris),
        page=page,
        pages=pages,
        without_text=why,
    )


def context(opened: Opened, claim: Claim) -> Context | None:
    """The words of a claim in their paragraph, where the operator has the text."""
    if claim.start is None or claim.end is None:
        return None
    text, _ = _text(opened, NamedNode(claim.source))
    return Context(*text.context(claim.start, claim.end)) if text is not None else None


def _text(opened: Opened, source: NamedNode) -> tuple[SourceText | None, str]:
    """The text, or why there is none."""
    folder = opened.settings.source_text
    if folder is None:
        return None, "This server does not hold the texts of sources."
    try:
        return source_text(opened.store, source.value, folder), ""
    except NotFound:
        # Where the folder is, and what is wrong in it, is the operator's affair.
        return None, "This server does not hold the text of this source."


def _pieces(text: SourceText, number: int, claims: Sequence[Claim]) -> tuple[Piece, ...]:
    """The paragraph, cut wherever the span of a claim begins or ends."""
    lines = text.text.split("\n")
    start = sum(len(line) + 1 for line in lines[: number - 1])
    end = start + len(lines[number - 1])
    spans = [
        (max(one.start, start), min(one.end, end), local_name(one.iri))
        for one in claims
        if one.start is not None and one.end is not None
    ]
    cuts = sorted({start, end, *(cut for first, last, _ in spans for cut in (first, last))})
    return tuple(
        Piece(
            text.text[first:last],
            tuple(name for begin, finish, name in spans if begin <= first and last <= finish),
        )
        for first, last in pairwise(cuts)
    )
