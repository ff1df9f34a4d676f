"""Places against the texts: that each span is where a claim says, and has the hash it says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from sanctiongraph.check.findings import Finding, Severity
from sanctiongraph.check.parts import Parts
from sanctiongraph.sourcetext import SourceText, read_text
from sanctiongraph.vocabulary import shorten, term

_Values = dict[str, dict[str, str]]  # node -> property -> value


def check_places(parts: Parts, source_text: Path | None) -> Iterator[Finding]:
    """Spans and paragraphs that are not what the text in the folder ``source_text`` has.

    Texts that are not there are named once, in a note.
    """
    values = _values(parts.data())
    texts: dict[str, SourceText] = {}
    absent: list[str] = []
    for source, known in sorted(values.items()):
        name = known.get(term("sg:textFile").value)
        if name is None or "/" in name:
            continue
        path = source_text / name if source_text else None
        if path is None or not path.is_file():
            absent.append(shorten(source))
            continue
        text = _text(path)
        if text is None or text.sha256 != known.get(term("sg:textSha256").value):
            message = f"sg:textSha256 is not that of {name} - the text is another one, or the hash is: correct the one that is wrong"
            yield parts.finding(source, message)
            continue
        texts[source] = text
    for claim, known in sorted(values.items()):
        place = values.get(known.get(term("sg:place").value, ""), {})
        if cited := texts.get(known.get(term("sg:source").value, "")):
            for message in _span(cited, known, place, values):
                yield parts.finding(claim, message)
    if absent:
        message = f"no text at hand of {', '.join(absent)}: its spans were not looked at - give the folder of the texts with --source-text"
        yield Finding(None, "", message, Severity.NOTE)


def _text(path: Path) -> SourceText | None:
    try:
        return read_text(path)
    except UnicodeDecodeError:
        return None


def _span(
    cited: SourceText, claim: dict[str, str], place: dict[str, str], values: _Values
) -> Iterator[str]:
    selector = values.get(place.get(term("oa:hasSelector").value, ""), {})
    start, end = _number(selector, "oa:start"), _number(selector, "oa:end")
    if start is None or end is None or not 0 <= start < end:
        return  # no span, or one that the shapes refuse
    span = f"the span {start}-{end}"
    if end > len(cited.text):
        yield f"{span} reaches outside the text, which has {len(cited.text)} code points - count again, in code points from 0"
        return
    if place.get(term("sg:spanSha256").value) != cited.span_sha256(start, end):
        digest = cited.span_sha256(start, end)
        yield f"{span} of the text has another SHA-256 - correct oa:start and oa:end, or sg:spanSha256, which for this span is {digest}"
        return
    paragraph = cited.paragraph_at(start)
    if cited.paragraph_at(end - 1) != paragraph:
        yield f"{span} reaches over the end of a paragraph - cite one paragraph; what stands in two is two claims"
    elif _number(claim, "sg:paragraph") not in {None, paragraph}:
        yield f"{span} is in paragraph {paragraph} - correct sg:paragraph"


def _number(values: dict[str, str], name: str) -> int | None:
    value = values.get(term(name).value, "")
    return int(value) if value.removeprefix("-").isdecimal() else None


def _values(quads: Iterator[Quad]) -> _Values:
    """One value for each property of each node (the shapes refuse more, where it matters here)."""
    found: _Values = defaultdict(dict)
    for quad in quads:
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
            found[quad.subject.value].setdefault(quad.predicate.value, quad.object.value)
    return found
