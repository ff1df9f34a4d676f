"""Build and publish: the data files to an on-disk store, skipped where nothing has changed."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version as package_version
from pathlib import Path

from pyoxigraph import NamedNode, Store

from sanctiongraph.asserted import Asserted
from sanctiongraph.canonical import write_canonical
from sanctiongraph.data import DataFolders
from sanctiongraph.dataset import asserted, derived
from sanctiongraph.errors import NotBuilt
from sanctiongraph.published import Published, Version, building, current, load, publish
from sanctiongraph.reading import Kind, data_files
from sanctiongraph.record import DERIVED, record_of_build, write_record
from sanctiongraph.registers.folder import registers_in
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
    with building(home) as work:
        progress("reading")
        said = asserted(folders)
        version = assemble(said, fingerprint, work / "dataset.nq", progress)
        progress("loading the store")
        loading = time.perf_counter()
        load(work / "dataset.nq", work / "store")
        loaded = time.perf_counter()
        opened = Store.read_only(str(work / "store"))
        write_record(work / DERIVED, set(record_of_build(work / "dataset.nq", opened, said)))
        del opened
        progress("publishing")
        return publish(home, work, replace(version, load_seconds=round(loaded - loading, 3)))


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
    digest = hashlib.sha256()
    for package in ("pyoxigraph", "edtf"):
        digest.update(f"\0{package} {package_version(package)}".encode())
    program = Path(__file__).parent
    files = [(path.relative_to(program), path) for path in sorted(program.rglob("*.py"))]
    # A data file's folder is part of it: reference and sources are built differently.
    files += [
        (file.path.relative_to(folders.root), file.path)
        for file in data_files(folders)
        if file.kind is not Kind.REGISTER
    ]
    files += [(one.relative_to(folders.root), one) for one in sorted(folders.queries.glob("*.rq"))]
    for name, path in files:
        digest.update(f"\0{name.as_posix()}\0".encode())
        digest.update(path.read_bytes())
    for register in registers_in(folders.imported):  # large: its digest is kept beside it
        digest.update(f"\0register {register.name} {register.sha256()}".encode())
    return digest.hexdigest()


def _size(
    store: Store, predicate: NamedNode | None, obj: NamedNode | None, graph: NamedNode
) -> int:
    return sum(1 for _ in store.quads_for_pattern(None, predicate, obj, graph))
