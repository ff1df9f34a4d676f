"""A build put into a store across the network: only graphs that have changed, the record last.

While graphs are put, the record says that the build is not finished, and readers of this project
wait. A store that makes an update whole or not at all is given a small difference as one update:
there, nobody sees half a build.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, parse, serialize

from sanctiongraph.errors import BadInput, RemoteFailed
from sanctiongraph.stores.dialects import RECORD_GRAPH
from sanctiongraph.stores.record import Record, StoredVersion, graph_of, read_record
from sanctiongraph.stores.remote import RemoteStore
from sanctiongraph.stores.writing import pieces, put_graph, send, update

_LINE: Final = re.compile(
    rb'(\S+ \S+ (?:"(?:[^"\\]|\\.)*"(?:@\S+|\^\^<[^>]*>)?|\S+))(?: <([^>]*)>)? \.\n'
)
#: Graphs of fewer bytes are put several at a time, which saves most of the requests.
_SMALL: Final = 20_000

#: The N-Triples lines of each graph; the accepted graph has the empty name.
Graphs = Mapping[str, list[bytes]]


@dataclass(frozen=True, slots=True)
class Put:
    """What was done: graphs put, graphs dropped, and whether it was one update."""

    graphs: int
    dropped: int
    at_once: bool


def read_graphs(nquads: Path) -> dict[str, list[bytes]]:
    """The graphs of canonical N-Quads."""
    graphs: dict[str, list[bytes]] = defaultdict(list)
    with nquads.open("rb") as file:
        for line in file:
            match = _LINE.fullmatch(line)
            if match is None:
                raise ValueError(f"no line of canonical N-Quads: {line[:200]!r}")
            graphs[(match[2] or b"").decode()].append(match[1] + b" .\n")
    return dict(graphs)


def put_build(
    store: RemoteStore,
    graphs: Graphs,
    version: StoredVersion,
    *,
    force: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> Put:
    """Makes the store hold these graphs and no others of an earlier build.

    ``force`` puts all of them anew. Raises ``BadInput`` where clients have changed the store since
    its build, which would be lost; ``RemoteFailed`` and ``DeadlineExceeded`` where it does not
    take them, after which the same build can be put again.
    """
    before = _read_record(store, force)
    if before is not None and before.version.changes and not force:
        raise BadInput(
            f"clients have changed the store {before.version.changes} times since its build, which"
            " would be lost: take what they wrote into the data files, then build with --force"
        )
    record = Record(version, True, {name: _hash(lines) for name, lines in graphs.items()})
    known = before.manifest if before is not None and before.finished and not force else {}
    changed = [name for name in graphs if known.get(name) != record.manifest[name]]
    gone = [name for name in (before.manifest if before else {}) if name not in graphs]
    size = sum(len(line) for name in changed for line in graphs[name])
    if known and store.dialect.atomic_updates and size <= 8 * store.dialect.longest_update:
        progress("finding the difference")
        text = _difference(store.again(), graphs, known, changed, gone, record)
        if len(text) <= store.dialect.longest_update:
            update(store, text)
            return Put(len(changed), len(gone), True)
    progress("putting graphs")
    names = {*record.manifest, *(before.manifest if before else ())}
    _put_record(store, replace(record, finished=False, manifest=dict.fromkeys(names, "")))
    _put_graphs(store, {name: graphs[name] for name in changed})
    drops = (_drop(name) for name in gone)
    for piece in pieces(drops, store.dialect.longest_update):
        update(store, piece.decode())
    _put_record(store, record)
    if read_record(store.again()) is None:
        raise RemoteFailed("the store took the build and does not show it: is it read-only?")
    return Put(len(changed), len(gone), False)


def _read_record(store: RemoteStore, force: bool) -> Record | None:
    try:
        return read_record(store.again())
    except RemoteFailed:
        if force:
            return None
        raise


def _put_graphs(store: RemoteStore, graphs: Graphs) -> None:
    small: dict[str, list[bytes]] = {}
    for name, lines in graphs.items():
        blank = any(b"_:" in line for line in lines)
        if (
            blank
            or not name
            or sum(map(len, lines)) > min(_SMALL, store.dialect.longest_update // 2)
        ):
            put_graph(store, name, lines)
        else:
            small[name] = lines
    blocks = [
        _drop(name)
        + b"INSERT DATA { GRAPH %s {\n%s} } ;\n" % (str(NamedNode(name)).encode(), b"".join(lines))
        for name, lines in small.items()
    ]
    for piece in pieces(blocks, store.dialect.longest_update):
        update(store, piece.decode())


def _drop(name: str) -> bytes:
    return f"DROP SILENT GRAPH {NamedNode(name)} ;\n".encode()


def _put_record(store: RemoteStore, record: Record) -> None:
    send(store, "PUT", RECORD_GRAPH.value, record.n_triples())


def _difference(
    store: RemoteStore,
    graphs: Graphs,
    known: Mapping[str, str],
    changed: list[str],
    gone: list[str],
    record: Record,
) -> str:
    """One update from what the store holds to what it is to hold.

    Graphs that were in no build before are not asked for: a register brings thousands of them.
    """
    removed: list[str] = []
    added: list[str] = []
    blank: list[str] = []
    # Blank nodes cannot be told apart across the network, so all of them are put anew together.
    with_blank = [name for name in graphs if any(b"_:" in line for line in graphs[name])]
    again = with_blank if set(with_blank) & set(changed) else []
    for name in changed:
        new = {*parse(b"".join(_plain(graphs[name])), format=RdfFormat.N_TRIPLES)}
        wanted = {quad.triple for quad in new}
        held = (
            {
                quad.triple
                for quad in store.quads_for_pattern(None, None, None, graph_of(name))
                if not _is_blank(quad.triple)
            }
            if name in known
            else set()
        )
        removed.append(_block(name, held - wanted))
        added.append(_block(name, wanted - held))
    for name in again:
        every = _in_graph(name, "?s ?p ?o")
        blank.append(f"DELETE {{ {every} }} WHERE {{ {every} FILTER(isBlank(?s) || isBlank(?o)) }}")
        lines = b"".join(line for line in graphs[name] if b"_:" in line).decode()
        added.append(_in_graph(name, lines))
    steps = [
        *(
            f"DROP SILENT GRAPH {NamedNode(name)}"
            for name in (*gone, *(name for name in changed if name not in known))
        ),
        *blank,
        f"DELETE DATA {{ {''.join(removed)} }}",
        f"INSERT DATA {{ {''.join(added)} }}",
        f"DROP SILENT GRAPH {RECORD_GRAPH}",
        f"INSERT DATA {{ {_in_graph(RECORD_GRAPH.value, record.n_triples().decode())} }}",
    ]
    return " ;\n".join(steps)


def _block(name: str, triples: set[Triple]) -> str:
    if not triples:
        return ""
    return _in_graph(name, (serialize(triples, format=RdfFormat.N_TRIPLES) or b"").decode())


def _in_graph(name: str, triples: str) -> str:
    return f"GRAPH {NamedNode(name)} {{ {triples} }} " if name else f"{triples} "


def _plain(lines: list[bytes]) -> Iterator[bytes]:
    return (line for line in lines if b"_:" not in line)


def _is_blank(triple: Triple) -> bool:
    return isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode)


def _hash(lines: list[bytes]) -> str:
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line)
    return digest.hexdigest()[:32]
