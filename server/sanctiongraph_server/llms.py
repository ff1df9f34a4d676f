"""``/llms.txt``: what is here and how to ask it, in a page that a language model can read at once.

It is made from the query library, the rules by which addresses work and the version that is current,
so it names nothing that there is not.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterator
from typing import Final

from flask import Blueprint, Response, current_app, request

from sanctiongraph.data import data_folders
from sanctiongraph.library import Library
from sanctiongraph.settings import Settings
from sanctiongraph.vocabulary import BASE, PREFIXES
from sanctiongraph_server.cross_origin import VERSION_HEADER
from sanctiongraph_server.openapi.gateway import operations
from sanctiongraph_server.repeatable import mark

#: Prefixes that most queries need.
_PREFIXES: Final = ("sg", "id", "law", "claim", "source", "rdfs", "skos", "xsd")
_HEAD: Final = """\
# sanctiongraph

> An open knowledge graph of states, agencies, laws, arms deals and programmes: who is exposed to \
which measure, under which clause, on whose word, and as of when.

Every statement is a claim: a named graph with its speaker, its modality (fact, reported or quoted \
speech, position, forecast, requirement, option) and its place in a source. A SPARQL query without \
GRAPH sees what sources state as fact and what follows from it; GRAPH ?claim { ... } sees everything \
that anybody said. That somebody said something does not make it so: name the speaker. No row means \
that nothing is recorded, not that nothing happened. Nothing here is legal advice.
"""
#: Described, but of no use to whoever asks about the graph.
_OPERATORS: Final = frozenset({"", "healthz", "readyz", "metrics", "llms.txt"})


def blueprint(settings: Settings, version: Callable[[], str]) -> Blueprint:
    """The address; ``version`` names the current graph, or raises ``NotBuilt``."""
    found = Blueprint("llms", __name__)

    @functools.cache
    def library() -> Library:
        return Library(data_folders(settings.data).queries, settings.wikidata)

    @found.get("/llms.txt")
    def llms() -> Response:
        addresses = {rule.rule for rule in current_app.url_map.iter_rules()}
        name = version()
        text = "\n".join(page(library(), request.url_root, name, addresses))
        response = Response(text, content_type="text/plain; charset=utf-8")
        response.headers[VERSION_HEADER] = name
        return mark(response)

    return found


def page(library: Library, root: str, version: str, addresses: Collection[str]) -> Iterator[str]:
    """The lines of the page. ``root`` is the gateway's address with a slash behind, ``addresses``
    are the rules of its routes.
    """
    yield _HEAD
    yield "## Addresses\n"
    yield f"- [{root}sparql]({root}sparql): SPARQL 1.1 by GET or POST; the usual prefixes are declared"
    for one in operations():
        if f"/{one.name}" in addresses and one.name not in _OPERATORS:
            example = root + (one.example.removeprefix("/") or one.name)
            yield f"- [{root}{one.name}]({example}): {one.summary}"
    yield "\n## Prefixes\n"
    yield from (f"- {name}: {PREFIXES[name]}" for name in _PREFIXES)
    served = any(address.startswith("/queries/<") for address in addresses)
    yield "\n## Questions of the query library\n"
    for query in library:
        where = f"[{query.name}]({root}queries/{query.name})" if served else query.name
        given = ", ".join(parameter.name for parameter in query.parameters)
        asks = "; asks another endpoint, where the operator allows that" if query.federated else ""
        yield f"- {where}: {query.question}" + (f" ({given})" if given else "") + asks
    yield "\n## Citing\n"
    yield (
        f"Cite sanctiongraph, version {version}, {BASE}, and the IRIs of the claims that an answer"
        f" rests on. Every answer has its version in the header {VERSION_HEADER}. Data: CC BY 4.0.\n"
    )
