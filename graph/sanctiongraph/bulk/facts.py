"""Where facts are: a published graph, a store, or files of triples with the law beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import DefaultGraph, Quad, RdfFormat, Store

from sanctiongraph.bulk.files import parsed, prefixes
from sanctiongraph.data import DataFolders
from sanctiongraph.entailment import entail
from sanctiongraph.errors import BadInput
from sanctiongraph.law.rules import Law, read_law
from sanctiongraph.law.truthtable import ACCEPTED, GraphNames
from sanctiongraph.ownership import add_ownership
from sanctiongraph.perspective import Perspective, open_perspective
from sanctiongraph.published import Published
from sanctiongraph.reading import Kind, data_files, read_file, with_date_bounds
from sanctiongraph.viewpoints import SOURCES
from sanctiongraph.vocabulary import LAW_GRAPH, ONTOLOGY_GRAPH
from sanctiongraph.working import WithDifference


@dataclass(frozen=True, slots=True)
class Facts:
    """Triples in files, in these ``graphs`` of them, and the law that is asked about them.

    ``ontology`` are the axioms whose consequences are still to be drawn, ``background`` triples
    that are believed beside the files; both are empty where everything has followed already.
    ``store`` gives the same as a store, complete with what follows; ``ready`` is how many quads it
    has where it is there already.
    """

    files: tuple[Path, ...]
    graphs: GraphNames
    viewpoint: str
    law: Law
    ontology: tuple[Quad, ...]
    background: tuple[Quad, ...]
    store: Callable[[], Store]
    ready: int | None = None


def of_published(published: Published, name: str = SOURCES) -> Facts:
    """A published graph, on a viewpoint. Raises ``NotFound`` for a viewpoint that there is not."""
    store = published.open()
    seen = open_perspective(store, name)
    return Facts((published.dump,), seen.graphs, seen.viewpoint, read_law(store), (), (),
                 lambda: store, published.version.triples)  # fmt: skip


@contextmanager
def of_perspective(perspective: Perspective) -> Iterator[Facts]:
    """What is believed in a store; it is written out for as long as this is open.

    Raises ``BadInput`` for a store across the network.
    """
    store = perspective.store
    if isinstance(store, WithDifference):  # which does not dump itself
        whole = Store()
        whole.bulk_extend(store.quads_for_pattern(None, None, None, None))
        store = whole
    if not isinstance(store, Store):
        raise BadInput("all cases are those of a published graph or of files: give a party")
    with TemporaryDirectory(prefix="sanctiongraph-") as folder:
        path = Path(folder) / "facts.nq"
        store.dump(str(path), RdfFormat.N_QUADS)
        yield Facts(
            (path,), perspective.graphs, perspective.viewpoint, read_law(store), (), (),
            lambda: store, len(store),
        )  # fmt: skip


def of_files(files: Sequence[Path], folders: DataFolders) -> Facts:
    """N-Triples and N-Quads, of which the default graph counts, under the vocabulary and the law.

    What follows from them, and what their ownerships add up to, follows anew.
    """
    kinds = {Kind.ONTOLOGY, Kind.LAW}
    quads = [
        quad
        for file in data_files(folders)
        if file.kind in kinds
        for quad in with_date_bounds(read_file(file))
    ]
    quads += [Quad(quad.subject, quad.predicate, quad.object) for quad in quads]
    law = Store()
    law.bulk_extend(quad for quad in quads if quad.graph_name == LAW_GRAPH)

    def store() -> Store:
        full = Store()
        full.bulk_extend(quads)
        for path, prefix in zip(files, prefixes(files), strict=True):
            full.bulk_extend(
                quad for quad in parsed(path, prefix) if quad.graph_name == DefaultGraph()
            )
        entail(full)
        add_ownership(full)
        return full

    return Facts(
        tuple(files),
        ACCEPTED,
        SOURCES,
        read_law(law),
        tuple(quad for quad in quads if quad.graph_name == ONTOLOGY_GRAPH),
        tuple(quad for quad in quads if quad.graph_name == DefaultGraph()),
        store,
    )
