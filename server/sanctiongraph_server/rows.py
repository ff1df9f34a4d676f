"""How many rows a written result has, for the log: counted in the bytes, which costs next to nothing."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Final

# Between a row with values and the next. Inside a string the quote would be escaped, or it ends the
# string, and then a comma or brace follows. The group is there for a row without any value, or text
# that looks like it.
_BETWEEN: Final = re.compile(rb'\}\},\{(?:"(?![,}])|(\}))')
_BEFORE_ROWS: Final = b'"bindings":['
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
    begins = body.find(_BEFORE_ROWS)
    if begins < 0:
        return None
    between = _BETWEEN.findall(body)
    if any(between) or body.startswith(b"{}", begins + len(_BEFORE_ROWS)):
        return (
            len(json.loads(body)["results"]["bindings"]) if len(body) <= _LONGEST_PARSED else None
        )
    if body.endswith(b"[]}}"):
        return 0
    return len(between) + 1


def _csv(body: bytes) -> int | None:
    if b"\r\n" not in body:  # true or false
        return None
    if b'"' not in body:
        return body.count(b"\r\n") - 1
    if len(body) > _LONGEST_PARSED:
        return None
    return sum(1 for _ in csv.reader(io.StringIO(body.decode("utf-8"), newline=""))) - 1
