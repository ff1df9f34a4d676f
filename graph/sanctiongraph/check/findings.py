"""What a check finds, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path


class Severity(Enum):
    """Whether a finding has to be cured, or is only good to know."""

    FAILURE = "failure"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, where it is, and what to do about it.

    ``message`` reads "what is wrong - what to do". ``file`` is relative to the data folder, and
    ``None`` where a finding belongs to no file. ``about`` is the claim or, outside of claims, the
    thing or term that the finding is about, in its short form; it may be empty.
    """

    file: Path | None
    about: str
    message: str
    severity: Severity = Severity.FAILURE

    def __str__(self) -> str:
        parts = [str(self.file) if self.file else "", self.about, self.message]
        return ": ".join(part for part in parts if part)

    @property
    def sort_key(self) -> tuple[str, str, str]:
        """By file, then by what it is about."""
        return str(self.file or ""), self.about, self.message


@dataclass(frozen=True, slots=True)
class Report:
    """All that a check found, with what it looked at and the seconds that each step took."""

    findings: tuple[Finding, ...]
    files: int
    sources: int
    claims: int
    triples: int
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def failures(self) -> tuple[Finding, ...]:
        """The findings that have to be cured."""
        return tuple(f for f in self.findings if f.severity is Severity.FAILURE)

    @property
    def notes(self) -> tuple[Finding, ...]:
        """The findings that are only good to know."""
        return tuple(f for f in self.findings if f.severity is Severity.NOTE)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings sorted by file, each once."""
    return tuple(sorted(set(findings), key=lambda finding: finding.sort_key))
