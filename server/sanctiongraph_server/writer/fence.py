"""What an update may not do: fetch what the guard has not let pass."""

from __future__ import annotations

import re
from typing import Final

from sanctiongraph.errors import Forbidden
from sanctiongraph_server import guard

# Whatever the engine could read as LOAD: also inside a string, since a refusal harms nobody.
_LOAD: Final = re.compile(r"(?<![A-Za-z0-9_])load(?![A-Za-z0-9_])", re.IGNORECASE)


def check(text: str) -> None:
    """Raises ``Forbidden`` for an update that calls another address, ``BadQuery`` for one beyond
    the limits.
    """
    if (passes := getattr(guard, "check_update", None)) is not None:
        passes(text)
        return
    guard.check(text)
    if _LOAD.search(text):
        raise Forbidden("LOAD is not done here: send the data itself, to the graph store")
