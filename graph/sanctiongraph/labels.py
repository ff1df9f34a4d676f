"""What people call the things of a graph."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.vocabulary import local_name, term

_LABEL = term("rdfs:label")
_ALIAS = term("skos:altLabel")
_ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Citation:
    """A provision as lawyers cite it; aliases are its places in a code, such as ``22 U.S.C. 9525``."""

    iri: str
    label: str
    aliases: tuple[str, ...]
    verification: str | None


class Labels:
    """Labels of a store's things, each read once: in a language, where there is none in English."""

    def __init__(self, store: GraphStore, language: str = _ENGLISH) -> None:
        self._store = store
        self._languages = dict.fromkeys((language, _ENGLISH, ""))
        self._labels: dict[str, str] = {}
        self._citations: dict[str, Citation] = {}

    def __call__(self, iri: str) -> str:
        """The label in the language, in English, without one, or else the last part of the IRI."""
        if iri not in self._labels:
            found = self._texts(iri, _LABEL)
            self._labels[iri] = found[0] if found else local_name(iri)
        return self._labels[iri]

    def citation(self, provision: str) -> Citation:
        """How a provision is cited."""
        if provision not in self._citations:
            marks = self._store.quads_for_pattern(
                NamedNode(provision), term("sg:verification"), None, None
            )
            mark = min((str(quad.object).strip("<>") for quad in marks), default=None)
            self._citations[provision] = Citation(
                provision, self(provision), tuple(self._texts(provision, _ALIAS)), mark
            )
        return self._citations[provision]

    def _texts(self, iri: str, predicate: NamedNode) -> list[str]:
        quads = self._store.quads_for_pattern(NamedNode(iri), predicate, None, None)
        literals = {quad.object for quad in quads if isinstance(quad.object, Literal)}
        texts = sorted((one.language or "", one.value) for one in literals)
        for wanted in self._languages:
            if found := [text for language, text in texts if language == wanted]:
                return found
        return []
