"""``/void`` and the example queries: the dataset described for machines.

VoID, DCAT 3 and PROV; the examples in the form that SPARQL editors look for. Figures are counted
once a snapshot in each reader.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from flask import Blueprint, Response, redirect, request, url_for
from pyoxigraph import Quad, RdfFormat, serialize
from werkzeug.wrappers import Response as AnyResponse

from sanctiongraph.data import data_folders
from sanctiongraph.description.dataset import About, Dump, described
from sanctiongraph.description.examples import examples, examples_graph
from sanctiongraph.description.figures import Figures, count
from sanctiongraph.library import Library
from sanctiongraph.vocabulary import BASE, PREFIXES
from sanctiongraph_server.deadlines import TIMEOUT
from sanctiongraph_server.linked.dereferencing import LICENCE
from sanctiongraph_server.linked.dumping import listed, size
from sanctiongraph_server.linked.offers import prefers_page
from sanctiongraph_server.negotiation import GRAPHS, Format, choose
from sanctiongraph_server.pages.languages import LANG, language_of
from sanctiongraph_server.pages.showing import page
from sanctiongraph_server.parameters import Parameters, parameters
from sanctiongraph_server.performing import Requests
from sanctiongraph_server.repeatable import mark
from sanctiongraph_server.tasks import Answer, Opened, Seen, answered, seen_of

_FORMAT = "format"


@dataclass(frozen=True, slots=True)
class Overview(Seen):
    """The figures with what else a description says."""

    figures: Figures
    about: About


def figures(opened: Opened) -> Figures:
    """Counted once a snapshot, by ``opened.once``."""
    return count(opened.store, BASE)


def library(opened: Opened) -> Library:
    """The query library that the settings name."""
    settings = opened.settings
    return Library(data_folders(settings.data).queries, settings.wikidata)


@dataclass(frozen=True, slots=True)
class Count:
    """What there is to say of the dataset."""

    def perform(self, opened: Opened) -> Overview:
        """See ``tasks.Task``."""
        root = opened.settings.public_url
        counted = opened.once(size)
        about = About(
            version=opened.snapshot.name,
            quads=counted.quads,
            graphs=counted.graphs,
            fingerprint=_fingerprint(opened),
            endpoint=f"{root}sparql",
            landing_page=root,
            dumps=tuple(
                Dump(root + one.part.path, one.bytes, one.sha256, _media_type(one.part.whole))
                for one in opened.once(listed)
            ),
        )
        return Overview(*seen_of(opened), opened.once(figures), about)


@dataclass(frozen=True, slots=True)
class Describe:
    """The description, in a format."""

    format: Format

    def perform(self, opened: Opened) -> Answer:
        """See ``tasks.Task``."""
        overview = Count().perform(opened)
        triples = described(overview.figures, overview.about)
        engine = self.format.engine
        assert isinstance(engine, RdfFormat)
        return answered(
            opened,
            self.format.content_type,
            lambda sink: serialize(triples, sink, format=engine, prefixes=PREFIXES),
        )


@dataclass(frozen=True, slots=True)
class Examples:
    """The query library as SHACL; in formats with graphs, in the graph where clients look."""

    format: Format

    def perform(self, opened: Opened) -> Answer:
        """See ``tasks.Task``. Raises ``NotFound`` where the query library is not there."""
        endpoint = f"{opened.settings.public_url}sparql"
        triples = examples(opened.once(library), endpoint)
        engine = self.format.engine
        assert isinstance(engine, RdfFormat)
        graph = examples_graph(endpoint)
        quads = (Quad(one.subject, one.predicate, one.object, graph) for one in triples)
        plain = (quad.triple for quad in quads)
        said = quads if engine.supports_datasets else plain
        return answered(
            opened,
            self.format.content_type,
            lambda sink: serialize(said, sink, format=engine, prefixes=PREFIXES),
        )


def blueprint(asks: Requests) -> Blueprint:
    """The addresses over the graph that is current at each request."""
    found = Blueprint("describing", __name__, template_folder="templates")

    @found.get("/void")
    @found.get("/.well-known/void")
    def void() -> Response:
        given = parameters((), (_FORMAT, LANG, TIMEOUT), "/void?format=turtle")
        language_of(given)
        if _FORMAT not in given and prefers_page(request.headers.get("Accept"), GRAPHS):
            overview = asks.perform(Count(), given)
            return _finished(page("linked/dataset.html", overview, overview=overview))
        return _finished(asks.answer(Describe(_format(given)), given))

    @found.get("/.well-known/sparql-examples")
    @found.get("/sparql/.well-known/sparql-examples")
    def sparql_examples() -> Response:
        given = parameters((), (_FORMAT, TIMEOUT), "/.well-known/sparql-examples?format=trig")
        return _finished(asks.answer(Examples(_format(given)), given))

    @found.get("/dataset")
    def dataset() -> AnyResponse:
        return redirect("/void", 303)

    @found.get("/graph/<path:name>")
    def graph(name: str) -> AnyResponse:
        return redirect(url_for("dumps.graph", name=f"graph/{name}.nt.gz"), 303)

    @found.get("/examples/<name>")
    def example(name: str) -> AnyResponse:
        return redirect(url_for("queries.unknown", name=name), 303)

    return found


def _format(given: Parameters) -> Format:
    return choose(request.headers.get("Accept"), given.get(_FORMAT)).for_graph()


def _finished(answer: Response) -> Response:
    answer.headers.add("Link", LICENCE)
    answer.vary.add("Accept")
    return mark(answer)


def _media_type(whole: bool) -> str:
    return "application/n-quads" if whole else "application/n-triples"


def _fingerprint(opened: Opened) -> str:
    """Of what a build read; nothing where the snapshot is no build as it was published."""
    if opened.folder is None:
        return ""
    try:
        facts = json.loads((opened.folder / "version.json").read_text("utf-8"))
        return str(facts["fingerprint"])
    except (OSError, ValueError, KeyError):
        return ""
