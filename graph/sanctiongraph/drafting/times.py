"""Dates that a text gives, as Extended Date/Time Format; what is vague is said to be so.

Only what the words give: a month without a year is ``XXXX-09``, and nothing is counted from the
day of publication, which a text may not tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sanctiongraph.drafting.english import MONTHS
from sanctiongraph.drafting.text import Sentence, Span

_MONTH: Final = "(?P<month>" + "|".join(one.title() for one in MONTHS) + ")"
_YEAR: Final = r"(?P<year>(?:1[89]|20)\d\d)"
_DAY: Final = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
#: From the fullest form to the barest; what a fuller one took is not looked at again.
_FORMS: Final = tuple(
    re.compile(form)
    for form in (
        r"\b(?P<year>(?:1[89]|20)\d\d)-(?P<monthnumber>[01]\d)-(?P<day>[0-3]\d)\b",
        rf"\b{_DAY} (?:of )?{_MONTH},? {_YEAR}\b",
        rf"\b{_MONTH} {_DAY},? {_YEAR}\b",
        rf"\b{_MONTH},? (?:of )?{_YEAR}\b",
        rf"\b(?i:between |from )(?P<from>(?:1[89]|20)\d\d) (?:and|to) {_YEAR}\b",
        rf"\b(?P<from>(?:1[89]|20)\d\d)[-–]{_YEAR}\b",
        rf"\b{_DAY} {_MONTH}\b",
        rf"\b{_MONTH} {_DAY}\b(?!,? \d)",
        rf"(?<=[Ii]n ){_MONTH}\b|(?<=[Ll]ast ){_MONTH}\b|(?<=[Ss]ince ){_MONTH}\b|(?<=[Uu]ntil ){_MONTH}\b".replace(
            "(?P<month>", "(?:"
        ),
        rf"(?<![\d$€£.,-]){_YEAR}\b(?![\d-]|,\d)",
    )
)
_VAGUE: Final = re.compile(
    r"\b(?:(?:in|over|within) the (?:next|coming|past|last) (?:[\w-]+ ){1,4}?(?:days|weeks|months|years)"
    r"|(?:before|by|at|until) the end of (?:the|this|next) (?:year|month|week|decade)"
    r"|(?:very )?soon|(?:last|next|this) (?:week|month|year)|in the (?:coming|near) (?:\w+)"
    r"|(?:on )?(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)|yesterday|tomorrow)\b",
    re.IGNORECASE,
)
_ABOUT: Final = re.compile(r"\b(?:about|around|circa|roughly|approximately)\s+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class When:
    """A date as the text gives it; ``edtf`` is empty where the words give no calendar date."""

    span: Span
    edtf: str
    reason: str


def dates(text: str, sentence: Sentence) -> list[When]:
    """The dates of a sentence, in their order."""
    taken: list[Span] = []
    found: list[When] = []
    for when in (*_given(text, sentence), *_vague(text, sentence)):
        if not any(when.span.shared(one) for one in taken):
            taken.append(when.span)
            found.append(when)
    return sorted(found, key=lambda one: one.span.start)


def _given(text: str, sentence: Sentence) -> Iterator[When]:
    for form in _FORMS:
        for match in form.finditer(text, sentence.span.start, sentence.span.end):
            parts = match.groupdict()
            month = parts.get("month") or ("" if parts.get("year") else match.group())
            number = (
                MONTHS.index(month.lower()) + 1 if month else int(parts.get("monthnumber") or 0)
            )
            edtf = parts.get("year") or "XXXX"
            edtf += f"-{number:02}" if number else ""
            edtf += f"-{int(parts['day']):02}" if parts.get("day") else ""
            if parts.get("from"):
                edtf = f"{parts['from']}/{edtf}"
            if parts.get("day") and not 1 <= int(parts["day"]) <= 31:
                continue
            if _ABOUT.search(text, max(0, match.start() - 20), match.start()):
                edtf += "~"
            yield When(Span(match.start(), match.end()), edtf, f'"{match.group()}"')


def _vague(text: str, sentence: Sentence) -> Iterator[When]:
    for match in _VAGUE.finditer(text, sentence.span.start, sentence.span.end):
        reason = f'"{match.group()}": no calendar date; infer one, or write sg:windowWording'
        yield When(Span(match.start(), match.end()), "", reason)
