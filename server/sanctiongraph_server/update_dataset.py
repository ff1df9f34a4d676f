"""Says in the text of an update what the engine cannot be told otherwise.

- ``using-graph-uri`` and ``using-named-graph-uri`` (SPARQL 1.1 Protocol, section 2.2.3) become
  ``USING`` and ``USING NAMED`` of every operation that has a pattern: the engine's update takes no
  dataset.
- Several graphs in ``USING`` are merged: the engine looks into each in turn, so that a triple that
  two of them hold is found twice. They are put together in a graph that is there for one operation,
  within the same transaction.
- ``PREFIX`` and ``BASE`` after a semicolon, which the engine refuses, come before the first
  operation, under names that only the operations after them use.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from pyoxigraph import NamedNode, QuerySolutions, Store

from sanctiongraph.errors import BadQuery
from sanctiongraph_server.tokens import lowered
from sanctiongraph_server.update_protocol import UpdateRequest
from sanctiongraph_server.update_text import Declaration, Operation, Using, operations
from sanctiongraph_server.update_tokens import Kind, Token, malformed

_LATE: Final = re.compile(r";(?:[ \t\r\n]|#[^\r\n]*+)*+(?:prefix|base)", re.IGNORECASE)
_USING: Final = re.compile(r"using", re.IGNORECASE)
_SEPARATOR: Final = " ;\n"


def with_dataset(request: UpdateRequest) -> str:
    """The update as the engine takes it, with the dataset that the request names in it.

    Most updates need nothing of this and are returned as they are. Raises ``BadQuery`` where the
    request names a dataset and the update has ``USING`` or ``WITH``, and where an update that has
    to be rewritten does not parse.
    """
    text = request.update
    asked = [f"USING <{iri}>" for iri in request.using]
    asked += [f"USING NAMED <{iri}>" for iri in request.using_named]
    if not (asked or _LATE.search(text) or len(_USING.findall(text)) > 1):
        return text
    found, _ = operations(text)
    if asked:
        _refuse_conflict(text, found)
    elif not any(map(_merges, found)) and not any(one.declarations for one in found[1:]):
        return text
    names = _Names(text, request.endpoint)
    parts: list[str] = []
    for number, operation in enumerate(found):
        names.declare(operation.declarations, late=number > 0)
        graphs = [Using(f"<{iri}>", False) for iri in request.using]
        graphs += [Using(f"<{iri}>", True) for iri in request.using_named]
        parts += _written(names, operation, graphs)
    return "".join(f"{one}\n" for one in names.declarations) + _SEPARATOR.join(parts)


def _refuse_conflict(text: str, found: Iterable[Operation]) -> None:
    for operation in found:
        if operation.has_with or operation.using:
            word = "WITH" if operation.has_with else "USING"
            raise BadQuery(
                f"the request names a dataset by using-graph-uri or using-named-graph-uri, and the"
                f" update has {word} as well: leave out one of them (SPARQL 1.1 Protocol, 2.2.3)\n"
                + text[operation.start : operation.start + 80]
            )


def _merges(operation: Operation) -> bool:
    return sum(not one.named for one in operation.using) > 1


def _written(names: _Names, operation: Operation, asked: Sequence[Using]) -> list[str]:
    """The operation, where needed with one before that merges its graphs and one that clears up."""
    if operation.clauses is None:
        return [names.text(operation, operation.start, operation.end)]
    begin, where = operation.clauses
    using = asked or [replace(one, graph=names.term(one.graph)) for one in operation.using]
    before = names.text(operation, operation.start, begin)
    pattern = names.text(operation, where, operation.end)
    if operation.is_delete_where and using:
        before += pattern[len("where") :] + " "
    default = list(dict.fromkeys(one.graph for one in using if not one.named))
    around: tuple[str, str] | None = None
    if len(default) > 1:
        merged = f"<urn:uuid:{uuid.uuid4()}>"
        sources = " UNION ".join(f"{{ GRAPH {graph} {{ ?s ?p ?o }} }}" for graph in default)
        around = (
            f"INSERT {{ GRAPH {merged} {{ ?s ?p ?o }} }} WHERE {{ {sources} }}",
            f"DROP SILENT GRAPH {merged}",
        )
        default = [merged]
    clauses = [f"USING {graph} " for graph in default]
    clauses += [f"USING NAMED {one.graph} " for one in using if one.named]
    written = before + "".join(clauses) + pattern
    return [around[0], written, around[1]] if around else [written]


@dataclass(slots=True)
class _Names:
    """The prefixes and the base that are in force, as operation follows operation.

    What stands before the first operation stays as it is. A prefix that is declared later gets a
    name that the update does not use; where the base changes, IRIs are written out from there on.
    """

    update: str
    endpoint: str
    declarations: list[str] = field(default_factory=list)
    #: Prefixes that were declared late, and what they are called now.
    renamed: dict[str, str] = field(default_factory=dict)
    #: The BASE declarations so far, and whether the engine has another base than is in force.
    base: str = ""
    moved: bool = False
    resolved: dict[str, str] = field(default_factory=dict)

    def declare(self, declared: Iterable[Declaration], late: bool) -> None:
        """Takes note of what stands before the next operation."""
        for one in declared:
            if one.prefix is None:
                self.base += f"BASE {one.iri}\n"
                self.moved |= late
                self.resolved = {}
                if not late:
                    self.declarations.append(f"BASE {one.iri}")
            elif late:
                name = self._unused()
                self.declarations.append(f"PREFIX {name}: {self._absolute([one.iri])[one.iri]}")
                self.renamed[one.prefix] = name
            else:
                self.declarations.append(f"PREFIX {one.prefix}: {one.iri}")

    def term(self, written: str) -> str:
        """An IRI or prefixed name as it is to be written now."""
        if written.startswith("<"):
            return self._absolute([written])[written] if self.moved else written
        prefix, _, local = written.partition(":")
        return f"{self.renamed.get(prefix, prefix)}:{local}"

    def text(self, operation: Operation, start: int, end: int) -> str:
        """A part of the operation's text as it is to be written now."""
        held = [one for one in operation.tokens if start <= one.start < end]
        if not (self.renamed or self.moved):
            return self.update[start:end]
        if self.moved:
            self._refuse_computed(held)
            self._absolute({one.text for one in held if one.kind is Kind.IRI})
        parts: list[str] = []
        for one in held:
            if one.kind in {Kind.IRI, Kind.NAME}:
                parts += [self.update[start : one.start], self.term(one.text)]
                start = one.end
        return "".join(parts) + self.update[start:end]

    def _refuse_computed(self, held: Iterable[Token]) -> None:
        for one in held:
            if one.is_word("iri", "uri"):
                raise malformed(
                    self.update,
                    one.start,
                    "IRI() after a second BASE would be resolved against the first: send what"
                    " comes after the second BASE as an update of its own",
                )

    def _absolute(self, written: Iterable[str]) -> dict[str, str]:
        """The IRIs resolved against the base in force, as the engine's own parser does."""
        due = [iri for iri in written if iri not in self.resolved]
        if due:
            columns = " ".join(f"({iri} AS ?i{number})" for number, iri in enumerate(due))
            try:
                rows = Store().query(f"{self.base}SELECT {columns} {{}}", base_iri=self.endpoint)
            except (SyntaxError, ValueError) as error:
                raise BadQuery(f"the update has an IRI that is none, or a BASE: {error}") from error
            assert isinstance(rows, QuerySolutions)
            row = next(rows)
            for number, iri in enumerate(due):
                value = row[f"i{number}"]
                assert isinstance(value, NamedNode)
                self.resolved[iri] = str(value)
        return self.resolved

    def _unused(self) -> str:
        number = len(self.declarations)
        text = lowered(self.update)
        while f"late{number}" in text:
            number += 1
        return f"late{number}"
