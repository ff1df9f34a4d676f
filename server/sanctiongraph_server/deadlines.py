"""How long a request may take: the setting, or what ``timeout=`` says, up to the operator's most."""

from __future__ import annotations

import re
from typing import Final

from sanctiongraph.errors import BadParameter
from sanctiongraph.settings import Settings

#: The parameter, in seconds.
TIMEOUT: Final = "timeout"
_NUMBER: Final = re.compile(r"[0-9]{1,9}(\.[0-9]{0,9})?|\.[0-9]{1,9}")


def seconds(asked: str | None, settings: Settings) -> float:
    """Seconds for a request that asks for ``asked``; nothing or an empty text asks for none.

    Raises ``BadParameter`` for what is no positive number. More than the operator allows is as
    much as he allows.
    """
    if not asked:
        return settings.timeout
    number = float(asked) if _NUMBER.fullmatch(asked) else 0.0
    if number <= 0:
        raise BadParameter(
            f"{TIMEOUT} is {asked!r}: give seconds as a number above 0, such as 2.5 (at most"
            f" {settings.max_timeout:g} count)"
        )
    return min(number, settings.max_timeout)
