"""A gateway that takes no changes."""

from __future__ import annotations

from typing import NoReturn

from sanctiongraph.errors import Forbidden
from sanctiongraph_server.writes import Change

_MESSAGE = "this gateway takes no changes"


def refuse() -> NoReturn:
    """Raises ``Forbidden``."""
    raise Forbidden(_MESSAGE)


class ReadOnly:
    """``Writes`` that refuses all changes."""

    def apply(self, change: Change, timeout: float | None = None) -> NoReturn:  # noqa: ARG002
        """Raises ``Forbidden``."""
        raise Forbidden(_MESSAGE)
