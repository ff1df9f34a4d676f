"""Whose word a stretch of a text is, in which manner, and who passed it on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from sanctiongraph.drafting.knowledge import Known
from sanctiongraph.drafting.text import Span


class Manner(Enum):
    """In which manner something is said."""

    SAYING = "saying"
    STANCE = "stance"
    AHEAD = "ahead"
    NOUN = "noun"


@dataclass(frozen=True, slots=True)
class Attribution:
    """That a span is somebody's word; ``whole`` is the span with the words that attribute it."""

    said: Span
    whole: Span
    speakers: tuple[Known, ...]
    manner: Manner
    reason: str
    via: tuple[Known, ...] = ()


def listed(speakers: Sequence[Known]) -> str:
    """The speakers as a reason names them."""
    return " and ".join(one.label for one in speakers)


def passed_on(found: list[Attribution]) -> list[Attribution]:
    """Reporters whose report is another's word passed it on; they are no speakers of their own."""
    reports = [one for one in found if all(who.is_a("NewsOrganisation") for who in one.speakers)]
    others = [one for one in found if one not in reports]
    kept = []
    for one in others:
        for report in reports:
            both = report.said.shared(one.said)
            if both > 0:
                said = Span(
                    one.said.start, min(one.said.end, max(report.said.end, one.said.start + both))
                )
                via = tuple(dict.fromkeys((*one.via, *report.speakers)))
                one = replace(one, said=said, via=via)
        kept.append(one)
    used = {who.iri for one in kept for who in one.via}
    return kept + [one for one in reports if not used & {who.iri for who in one.speakers}]
