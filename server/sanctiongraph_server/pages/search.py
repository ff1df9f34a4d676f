"""Things by their names and aliases: ``/search``. While one types, ``/reconcile`` suggests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response
from pyoxigraph import NamedNode

from sanctiongraph.names.folding import folded
from sanctiongraph.names.index import Thing
from sanctiongraph_server.linked.names import index
from sanctiongraph_server.linked.values import Value, Values
from sanctiongraph_server.pages.languages import COMMON, language_of
from sanctiongraph_server.pages.showing import page
from sanctiongraph_server.parameters import parameters
from sanctiongraph_server.performing import Requests
from sanctiongraph_server.tasks import Opened, Seen, seen_of

TEXT: Final = "text"
#: Things that are found at the most; whoever looks further writes more of the name.
_MOST: Final = 40
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing, the name by which it was found where that is another, and in how many claims it is."""

    thing: Value
    kinds: tuple[Value, ...]
    matched: Value | None
    mentions: int


@dataclass(frozen=True, slots=True)
class Hits(Seen):
    """What was found: first what has the text in a name, then what has a name like it."""

    named: tuple[Hit, ...]
    alike: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Search:
    """Things with this text, or one like it, in a name."""

    text: str
    language: str

    def perform(self, opened: Opened) -> Hits:
        """See ``tasks.Task``."""
        values = Values(opened.store, self.language)
        names = opened.once(index)
        named = names.beginning(self.text, most=_MOST) if self.text else []
        known = {one.iri for one in named}
        alike = names.candidates(self.text, _MOST) if self.text else []
        others = [one for one in alike if one.iri not in known][: _MOST - len(named)]
        return Hits(
            *seen_of(opened),
            tuple(self._hit(one, values) for one in named),
            tuple(self._hit(one, values) for one in others),
        )

    def _hit(self, one: Thing, values: Values) -> Hit:
        node = NamedNode(one.iri)
        shown = values.of(node)
        wanted = folded(self.text)
        fitting = [name for name in one.names if wanted in folded(name.text)]
        shows_itself = wanted in folded(shown.text)
        matched = (
            None
            if shows_itself or not fitting
            else Value(fitting[0].text, None, fitting[0].language)
        )
        return Hit(shown, tuple(map(values.of, values.kinds(node))), matched, one.mentions)


def blueprint(asks: Requests) -> Blueprint:
    """The address of the search."""
    found = Blueprint("search", __name__)

    @found.get("/search")
    def search() -> Response:
        given = parameters((), (TEXT, *COMMON), "/search?text=savunma")
        text = given.get(TEXT, "").strip()[:_LONGEST]
        hits = asks.perform(Search(text, language_of(given)), given)
        return page("pages/search.html", hits, searched=text)

    return found
