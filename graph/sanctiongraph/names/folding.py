"""Names in the form in which they are compared: no case, no marks, no punctuation.

Turkish has I with and without a dot in both cases; all four are one letter here, since a name is
found by people who have one keyboard or the other.
"""

from __future__ import annotations

import unicodedata
from typing import Final

#: Letters that decomposition leaves as they are, and how people without them write them.
_PLAIN: Final = str.maketrans(
    {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
)


def folded(name: str) -> str:
    """Words of letters and digits with single spaces between.

    >>> folded("Savunma Sanayii Başkanlığı (SSB)")
    'savunma sanayii baskanligi ssb'
    """
    decomposed = unicodedata.normalize("NFKD", name.casefold()).translate(_PLAIN)
    kept = (
        sign if sign.isalnum() else " " for sign in decomposed if not unicodedata.combining(sign)
    )
    return " ".join("".join(kept).split())


def compact(name: str) -> str:
    """The same without spaces, so that ``F-35``, ``F 35`` and ``F35`` are one.

    >>> compact("F-35")
    'f35'
    """
    return folded(name).replace(" ", "")
