"""The quads that an update names, where it does no more than insert and delete such."""

from __future__ import annotations

from typing import Final

from pyoxigraph import BlankNode, Quad, Store

from sanctiongraph.binding import tokens
from sanctiongraph.vocabulary import PREFIXES

#: What stands outside the braces of such an update, but for IRIs and the names of prefixes.
_WORDS: Final = {"INSERT", "DELETE", "DATA", "PREFIX", "BASE"}


def quads_named(update: str, base_iri: str) -> list[Quad] | None:
    """The quads of an update of ``INSERT DATA`` and ``DELETE DATA`` only; ``None`` of any other.

    To read them, all of them are inserted into a store that holds nothing else.
    """
    inserting = _inserting(update)
    if inserting is None:
        return None
    store = Store()
    try:
        store.update(inserting, base_iri=base_iri, prefixes=PREFIXES)
    except (SyntaxError, ValueError, OSError, RuntimeError):
        return None
    quads = list(store)
    # A blank node is another one each time.
    blank = any(isinstance(end, BlankNode) for one in quads for end in (one.subject, one.object))
    return None if blank else quads


def _inserting(update: str) -> str | None:
    """The update with ``INSERT DATA`` for ``DELETE DATA``; ``None`` where it has anything else."""
    depth, text, at, before = 0, "", 0, ""
    for token in tokens(update):
        word = token.group()
        if token["sign"] in ("{", "}"):
            depth += 1 if word == "{" else -1
        elif depth == 0:
            upper = word.upper()
            declared = before == "PREFIX" and word.endswith(":")
            plain = upper in _WORDS or word in (";", ":") or word.startswith("<") or declared
            if not plain or (before in ("INSERT", "DELETE") and upper != "DATA"):
                return None
            if upper == "DELETE":
                text += update[at : token.start()] + "INSERT"
                at = token.end()
            before = upper
    return text + update[at:]
