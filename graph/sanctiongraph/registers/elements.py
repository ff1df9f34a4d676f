"""An XML file as its records, one at a time: the elements two steps below its root.

What was given out is forgotten, so memory does not grow with the file. A document type definition
is refused: no register needs one, and entities of one can be made to swell without end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from sanctiongraph.errors import BadData

_CHUNK: Final = 1 << 16
#: How deep records are, the root being 1.
_DEPTH: Final = 3


@dataclass(frozen=True, slots=True)
class Record:
    """A record with the line at which it begins, and the section that it is in; names are local."""

    line: int
    section: str
    element: Element


class _Reader:
    def __init__(self, root: str) -> None:
        self.ready: list[Record] = []
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype
        self._root = root
        self._depth = 0
        self._line = 0
        self._section = ""
        self._builder: TreeBuilder | None = None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        local = _local(name)
        if self._depth == 1 and local != self._root:
            raise BadData(f"its root is the element {local}, not {self._root}")
        if self._depth == _DEPTH - 1:
            self._section = local
        if self._depth == _DEPTH:
            self._line = self.parser.CurrentLineNumber
            self._builder = TreeBuilder()
        if self._builder is not None:
            self._builder.start(local, {_local(key): value for key, value in attributes.items()})

    def _end(self, name: str) -> None:
        if self._builder is not None:
            self._builder.end(_local(name))
            if self._depth == _DEPTH:
                self.ready.append(Record(self._line, self._section, self._builder.close()))
                self._builder = None
        self._depth -= 1

    def _text(self, text: str) -> None:
        if self._builder is not None:
            self._builder.data(text)

    def _doctype(self, *_: object) -> None:
        raise BadData("it has a document type definition, which is not read")


def records_in(path: Path, root: str) -> Iterator[Record]:
    """The records of a file whose root element is named so.

    Raises ``BadData`` with the line where the file cannot be opened, is of another kind, or is no
    XML from there on.
    """
    reader = _Reader(root)
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                reader.parser.Parse(chunk, False)
                yield from reader.ready
                reader.ready.clear()
            reader.parser.Parse(b"", True)
            yield from reader.ready
    except OSError as error:
        raise BadData(f"{path}: {error.strerror}") from error
    except expat.ExpatError as error:
        what = expat.errors.messages[error.code]
        raise BadData(
            f"{path}: line {error.lineno}: it is no XML from here on ({what}), and nothing of the"
            " file is taken in: get the file again"
        ) from error
    except BadData as error:
        raise BadData(f"{path}: line {reader.parser.CurrentLineNumber}: {error}") from error


def _local(name: str) -> str:
    """A name without its namespace, of which publishers have had several."""
    return name.rpartition(" ")[2]
