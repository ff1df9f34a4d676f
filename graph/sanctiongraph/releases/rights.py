"""Under what a release may be passed on: the project's own licence, and those of registers in it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, files

from pyoxigraph import Literal, NamedNode, QuerySolutions

from sanctiongraph.errors import NotFound
from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.vocabulary import PREFIXES

_REGISTERS = """
SELECT DISTINCT ?register ?label ?licence WHERE {
  ?file sg:fileOf ?register ; dcterms:license ?licence . ?register rdfs:label ?label
} ORDER BY ?register STR(?licence)"""
_NAME = "LICENSE-DATA"


@dataclass(frozen=True, slots=True)
class RegisterRights:
    """A register that was imported, and under what its operator has its file."""

    register: str
    label: str
    licence: str


def registers_in(store: GraphStore) -> list[RegisterRights]:
    """The registers that were imported into the graph, once for each licence."""
    found = store.query(_REGISTERS, prefixes=PREFIXES)
    assert isinstance(found, QuerySolutions)
    rights = []
    for row in found:
        register, label, licence = (row[name] for name in ("register", "label", "licence"))
        assert isinstance(register, NamedNode)
        assert isinstance(label, Literal)
        assert isinstance(licence, Literal)
        rights.append(RegisterRights(register.value, label.value, licence.value))
    return rights


def licence(registers: list[RegisterRights]) -> str:
    """The licence of the dataset in words. Raises ``NotFound`` where the installation has none."""
    text = _own()
    if registers:
        text += "\nWhat these registers say is theirs, and is here under what they give it:\n\n"
        text += "".join(f"- {one.label} ({one.register}): {one.licence}\n" for one in registers)
    return text


def _own() -> str:
    try:
        found = [one for one in files("sanctiongraph") or () if one.name == _NAME]
    except PackageNotFoundError:
        found = []
    for one in found:
        return one.read_text("utf-8")
    raise NotFound(f"this installation lacks the file {_NAME}: install the package anew")
