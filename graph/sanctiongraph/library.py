"""The query library: one ``.rq`` file a question, with its metadata on top.

The header is YAML behind ``#+``: title, question, tags, and parameters, each with a type, a
description and a default. A parameter stands in the query as ``$name``; it is bound as an RDF term
and never pasted as text (``sanctiongraph.binding``). Types:

``thing``     an entity, law or claim, by name (``Turkey``), short form (``id:Turkey``) or IRI
``date``      a calendar day, ``2021-01-01``
``integer``   a whole number
``text``      any text
``endpoint``  the address of another SPARQL endpoint; without a default it is Wikidata's

``federated: true`` marks a query that asks such an endpoint in a ``SERVICE`` clause, so that whoever
runs the whole library without a network leaves it out.
"""

from __future__ import annotations

import datetime as dt
import re
import urllib.parse
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml
from pyoxigraph import Literal, NamedNode, QuerySolutions

from sanctiongraph.binding import bind, parameters
from sanctiongraph.errors import BadData, BadParameter, Forbidden, NotFound
from sanctiongraph.results import Table
from sanctiongraph.settings import WIKIDATA
from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.vocabulary import PREFIXES, term

#: Of the two the quick one: every process of a gateway and every command that asks reads all headers.
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_HEADER: Final = "#+"
_KEYS: Final = {"title", "question", "tags", "parameters", "federated"}
_PARAMETER_KEYS: Final = {"type", "description", "default"}
_NAME: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")
_LOCAL: Final = re.compile(r"[\w.-]+\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a library query; without a default it must be given."""

    name: str
    type: str
    description: str
    default: str | None = None

    def bind(self, value: str) -> NamedNode | Literal:
        """The RDF term of a value given as text.

        Raises ``BadParameter`` where the text does not fit the type.
        """
        try:
            return _BINDERS[self.type](value)
        except ValueError as error:
            raise BadParameter(f"{self.name} is {value!r}: {error}") from error


@dataclass(frozen=True, slots=True)
class LibraryQuery:
    """A question of the library, with the SPARQL that answers it."""

    name: str
    title: str
    question: str
    sparql: str
    tags: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = field(default=())
    #: Whether it asks another endpoint as well.
    federated: bool = False

    def bind(self, given: Mapping[str, str]) -> str:
        """The SPARQL with the parameters' values in place, defaults filled in.

        Raises ``BadParameter`` for a parameter that is unknown, missing or of the wrong type.
        """
        known = {parameter.name for parameter in self.parameters}
        for name in given:
            if name not in known:
                offered = ", ".join(sorted(known)) or "none"
                raise BadParameter(f"{self.name} has no parameter {name!r}; it has: {offered}")
        bound: dict[str, NamedNode | Literal] = {}
        for parameter in self.parameters:
            value = given.get(parameter.name, parameter.default)
            if value is None:
                raise BadParameter(f"{self.name} needs {parameter.name}: {parameter.description}")
            bound[parameter.name] = parameter.bind(value)
        return bind(self.sparql, bound)

    def run(self, store: GraphStore, given: Mapping[str, str] | None = None) -> Table:
        """The answer from a store. Raises ``BadParameter`` as ``bind`` does, and ``Forbidden`` for a
        federated query: the engine's own HTTP client knows no deadline and does not say who asks.
        """
        bound = self.bind(given or {})
        if self.federated:
            raise Forbidden(
                f"{self.name} asks another endpoint: send it to a gateway that lists the endpoint"
                " in SANCTIONGRAPH_SERVICE_ALLOW (docs/links.md)"
            )
        solutions = store.query(bound, prefixes=PREFIXES)
        if not isinstance(solutions, QuerySolutions):
            raise BadData(f"{self.name}: a library query is a SELECT")
        return Table.of(solutions)


class Library:
    """The queries of a folder, by name; ``endpoint`` is what federated ones ask by default."""

    def __init__(self, folder: Path, endpoint: str = WIKIDATA) -> None:
        self._queries = {
            path.stem: read_query(path, endpoint) for path in sorted(folder.glob("*.rq"))
        }

    def __iter__(self) -> Any:
        return iter(self._queries.values())

    def __len__(self) -> int:
        return len(self._queries)

    def __getitem__(self, name: str) -> LibraryQuery:
        """The query of that name. Raises ``NotFound`` and names what there is."""
        try:
            return self._queries[name]
        except KeyError:
            offered = ", ".join(self._queries) or "none"
            raise NotFound(f"no query is named {name!r}; there are: {offered}") from None


def read_query(path: Path, endpoint: str = WIKIDATA) -> LibraryQuery:
    """The query of one file; ``endpoint`` is the default of a parameter of that type.

    Raises ``BadData`` where the header is missing or not of the form above.
    """
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise BadData(f"{path}: not in UTF-8: {error}") from error
    lines = [line for line in text.splitlines() if line.startswith(_HEADER)]
    try:
        header = "\n".join(line[len(_HEADER) :].removeprefix(" ") for line in lines)
        meta = yaml.load(header, _LOADER)
    except yaml.YAMLError as error:
        raise BadData(f"{path}: the header behind #+ is no YAML: {error}") from error
    if not isinstance(meta, dict) or not {"title", "question"} <= meta.keys() <= _KEYS:
        raise BadData(
            f"{path}: the header behind #+ needs title and question, and may have tags and parameters,"
            " and federated"
        )
    given, tags = meta.get("parameters") or {}, meta.get("tags") or []
    if not isinstance(given, dict) or not isinstance(tags, list):
        raise BadData(f"{path}: parameters are written name: {{type: ..., ...}}, tags [one, two]")
    federated = meta.get("federated", False)
    if not isinstance(federated, bool):
        raise BadData(f"{path}: federated is true or false")
    if not _NAME.match(path.stem):
        raise BadData(
            f"{path}: name a query file in lower case with hyphens, such as deals-by-supplier.rq"
        )
    declared = tuple(_parameter(path, str(name), entry, endpoint) for name, entry in given.items())
    if (used := parameters(text)) != {parameter.name for parameter in declared}:
        names = ", ".join(f"${name}" for name in sorted(used)) or "none"
        raise BadData(f"{path}: the parameters declared are not those used, which are {names}")
    if federated != any(parameter.type == "endpoint" for parameter in declared):
        raise BadData(
            f"{path}: a query that is federated has a parameter of type endpoint, and no other has"
        )
    return LibraryQuery(
        name=path.stem,
        title=str(meta["title"]),
        question=str(meta["question"]),
        sparql=text,
        tags=tuple(map(str, tags)),
        parameters=declared,
        federated=federated,
    )


def _parameter(path: Path, name: str, entry: Any, endpoint: str) -> Parameter:
    if (
        not isinstance(entry, dict)
        or not {"type", "description"} <= entry.keys() <= _PARAMETER_KEYS
    ):
        raise BadData(f"{path}: parameter {name} needs type and description, and may have default")
    if str(entry["type"]) not in _BINDERS:
        raise BadData(f"{path}: parameter {name}: type is one of {', '.join(_BINDERS)}")
    default = entry.get("default", endpoint if entry["type"] == "endpoint" else None)
    parameter = Parameter(
        name, entry["type"], str(entry["description"]), None if default is None else str(default)
    )
    if parameter.default is not None:
        try:
            parameter.bind(parameter.default)
        except BadParameter as error:
            raise BadData(f"{path}: default of {error}") from error
    return parameter


def thing(name: str) -> NamedNode:
    """The IRI of a thing given as a name, a short form or an IRI.

    Raises ``ValueError`` with what to write instead.
    """
    cure = "write a name such as Turkey, a short form such as id:Turkey, or an IRI"
    if name.startswith(("http://", "https://")):
        return NamedNode(name)
    prefix, colon, local = name.partition(":")
    if colon:
        if prefix not in PREFIXES or not local:
            raise ValueError(cure)
        return term(name)
    if not _LOCAL.match(name):
        raise ValueError(cure)
    return term(f"id:{name}")


def _date(text: str) -> Literal:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError("write a calendar day such as 2021-01-01") from None
    return Literal(day.isoformat(), datatype=term("xsd:date"))


def _integer(text: str) -> Literal:
    if not re.fullmatch(rf"-?[0-9]{{1,{MOST_DIGITS}}}", text):
        raise ValueError("write a whole number such as 9")
    return Literal(int(text))


def _endpoint(text: str) -> NamedNode:
    cure = "write the http or https address of a SPARQL endpoint, such as https://host/sparql"
    parts = urllib.parse.urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(cure)
    try:
        return NamedNode(text)
    except ValueError:
        raise ValueError(cure) from None


#: Digits of a whole number: more may be beyond what the engine's integers hold.
MOST_DIGITS: Final = 18
_BINDERS: Final[dict[str, Callable[[str], NamedNode | Literal]]] = {
    "thing": thing,
    "date": _date,
    "integer": _integer,
    "text": Literal,
    "endpoint": _endpoint,
}
#: The types that a parameter can have.
PARAMETER_TYPES: Final = tuple(_BINDERS)
