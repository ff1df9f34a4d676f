"""From the data files to the dataset of named graphs, in memory.

There are two steps. ``asserted`` reads what the files say; ``derived`` adds what follows from any
asserted quads: date bounds, mentions, the accepted graph, entailments, ownership sums, viewpoints
and assessments. A build takes both, and after a client's write the second is taken again; so the
two agree. The layout is that of ``docs/design.md``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from pyoxigraph import NamedNode, Quad, Store

from sanctiongraph.asserted import Asserted, as_stored
from sanctiongraph.data import DataFolders
from sanctiongraph.description.examples import example_quads
from sanctiongraph.entailment import entail
from sanctiongraph.errors import BadData
from sanctiongraph.library import Library
from sanctiongraph.links.identity import Merges, merges, unified
from sanctiongraph.outcomes import add_assessments
from sanctiongraph.ownership import add_ownership
from sanctiongraph.reading import DataFile, Kind, claim_graphs, date_bounds, read_all, read_file
from sanctiongraph.viewpoints import add_viewpoints
from sanctiongraph.vocabulary import (
    CLAIMS_GRAPH,
    LAW_GRAPH,
    LINKS_GRAPH,
    ONTOLOGY_GRAPH,
    PREFIXES,
    REFERENCE_GRAPH,
    REGISTER_GRAPHS,
    VIEWPOINTS_GRAPH,
    shorten,
    sparql_prologue,
    term,
)

#: The parts that are in the accepted graph as well.
COPIED = (
    ONTOLOGY_GRAPH,
    LAW_GRAPH,
    VIEWPOINTS_GRAPH,
    REFERENCE_GRAPH,
    CLAIMS_GRAPH,
    LINKS_GRAPH,
)
_MODALITY = term("sg:modality")
_FACT = term("sg:Fact")
_PROPOSED = term("sg:proposed")
_ESSENTIALS = ("rdf:type", "sg:source", "sg:speaker", "sg:modality", "sg:wording", "sg:place")

#: What a claim's assertion is about: things and laws, not terms of the vocabulary or date nodes.
_MENTIONS = f"""{sparql_prologue()}
INSERT {{ GRAPH {CLAIMS_GRAPH} {{ ?claim sg:mentions ?thing }} }}
WHERE {{
  GRAPH {CLAIMS_GRAPH} {{ ?claim a sg:Claim }}
  GRAPH ?claim {{ {{ ?thing ?p ?o }} UNION {{ ?s ?p ?thing }} }}
  FILTER(STRSTARTS(STR(?thing), "{PREFIXES["id"]}") || STRSTARTS(STR(?thing), "{PREFIXES["law"]}"))
}}"""

_ACCEPT_CLAIMS = f"""{sparql_prologue()}
INSERT {{ ?s ?p ?o }}
WHERE {{
  GRAPH {CLAIMS_GRAPH} {{ ?claim sg:modality sg:Fact }}
  GRAPH ?claim {{ ?s ?p ?o }}
}}"""


def dataset(folders: DataFolders) -> Store:
    """The whole dataset of the files below ``folders``, in an in-memory store.

    Raises ``BadData`` where a file does not parse or breaks a rule of the layout.
    """
    return derived(asserted(folders))


def asserted(folders: DataFolders, each: Callable[[Asserted], object] | None = None) -> Asserted:
    """What the files below ``folders`` say; ``each`` is told what one file does.

    Raises ``BadData`` as ``dataset`` does.
    """
    found = Asserted([], [])
    merged = merges(folders)
    fixed: set[str] = set()
    for file, read in read_all(folders):
        if merged and file.kind in (Kind.ONTOLOGY, Kind.LAW, Kind.VIEWPOINTS):
            fixed |= _names_in(read, merged)
        said = _said(file, read, merged)
        if each is not None:
            each(said)
        found.quads.extend(said.quads)
        found.background.extend(said.background)
    for name in sorted(fixed):
        raise BadData(
            f"{shorten(name)} is merged into {shorten(merged[name])}, but the law or a viewpoint"
            " names it: merge the other way round"
        )
    found.quads.extend(example_quads(Library(folders.queries)))
    return found


def said_in(file: DataFile, merged: Merges) -> Asserted:
    """What one file says, with the merges. Raises ``BadData`` as ``dataset`` does."""
    return _said(file, read_file(file), merged)


def _said(file: DataFile, read: list[Quad], merged: Merges) -> Asserted:
    quads = as_stored(unified(read, merged) if merged else read)
    try:
        if file.kind in {Kind.CLAIMS, Kind.REGISTER}:
            _require_essentials(quads)
        for _ in date_bounds(quads):
            pass  # a date that is none is told with its file here, where that is known
    except BadData as error:
        raise BadData(f"{file.path}: {error}") from error
    background = background_of(quads) if file.reference and file.kind is Kind.CLAIMS else ()
    return Asserted(quads, list(background))


def derived(said: Asserted) -> Store:
    """What is asserted with all that follows from it, in an in-memory store.

    Raises ``BadData`` for what nothing can be derived from: a date that is none, an axiom of a
    kind that has no rule, a pattern of the law that is none.
    """
    store = Store()
    store.bulk_extend(said.quads)
    store.bulk_extend(_still_said(said.background, store))
    store.bulk_extend(list(date_bounds(store.quads_for_pattern(None, term("sg:edtf"), None, None))))
    store.update(_MENTIONS)
    for graph in (*COPIED, *_register_graphs(store)):
        store.update(f"INSERT {{ ?s ?p ?o }} WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} }}")
    store.update(_ACCEPT_CLAIMS)
    entail(store)
    add_ownership(store)
    add_viewpoints(store)
    add_assessments(store)
    return store


def _register_graphs(store: Store) -> list[NamedNode]:
    """The graphs with the names of what only registers know: a name is accepted, a claim is not."""
    graphs = {one.value for one in store.named_graphs() if isinstance(one, NamedNode)}
    return [NamedNode(one) for one in sorted(graphs) if one.startswith(REGISTER_GRAPHS)]


def _still_said(background: Iterable[Quad], store: Store) -> list[Quad]:
    """The background without what no claim of fact asserts any more."""
    facts = {quad.subject for quad in store.quads_for_pattern(None, _MODALITY, _FACT, CLAIMS_GRAPH)}
    return [
        quad
        for quad in background
        if any(
            one.graph_name in facts
            for one in store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
        )
    ]


def _names_in(quads: list[Quad], merged: Merges) -> set[str]:
    """The merged things that quads name, in patterns as well."""
    values = {getattr(node, "value", "") for quad in quads for node in (quad.subject, quad.object)}
    patterns = " ".join(value for value in values if " " in value)
    return {
        name
        for name in merged
        if name in values
        or re.search(rf"\b{re.escape(shorten(name))}\b|<{re.escape(name)}>", patterns)
    }


def _require_essentials(quads: list[Quad]) -> None:
    """Refuses a claim that could not be shown with who makes it, how and where.

    The shapes say all this and more, but need packages that building does without; a claim that
    lacks one of these would be in the graph and missing from every answer.
    """
    given: dict[str, set[NamedNode]] = {claim: set() for claim in claim_graphs(quads)}
    for quad in quads:
        if quad.graph_name == CLAIMS_GRAPH and isinstance(quad.subject, NamedNode):
            given.get(quad.subject.value, set()).add(quad.predicate)
            if quad.predicate == _PROPOSED:
                raise BadData(
                    f"{shorten(quad.subject.value)} is a proposal that nobody has reviewed: "
                    "correct it and take sg:proposed out (docs/adding-a-source.md)"
                )
    for claim, predicates in sorted(given.items()):
        lacking = [name for name in _ESSENTIALS if term(name) not in predicates]
        if lacking:
            raise BadData(
                f"{shorten(claim)} has no {', no '.join(lacking)}: every claim needs it; "
                "sanctiongraph check tells all that is wrong"
            )


def background_of(quads: list[Quad]) -> Iterator[Quad]:
    """What a reference file states as fact, for whoever wants the background alone."""
    facts: set[NamedNode] = {
        quad.subject
        for quad in quads
        if quad.predicate == _MODALITY
        and quad.object == _FACT
        and isinstance(quad.subject, NamedNode)
    }
    for quad in quads:
        if quad.graph_name in facts:
            yield Quad(quad.subject, quad.predicate, quad.object, REFERENCE_GRAPH)
