"""Build and publish: the data files to an on-disk store, skipped where nothing has changed."""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.metadata import version as package_version
from pathlib import Path

from pyoxigraph import NamedNode, Quad, Store

from sanctiongraph.asserted import Asserted
from sanctiongraph.canonical import write_canonical, write_changed
from sanctiongraph.data import DataFolders
from sanctiongraph.dataset import asserted, derived
from sanctiongraph.digests import Digests
from sanctiongraph.errors import NotBuilt
from sanctiongraph.following import emptied
from sanctiongraph.incremental.advance import advanced
from sanctiongraph.incremental.change import NotBoundedError, odd
from sanctiongraph.inputs import Counts, Inputs, changed_since
from sanctiongraph.published import Published, Version, building, current, load, publish
from sanctiongraph.reading import Kind, data_files
from sanctiongraph.record import DERIVED, PLAIN, digest, record_of_build
from sanctiongraph.registers.folder import registers_in
from sanctiongraph.transaction import change
from sanctiongraph.vocabulary import CLAIMS_GRAPH, ENTAILED_GRAPH, term

#: Told which step begins; the command line shows it.
Progress = Callable[[str], None]


def build(
    folders: DataFolders, home: Path, *, force: bool = False, progress: Progress = lambda _: None
) -> Published:
    """The published graph of these data files, built where it is not up to date.

    Raises ``BadData`` for data that cannot be built, ``BuildBusy`` where a build is at work. In
    either case what was published before stays published.
    """
    fingerprint = fingerprint_of(folders)
    if not force and (existing := up_to_date(home, fingerprint)):
        return existing
    inputs = Inputs.of(folders, _program(folders).hexdigest())
    with building(home) as work:
        why = "asked for"
        if not force:
            try:
                return _from_the_change(folders, home, work, inputs, fingerprint, progress)
            except NotBoundedError as error:
                why = str(error)
                shutil.rmtree(work)
                work.mkdir()
        progress("reading")
        parts: list[Asserted] = []
        said = asserted(folders, parts.append)
        version = assemble(said, fingerprint, work / "dataset.nq", progress)
        progress("loading the store")
        loading = time.perf_counter()
        load(work / "dataset.nq", work / "store")
        loaded = time.perf_counter()
        opened = Store.read_only(str(work / "store"))
        record = Digests.of(record_of_build(work / "dataset.nq", opened, said))
        record.write(work / DERIVED)
        del opened
        if odd(said.quads) is None:
            (work / PLAIN).touch()
        inputs.write(work, folders)
        Counts.of(parts).write(work)
        progress("publishing")
        version = replace(version, load_seconds=round(loaded - loading, 3), how=f"all anew: {why}")
        return publish(home, work, version)


def _from_the_change(
    folders: DataFolders,
    home: Path,
    work: Path,
    inputs: Inputs,
    fingerprint: str,
    progress: Progress,
) -> Published:
    """The build that is published, brought up to date from the files that have changed since.

    What is published stays as it is: the new store begins as links to the old one's. Raises
    ``NotBoundedError`` where everything has to be derived anew.
    """
    try:
        published = current(home)
    except NotBuilt:
        raise NotBoundedError("nothing is published") from None
    if not (published.folder / PLAIN).exists():
        raise NotBoundedError("something is asserted of what is otherwise derived")
    progress("finding what has changed")
    started = time.perf_counter()
    base, record = published.open(), Digests.read(published.folder / DERIVED)

    def has_graph(name: str) -> bool:
        return next(base.quads_for_pattern(None, None, None, NamedNode(name)), None) is not None

    changed = changed_since(
        published.folder,
        folders,
        inputs,
        lambda quad: quad in base and digest(quad) not in record,
        has_graph,
    )
    progress("deriving from what has changed")
    found = advanced(base, record, changed.change)
    derived_at = time.perf_counter()
    progress("writing canonical N-Quads")
    added, removed = found.quads.added(), found.quads.removed()
    sha256 = write_changed(published.dump, work / "dataset.nq", added, removed)
    progress("changing the store")
    loading = time.perf_counter()
    gone = emptied(found.quads, removed)
    base.backup(str(work / "store"))
    store = Store(str(work / "store"))
    change(
        store,
        removed=removed,
        added=added,
        last="; ".join(f"DROP SILENT GRAPH {NamedNode(one)}" for one in gone),
    )
    store.flush()
    del store
    record.changed(*found.record()).write(work / DERIVED)
    (work / PLAIN).touch()
    inputs.write(work, folders, published.folder)
    changed.counts.write(work)
    progress("publishing")
    version = _changed_version(published.version, base, added, removed, len(gone))
    seconds = derived_at - started
    quads = len(added) + len(removed)
    version = replace(
        version,
        sha256=sha256,
        fingerprint=fingerprint,
        assemble_seconds=round(seconds, 3),
        load_seconds=round(time.perf_counter() - loading, 3),
        how=f"{_files(changed.files)} changed: {quads:,} quads changed, derived in {seconds:.2f} s",
    )
    return publish(home, work, version)


def _files(names: Sequence[str]) -> str:
    """Source folders by name, other files by number."""
    folders = {name.split("/")[2] for name in names if name.startswith("graph/sources/")}
    others = [name for name in names if not name.startswith("graph/sources/")]
    parts = []
    if folders:
        listed = ", ".join(sorted(folders)) if len(folders) < 4 else f"{len(folders):,} of them"
        parts.append(f"{'source' if len(folders) == 1 else 'sources'} {listed}")
    if others:
        parts.append(f"{len(others):,} other file{'' if len(others) == 1 else 's'}")
    return " and ".join(parts) or "no file that says anything"


def _changed_version(
    before: Version, base: Store, added: list[Quad], removed: list[Quad], gone: int
) -> Version:
    claim = term("rdf:type"), term("sg:Claim"), CLAIMS_GRAPH

    def more(matches: Callable[[Quad], bool]) -> int:
        return sum(map(matches, added)) - sum(map(matches, removed))

    graphs = {one.graph_name for one in added if isinstance(one.graph_name, NamedNode)}
    return replace(
        before,
        triples=before.triples + len(added) - len(removed),
        graphs=before.graphs - gone + sum(not base.contains_named_graph(one) for one in graphs),
        claims=before.claims
        + more(lambda one: (one.predicate, one.object, one.graph_name) == claim),
        entailed=before.entailed + more(lambda one: one.graph_name == ENTAILED_GRAPH),
    )


def assemble(
    said: Asserted, fingerprint: str, nquads: Path, progress: Progress = lambda _: None
) -> Version:
    """Derives the dataset and writes it to ``nquads``; what it is, but for the time of loading.

    Raises ``BadData`` for data that cannot be built.
    """
    progress("deriving")
    started = time.perf_counter()
    store = derived(said)
    assembled = time.perf_counter()
    progress("writing canonical N-Quads")
    sha256 = write_canonical(store, nquads)
    return Version(
        sha256=sha256,
        fingerprint=fingerprint,
        triples=len(store),
        graphs=sum(1 for _ in store.named_graphs()),
        claims=_size(store, term("rdf:type"), term("sg:Claim"), CLAIMS_GRAPH),
        entailed=_size(store, None, None, ENTAILED_GRAPH),
        assemble_seconds=round(assembled - started, 3),
        load_seconds=0,
    )


def up_to_date(home: Path, fingerprint: str) -> Published | None:
    """The published graph if it was built from the same files by the same program."""
    try:
        existing = current(home)
    except NotBuilt:
        return None
    return existing if existing.version.fingerprint == fingerprint else None


def fingerprint_of(folders: DataFolders) -> str:
    """SHA-256 over what decides the dataset: data files, this package's code, engine and parser."""
    digest = _program(folders)
    # A data file's folder is part of it: reference and sources are built differently.
    files = [
        (file.path.relative_to(folders.root), file.path)
        for file in data_files(folders)
        if file.kind is not Kind.REGISTER
    ]
    files += [(one.relative_to(folders.root), one) for one in sorted(folders.queries.glob("*.rq"))]
    for name, path in files:
        digest.update(f"\0{name.as_posix()}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _program(folders: DataFolders) -> hashlib._Hash:
    """SHA-256 over what decides the dataset beside the files: the program, and the registers."""
    digest = hashlib.sha256()
    for package in ("pyoxigraph", "edtf"):
        digest.update(f"\0{package} {package_version(package)}".encode())
    program = Path(__file__).parent
    for path in sorted(program.rglob("*.py")):
        digest.update(f"\0{path.relative_to(program).as_posix()}\0".encode())
        digest.update(path.read_bytes())
    for register in registers_in(folders.imported):  # large: its digest is kept beside it
        digest.update(f"\0register {register.name} {register.sha256()}".encode())
    return digest


def _size(
    store: Store, predicate: NamedNode | None, obj: NamedNode | None, graph: NamedNode
) -> int:
    return sum(1 for _ in store.quads_for_pattern(None, predicate, obj, graph))
