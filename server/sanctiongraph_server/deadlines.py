"""How long a request may take: the setting, or what ``timeout=`` says, up to the operator's most."""

from __future__ import annotations

import re
from typing import Final

from sanctiongraph.errors import BadParameter

#: The parameter, in seconds.
TIMEOUT: Final = "timeout"
_NUMBER: Final = re.compile(r"[0-9]{1,9}(\.[0-9]{0,9})?|\.[0-9]{1,9}")


def seconds(asked: str | None, usual: float, most: float) -> float:
    """Seconds for a request that asks for ``asked``; nothing or an empty text asks for the usual.

    Raises ``BadParameter`` for what is no positive number. More than ``most`` is as much as that.
    """
    if not asked:
        return usual
    number = float(asked) if _NUMBER.fullmatch(asked) else 0.0
    if number <= 0:
        raise BadParameter(
            f"{TIMEOUT} is {asked!r}: give seconds as a number above 0, such as 2.5 (at most"
            f" {most:g} count)"
        )
    return min(number, most)
