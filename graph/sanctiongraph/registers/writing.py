"""From a ledger to what the build reads: each row as a claim, with its history, as N-Quads.

The text depends on the ledger and the decisions alone, so writing it again gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from pyoxigraph import NamedNode, Quad

from sanctiongraph.durable import sync_folder, write_file
from sanctiongraph.names.folding import compact
from sanctiongraph.registers.claims import Claims, Resolved, node_iri, thing_iri
from sanctiongraph.registers.folder import RegisterFolder
from sanctiongraph.registers.history import KeptRow
from sanctiongraph.registers.identity import DOUBTFUL, Identity
from sanctiongraph.registers.ledger import Ledger
from sanctiongraph.registers.meanings import Meant
from sanctiongraph.registers.review import Doubt, read_decided, write_open
from sanctiongraph.registers.specs import MappingFile, TakenAs
from sanctiongraph.registers.statements import (
    NamedThing,
    NodeRef,
    Said,
    ThingRef,
    record_for,
    said_by,
)
from sanctiongraph.vocabulary import PREFIXES


@dataclass(frozen=True, slots=True)
class Written:
    """What was written. ``changed``: the build has something to do."""

    sha256: str
    rows: int
    claims: int
    quads: int
    #: Things of the register that are ones of the graph, its own ones, and those in doubt.
    known: int
    own: int
    doubtful: int
    changed: bool


@dataclass(slots=True)
class _Seen:
    """A thing as the rows give it, gathered over all of them."""

    thing: NamedThing
    rows: int = 0


def write_register(
    folder: RegisterFolder,
    ledger: Ledger,
    mapping: MappingFile,
    identity: Identity,
    *,
    taken_as: TakenAs,
) -> Written:
    """Matches what is not matched yet, and writes what the build reads and the queue of doubts."""
    seen = _gathered(ledger, mapping)
    meant = _things_meant(folder, ledger, identity, seen)
    meant = {**meant, **_named_here(mapping, seen, meant)}
    resolved = Resolved(mapping.register, {ref: one.iri for ref, one in meant.items() if one.iri})
    nodes = _nodes_meant(folder, ledger, mapping, identity, resolved)
    resolved = Resolved(
        mapping.register, resolved.things, {key: one.iri for key, one in nodes.items() if one.iri}
    )
    claims = Claims(mapping, ledger.files(), resolved, taken_as=taken_as)
    counts = Counter[str]()
    new = folder.quads.with_suffix(".nq.new")
    digest = hashlib.sha256()
    with new.open("wb") as file:
        for quad in _quads(claims, ledger, mapping, identity, seen, meant, counts):
            line = f"{quad} .\n".encode()
            digest.update(line)
            file.write(line)
            counts["quads"] += 1
        file.flush()
        os.fsync(file.fileno())
    doubts = list(_doubts(seen, meant, nodes, mapping))
    write_open(folder.open, doubts)
    sha256 = digest.hexdigest()
    changed = not folder.version.is_file() or folder.sha256() != sha256
    written = Written(
        sha256=sha256,
        rows=counts["rows"],
        claims=counts["claims"],
        quads=counts["quads"],
        known=sum(
            1
            for one in (*meant.values(), *nodes.values())
            if one.iri and not identity.is_own(one.iri)
        ),
        own=sum(1 for one in meant.values() if not one.iri),
        doubtful=len(doubts),
        changed=changed,
    )
    if changed:
        # Without its version the build does not see a register: never the old one with new claims.
        folder.version.unlink(missing_ok=True)
        new.replace(folder.quads)
        sync_folder(folder.path)
        told = {name: value for name, value in asdict(written).items() if name != "changed"}
        write_file(folder.version, (json.dumps(told, indent=1) + "\n").encode())
    else:
        new.unlink()
    return written


def _said(mapping: MappingFile, row: KeptRow) -> Said:
    record = record_for(mapping, row.fields)
    assert record is not None  # such a row is not taken in
    return said_by(mapping, record, row.fields)


def _gathered(ledger: Ledger, mapping: MappingFile) -> dict[ThingRef, _Seen]:
    """Each thing that some row names. Where one row describes it, that counts before references."""
    found: dict[ThingRef, _Seen] = {}
    for row in ledger.rows():
        for thing in _said(mapping, row).things:
            before = found.get(thing.ref)
            if (
                before is None
                or (before.thing.spec.refers and not thing.spec.refers)
                or (row.until is None and not thing.spec.refers)
            ):
                found[thing.ref] = _Seen(thing, before.rows if before else 0)
            if row.until is None:
                found[thing.ref].rows += 1
    return found


def _things_meant(
    folder: RegisterFolder,
    ledger: Ledger,
    identity: Identity,
    seen: dict[ThingRef, _Seen],
) -> dict[ThingRef, Meant]:
    decided = read_decided(folder.decided)
    kept = {ThingRef(kind, key): one for kind, key, one in ledger.meanings.all()}
    found: dict[ThingRef, Meant] = {}
    new: list[tuple[str, str, Meant]] = []
    for ref, one in seen.items():
        if (ref.kind, ref.key) in decided:
            found[ref] = Meant(decided[ref.kind, ref.key], "decided")
        elif ref in kept:
            found[ref] = kept[ref]
        else:
            thing = one.thing
            found[ref] = identity.thing(
                thing.spec, thing.classes, thing.names or (ref.key,), thing.identifiers, ref.key
            )
            new.append((ref.kind, ref.key, found[ref]))
    ledger.meanings.keep(new)
    return found


def _named_here(
    mapping: MappingFile, seen: dict[ThingRef, _Seen], meant: dict[ThingRef, Meant]
) -> dict[ThingRef, Meant]:
    """What is named as an entry of the register itself is: that entry, where one alone has the name."""
    entries: dict[tuple[str, str], set[ThingRef]] = {}
    for ref, one in seen.items():
        for name in one.thing.names:
            entries.setdefault((ref.kind, compact(name)), set()).add(ref)
    found = {}
    for ref, one in seen.items():
        if one.thing.spec.named is not None and meant[ref].how != "decided":
            same = entries.get((one.thing.spec.named, compact(ref.key)), set())
            if len(same) == 1:
                (entry,) = same
                iri = meant[entry].iri or thing_iri(mapping.register, entry)
                found[ref] = Meant(iri, "entry of the register")
    return found


def _nodes_meant(
    folder: RegisterFolder,
    ledger: Ledger,
    mapping: MappingFile,
    identity: Identity,
    resolved: Resolved,
) -> dict[tuple[str, NodeRef], Meant]:
    """Which deals, designations and measures of the graph rows are about.

    Where several rows would be about one, each of them is in doubt.
    """
    decided = read_decided(folder.decided)
    kept = {(kind, key): one for kind, key, one in ledger.meanings.all()}
    found: dict[tuple[str, NodeRef], Meant] = {}
    new: dict[tuple[str, NodeRef], Meant] = {}
    for row in ledger.rows():
        said = _said(mapping, row)
        for node in said.nodes:
            if not node.spec.same:
                continue
            key = row.id, node.ref
            name = f"node {node.ref.name}", _node_key(*key)
            if (node.ref.name, name[1]) in decided:
                found[key] = Meant(decided[node.ref.name, name[1]], "decided")
            elif name in kept:
                found[key] = kept[name]
            elif (values := _known_values(said, node.ref, node.spec.same, resolved)) is not None:
                new[key] = identity.node(node.spec, values, node.year)
    wanted = Counter(one.iri for one in (*found.values(), *new.values()) if one.iri)
    for key, one in new.items():
        if one.iri and wanted[one.iri] > 1:
            candidate = (one.iri, identity.label(one.iri), 90.0, "several rows have its values")
            new[key] = Meant(None, DOUBTFUL, (candidate,))
    ledger.meanings.keep(
        (f"node {ref.name}", _node_key(row, ref), one) for (row, ref), one in new.items()
    )
    return {**found, **new}


def _node_key(row: str, ref: NodeRef) -> str:
    return f"{row}#{ref.number}" if ref.number else row


def _known_values(
    said: Said, ref: NodeRef, properties: tuple[str, ...], resolved: Resolved
) -> list[tuple[str, list[str]]] | None:
    """The things of the graph at these properties; ``None`` where some has none: then it is new."""
    values = []
    for property_ in properties:
        iris = [
            iri
            for one in said.statements
            if one.subject == ref
            and one.property == property_
            and (iri := resolved.known(one.object)) is not None
        ]
        if not iris:
            return None
        values.append((property_, iris))
    return values


def _quads(
    claims: Claims,
    ledger: Ledger,
    mapping: MappingFile,
    identity: Identity,
    seen: dict[ThingRef, _Seen],
    meant: dict[ThingRef, Meant],
    counts: Counter[str],
) -> Iterator[Quad]:
    yield from claims.source()
    for one in mapping.described:
        if not identity.has(one.iri):
            yield from claims.description(NamedNode(one.iri), (one.kind,), one.label, ())
    for ref, one_seen in sorted(seen.items(), key=lambda pair: (pair[0].kind, pair[0].key)):
        if meant[ref].iri is None:
            thing = one_seen.thing
            yield from claims.description(
                NamedNode(thing_iri(mapping.register, ref)), thing.classes, thing.label, thing.names
            )
    before: KeptRow | None = None
    for row in ledger.rows():
        counts["rows"] += row.until is None
        last = before if before is not None and before.id == row.id else None
        for quads in claims.row(row, _said(mapping, row), last):
            counts["claims"] += 1
            yield from quads
        before = row


def _doubts(
    seen: dict[ThingRef, _Seen],
    meant: dict[ThingRef, Meant],
    nodes: dict[tuple[str, NodeRef], Meant],
    mapping: MappingFile,
) -> Iterator[Doubt]:
    for ref, one in meant.items():
        if one.how == DOUBTFUL and seen[ref].rows:
            yield Doubt(ref.kind, ref.key, seen[ref].thing.label, seen[ref].rows, one.candidates)
    for (row, node), one in nodes.items():
        if one.how == DOUBTFUL:
            own = node_iri(mapping.register, row, node, labelled=True).removeprefix(PREFIXES["id"])
            yield Doubt(node.name, _node_key(row, node), own, 1, one.candidates)
