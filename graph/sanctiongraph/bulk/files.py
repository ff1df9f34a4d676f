"""Files of triples, read by the RDF parser."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, Final

from pyoxigraph import BlankNode, Quad, RdfFormat, parse

from sanctiongraph.errors import BadData

_FORMATS: Final = {".nt": RdfFormat.N_TRIPLES, ".nq": RdfFormat.N_QUADS}


def file_format(path: Path) -> RdfFormat:
    """The format of a file, by how its name ends. Raises ``BadData`` for one that is not read."""
    if path.suffix not in _FORMATS:
        raise BadData(f"{path}: facts are read from N-Triples (.nt) and N-Quads (.nq) only")
    if not path.is_file():
        raise BadData(f"{path}: there is no such file")
    return _FORMATS[path.suffix]


def parsed(path: Path, prefix: str = "") -> Iterator[Quad]:
    """The quads of a file; ``prefix`` comes before the names of blank nodes. Raises ``BadData``."""
    try:
        for quad in parse(path=str(path), format=file_format(path)):
            yield Quad(apart(quad.subject, prefix), quad.predicate, apart(quad.object, prefix),
                       apart(quad.graph_name, prefix)) if prefix else quad  # fmt: skip
    except (SyntaxError, ValueError, OSError) as error:
        line = getattr(error, "lineno", None)
        where = f"line {line}: " if line else ""
        raise BadData(f"{path}: {where}{getattr(error, 'msg', None) or error}") from error


def prefixes(files: Collection[Path]) -> list[str]:
    """What keeps apart the blank nodes of each file; nothing where there is one file only."""
    return [f"f{number}x" if len(files) > 1 else "" for number in range(len(files))]


def apart(node: Any, prefix: str) -> Any:
    """The node, with the prefix before its name where it is a blank node."""
    return BlankNode(prefix + node.value) if isinstance(node, BlankNode) and prefix else node
