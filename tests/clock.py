"""How late a machine may be that does other work as well."""

from __future__ import annotations

import os
from typing import Final

#: Whether nothing else is at work: ``SANCTIONGRAPH_TEST_AT_REST=1`` says so.
AT_REST: Final = bool(os.environ.get("SANCTIONGRAPH_TEST_AT_REST"))


def within(seconds: float) -> float:
    """The time that something may take which takes at most so long on a machine at rest."""
    return seconds if AT_REST else 10 * seconds
