"""The texts of sources, where the operator has them; the project holds none."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode

from sanctiongraph.errors import NotFound
from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.vocabulary import term


@dataclass(frozen=True, slots=True)
class SourceText:
    """A source's text. Offsets count Unicode code points from 0; a paragraph is a line."""

    text: str

    @property
    def sha256(self) -> str:
        """The hash of the whole text's UTF-8 bytes."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def span_sha256(self, start: int, end: int) -> str:
        """The hash of the UTF-8 bytes of the span from ``start`` up to ``end``."""
        return hashlib.sha256(self.text[start:end].encode()).hexdigest()

    def paragraph_at(self, offset: int) -> int:
        """The number, from 1, of the paragraph in which the offset lies."""
        return self.text.count("\n", 0, offset) + 1

    def context(self, start: int, end: int) -> tuple[str, str, str]:
        """What stands before the span in its paragraph, the span, and what stands after it."""
        first = self.text.rfind("\n", 0, start) + 1
        last = self.text.find("\n", end)
        return (
            self.text[first:start],
            self.text[start:end],
            self.text[end : last if last >= 0 else None],
        )


def read_text(path: Path) -> SourceText:
    """The text of a file, line ends as they are in it."""
    with path.open(encoding="utf-8", newline="") as file:
        return SourceText(file.read())


def source_text(store: GraphStore, source: str, folder: Path) -> SourceText:
    """The text of a source, from the file that its metadata names.

    Raises ``NotFound`` where the source names no file, the file is absent, or it holds another
    text than the one that the graph was made from.
    """
    values = {
        quad.predicate: quad.object
        for quad in store.quads_for_pattern(NamedNode(source), None, None, None)
    }
    name = getattr(values.get(term("sg:textFile")), "value", None)
    if not name:
        raise NotFound("the source names no text file")
    path = folder / name
    if not path.is_file():
        raise NotFound(f"the text is not at hand: {path} is absent")
    text = read_text(path)
    if text.sha256 != getattr(values.get(term("sg:textSha256")), "value", None):
        raise NotFound(f"{path} is not the text that the graph was made from: its SHA-256 differs")
    return text
