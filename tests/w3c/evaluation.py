"""Tests of queries and updates: their results, and whether they are taken at all.

Each function returns what went wrong, or nothing.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import urljoin

from .http import Response
from .manifests import Data, Test, path_of
from .rdf import Table, expected, quads, result, same, same_data
from .target import Target

_FROM = re.compile(r"\bFROM\s+(?:NAMED\s+)?<([^>]*)>", re.IGNORECASE)
_ORDERED = re.compile(r"\bORDER\s+BY\b", re.IGNORECASE)
_LOADS = re.compile(r"\bLOAD\s+(SILENT\s+)?<[^>]*>", re.IGNORECASE)
_SERVICES = re.compile(r"\bSERVICE\s+(SILENT\s+)?<[^>]*>", re.IGNORECASE)


def query(test: Test, target: Target, remotes: dict[str, str] | None = None) -> str | None:
    """A query with its data and its result; ``remotes`` says where endpoints really are."""
    assert test.request is not None
    assert test.result is not None
    text = _text(target.root, test.request)
    for before, after in (remotes or {}).items():
        text = text.replace(f"<{before}>", f"<{after}>")
    target.hold(_with_named_in(test, text, target.root), remotes)
    wanted, media_type = expected(target.root, test.result)
    answer = target.query(text, media_type)
    if answer.status != 200:
        return answer.told()
    body = answer.body
    for before, after in (remotes or {}).items():
        body = body.replace(after.encode(), before.encode())
    try:
        got = result(body, answer.media_type)
    except (SyntaxError, ValueError) as error:
        return f"the result cannot be read: {error}"
    ordered = isinstance(wanted, Table) and bool(_ORDERED.search(_outside(text)))
    if same(wanted, got, ordered, test.lax):
        return None
    return f"expected {_shown(wanted)}, got {_shown(got)}"


def update(test: Test, target: Target, absent: str) -> str | None:
    """An update with the data before and after; what it loads silently is at ``absent``."""
    assert test.request is not None
    text = _LOADS.sub(
        lambda found: f"LOAD {found[1] or ''}<{absent}>", _text(target.root, test.request)
    )
    target.hold(test.data)
    answer = target.update(text)
    if answer.status >= 300:
        return answer.told()
    wanted, got = quads(target.root, test.after), target.everything()
    if same_data(wanted, got):
        return None
    return f"expected {_shown(wanted)}, got {_shown(got)}"


def syntax(test: Test, target: Target, remote: str) -> str | None:
    """A text that is to be taken or refused; what it asks and loads is at ``remote``."""
    assert test.request is not None
    text = _text(target.root, test.request)
    positive = test.kind.startswith("Positive")
    if positive:
        text = _SERVICES.sub(lambda found: f"SERVICE {found[1] or ''}<{remote}/endpoint>", text)
        text = _LOADS.sub(lambda found: f"LOAD {found[1] or ''}<{remote}/graph>", text)
    if test.request.endswith(".ru"):
        answer = target.update(text)
    else:
        answer = target.query(text, "application/sparql-results+json, text/turtle;q=0.5")
    refused = answer.status == 400
    if positive:
        refused &= not _understood(answer)
    return answer.told() if refused == positive else None


def _understood(answer: Response) -> bool:
    """Whether the text parsed, but could not be evaluated on an empty store."""
    if answer.media_type != "application/problem+json":
        return False
    return "does not parse" not in json.loads(answer.body)["detail"]


def _text(root: Path, address: str) -> str:
    """The text of a file, with its address as base."""
    return f"BASE <{address}>\n{path_of(root, address).read_bytes().decode('utf-8')}"


def _with_named_in(test: Test, text: str, root: Path) -> Data:
    """The data of a test, with the files that its query names by FROM."""
    assert test.request is not None
    held = dict(test.data.named)
    for found in _FROM.findall(text):
        address = urljoin(test.request, found)
        if address not in held and path_of(root, address).is_file():
            held[address] = address
    return Data(test.data.default, tuple(held.items()))


def _outside(text: str) -> str:
    """The text without what is in braces: what belongs to the query itself."""
    depth, kept = 0, []
    for character in text:
        depth += character == "{"
        if not depth:
            kept.append(character)
        depth -= character == "}"
    return "".join(kept)


def _shown(one: object) -> str:
    text = str(one)
    return text if len(text) < 500 else text[:500] + "..."
