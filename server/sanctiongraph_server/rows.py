"""How many rows a written result has, for the log: counted in the bytes, which costs next to nothing."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Final

# Between two rows that are not empty. Inside a string the quote would be escaped, or it ends the
# string, and then a comma or brace follows.
_BETWEEN: Final = re.compile(rb'\}\},\{"(?![,}])')
_LONGEST_PARSED: Final = 5_000_000


def count(body: bytes, content_type: str) -> int | None:
    """Rows of a SELECT result as the engine writes it; ``None`` for what is none or not counted."""
    match content_type.partition(";")[0]:
        case "application/sparql-results+json":
            return _json(body)
        case "application/sparql-results+xml" if (
            b"<results>" in body[:10_000] or b"<results/>" in body
        ):
            return body.count(b"<result>") + body.count(b"<result/>")
        case "text/tab-separated-values":
            return body.count(b"\n") - 1 if body.startswith((b"?", b"\n")) else None
        case "text/csv":
            return _csv(body)
    return None


def _json(body: bytes) -> int | None:
    if b'"bindings":[' not in body:
        return None
    if b"{}" in body:  # rows without any value, or text that looks like it
        return (
            len(json.loads(body)["results"]["bindings"]) if len(body) <= _LONGEST_PARSED else None
        )
    if body.endswith(b"[]}}"):
        return 0
    return len(_BETWEEN.findall(body)) + 1


def _csv(body: bytes) -> int | None:
    if b"\r\n" not in body:  # true or false
        return None
    if b'"' not in body:
        return body.count(b"\r\n") - 1
    if len(body) > _LONGEST_PARSED:
        return None
    return sum(1 for _ in csv.reader(io.StringIO(body.decode("utf-8"), newline=""))) - 1
