"""Build and put into a store across the network; skipped where nothing has changed."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from sanctiongraph.build import Progress, assemble, fingerprint_of, up_to_date
from sanctiongraph.data import DataFolders
from sanctiongraph.dataset import asserted
from sanctiongraph.stores.loading import Put, put_build, read_graphs
from sanctiongraph.stores.record import StoredVersion, read_record
from sanctiongraph.stores.remote import RemoteStore


@dataclass(frozen=True, slots=True)
class Stored:
    """What a store holds after a build, and what was put for it: ``None`` where all was there."""

    version: StoredVersion
    put: Put | None


def build_into(
    folders: DataFolders,
    store: RemoteStore,
    home: Path,
    *,
    force: bool = False,
    progress: Progress = lambda _: None,
) -> Stored:
    """Makes the store hold the graph of these data files.

    The dataset is derived here; where ``home`` has it published, that is taken. Raises ``BadData``
    for data that cannot be built, and what ``put_build`` raises.
    """
    fingerprint = fingerprint_of(folders)
    record = None if force else read_record(store.again())
    if record and record.finished and record.version.fingerprint == fingerprint:
        return Stored(record.version, None)
    if published := up_to_date(home, fingerprint):
        version = StoredVersion(**asdict(published.version))
        return _put(store, published.dump, version, force, progress)
    with tempfile.TemporaryDirectory() as work:
        nquads = Path(work) / "dataset.nq"
        assembled = assemble(asserted(folders), fingerprint, nquads, progress)
        return _put(store, nquads, StoredVersion(**asdict(assembled)), force, progress)


def _put(
    store: RemoteStore,
    nquads: Path,
    version: StoredVersion,
    force: bool,
    progress: Callable[[str], None],
) -> Stored:
    started = time.perf_counter()
    graphs = read_graphs(nquads)
    put = put_build(store, graphs, version, force=force, progress=progress)
    seconds = round(time.perf_counter() - started, 3)
    return Stored(replace(version, load_seconds=seconds), put)
