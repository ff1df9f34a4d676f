"""What a store says of itself: which build it holds, and how often clients have changed it since.

The record is a graph of its own with three triples. The manifest has a hash of each graph of the
build, so that the next build need put only what has changed.
"""

from __future__ import annotations

import base64
import contextlib
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, RdfFormat, Triple, serialize

from sanctiongraph.errors import BuildBusy, NotBuilt, RemoteFailed
from sanctiongraph.published import Version
from sanctiongraph.stores.connection import shown
from sanctiongraph.stores.dialects import RECORD_GRAPH
from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.stores.remote import RemoteStore
from sanctiongraph.stores.writing import send
from sanctiongraph.vocabulary import term

_VALUE: Final = term("rdf:value")
_BUILD: Final = RECORD_GRAPH
_CHANGES: Final = NamedNode(f"{RECORD_GRAPH.value}#changes")
_MANIFEST: Final = NamedNode(f"{RECORD_GRAPH.value}#manifest")

#: A hash of each graph by name; the accepted graph has the empty name.
Manifest = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StoredVersion(Version):
    """The version of a store: the build that it holds, and changes made to it since."""

    changes: int = 0

    @property
    def name(self) -> str:
        """The build's name, and after a hyphen the number of changes if there are any."""
        build = self.sha256[:16]
        return f"{build}-{self.changes}" if self.changes else build


@dataclass(frozen=True, slots=True)
class Record:
    """What is written down in a store. ``finished`` is false while a build is put into it."""

    version: StoredVersion
    finished: bool
    manifest: Manifest = field(repr=False)

    def triples(self) -> list[Triple]:
        """The record as triples, its changes counted from nought."""
        build = {name: value for name, value in asdict(self.version).items() if name != "changes"}
        packed = base64.b64encode(zlib.compress(json.dumps(dict(self.manifest)).encode(), 9))
        texts = {
            _BUILD: Literal(json.dumps({**build, "finished": self.finished}, sort_keys=True)),
            _CHANGES: Literal(self.version.changes),
            _MANIFEST: Literal(packed.decode()),
        }
        return [Triple(node, _VALUE, text) for node, text in texts.items()]

    def n_triples(self) -> bytes:
        """The record as N-Triples."""
        return serialize(self.triples(), format=RdfFormat.N_TRIPLES) or b""


def read_record(store: GraphStore) -> Record | None:
    """The record of a store; ``None`` where no build was put into it.

    Raises ``RemoteFailed`` where the record is none that this program writes.
    """
    found: dict[str, str] = {}
    for quad in store.quads_for_pattern(None, _VALUE, None, RECORD_GRAPH):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
            found[quad.subject.value] = quad.object.value
    if _BUILD.value not in found:
        return None
    with _read_as_written():
        version, finished = _version(found)
        packed = base64.b64decode(found.get(_MANIFEST.value, ""))
        manifest = json.loads(zlib.decompress(packed)) if packed else {}
        return Record(version, finished, manifest)


def read_version(store: RemoteStore) -> StoredVersion:
    """The version that a store holds. Asks for little: the manifest is left where it is.

    Raises ``NotBuilt`` where it holds none, ``BuildBusy`` while one is put into it, and
    ``RemoteFailed`` where the record is none that this program writes.
    """
    rows = store.texts_in(RECORD_GRAPH, (_BUILD, _CHANGES), _VALUE)
    where = shown(store.addresses.query)
    if _BUILD.value not in rows:
        raise NotBuilt(f"no graph is in {where}: run sanctiongraph build --store {where}")
    with _read_as_written():
        version, finished = _version(rows)
    if not finished:
        raise BuildBusy(
            f"a build is being put into {where}: wait for it to end, or run sanctiongraph build"
            " --store again where it was ended"
        )
    return version


def _version(texts: Mapping[str, str]) -> tuple[StoredVersion, bool]:
    """The version in the record's texts, and whether it is whole."""
    build: dict[str, Any] = json.loads(texts[_BUILD.value])
    finished = bool(build.pop("finished"))
    return StoredVersion(**build, changes=int(texts.get(_CHANGES.value, 0))), finished


@contextlib.contextmanager
def _read_as_written() -> Iterator[None]:
    try:
        yield
    except (ValueError, TypeError, KeyError, AttributeError, zlib.error) as error:
        raise RemoteFailed(
            f"{RECORD_GRAPH} in the store is not a record of this program ({error}): build with --force"
        ) from error


def counting() -> str:
    """The update that counts one change more, for a store that makes it together with the change."""
    old = f"GRAPH {RECORD_GRAPH} {{ {_CHANGES} {_VALUE} ?changes }}"
    new = f"GRAPH {RECORD_GRAPH} {{ {_CHANGES} {_VALUE} ?more }}"
    return f"DELETE {{ {old} }} INSERT {{ {new} }} WHERE {{ {old} BIND(?changes + 1 AS ?more) }}"


def count_change(store: RemoteStore) -> None:
    """Counts one change more by putting the record anew; one after the other within a process.

    Raises ``NotBuilt`` where the store has no record, and as ``send`` does.
    """
    record = read_record(store.again())
    if record is None:
        raise NotBuilt(f"no graph is in {shown(store.addresses.query)}")
    version = replace(record.version, changes=record.version.changes + 1)
    send(store, "PUT", RECORD_GRAPH.value, replace(record, version=version).n_triples())


def graph_of(name: str) -> NamedNode | DefaultGraph:
    """The graph of a name in a manifest."""
    return NamedNode(name) if name else DefaultGraph()
