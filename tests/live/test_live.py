"""Snapshots: durable before they are newest, held by who reads them, and gone afterwards."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Store

from sanctiongraph import Graph
from sanctiongraph.build import build
from sanctiongraph.catching_up import catch_up
from sanctiongraph.data import DataFolders
from sanctiongraph.durable import sync_log
from sanctiongraph.errors import BuildBusy, NotBuilt
from sanctiongraph.live import Live, base_of, locked
from sanctiongraph.published import current
from sanctiongraph.snapshots import hold_newest, newest
from sanctiongraph.vocabulary import PREFIXES
from tests.opened import opened_newest

from ..build.conftest import rewrite


@pytest.fixture
def built(data: DataFolders, home: Path) -> Path:
    build(data, home)
    return home


def write(live: Live, number: int) -> None:
    live.store.update(f"INSERT DATA {{ <urn:a> <urn:n> {number} }}")


def numbers(store: Store) -> set[int]:
    quads = store.quads_for_pattern(None, NamedNode("urn:n"), None, None)
    return {int(quad.object.value) for quad in quads}  # type: ignore[union-attr]


def names(home: Path) -> set[str]:
    return {path.name for path in (home / "live" / "snapshots").iterdir()}


def test_without_writes_there_is_no_live_store_and_readers_take_the_build(built: Path) -> None:
    assert base_of(built) is None
    assert newest(built).name == current(built).version.name
    assert not (built / "live").exists()


def test_a_log_is_synced_before_its_snapshot_is_newest(built: Path) -> None:
    seen: list[tuple[str, int]] = []

    def sync(store: Path) -> None:
        logs = sum(path.stat().st_size for path in store.glob("*.log"))
        seen.append((newest(built).name, logs))
        sync_log(store)

    live = Live(built, sync)
    base = live.base
    for number in range(3):
        write(live, number)
        snapshot = live.publish("derived")
        assert newest(built) == snapshot
    # Each time what was newest was still the one before, and the log had the change.
    assert [name for name, _ in seen] == [base, f"{base}-1", f"{base}-2"]
    assert all(size > 0 for _, size in seen)


def test_where_syncing_fails_nothing_is_published(built: Path) -> None:
    def full(store: Path) -> None:
        raise OSError(28, "No space left on device", str(store))

    live = Live(built, full)
    write(live, 1)
    with pytest.raises(OSError, match="No space"):
        live.publish("derived")
    assert newest(built).name == live.base


def test_a_snapshot_stays_as_it_is_while_it_is_held_and_goes_afterwards(built: Path) -> None:
    live = Live(built)
    write(live, 1)
    first = live.publish("derived")
    held = hold_newest(built)
    with opened_newest(built) as (snapshot, store):
        assert snapshot == first
        for number in (2, 3):
            write(live, number)
            live.publish("derived")
        assert numbers(store) == {1}
        assert names(built) == {first.name, f"{live.base}-3"}
    live.prune()
    assert first.name in names(built)
    held.release()
    held.release()
    live.prune()
    assert names(built) == {f"{live.base}-3"}


def test_python_users_see_the_newest_and_keep_what_they_opened(built: Path) -> None:
    live = Live(built)
    write(live, 1)
    live.publish("derived")
    graph = Graph.open(built)
    for number in (2, 3):
        write(live, number)
        live.publish("derived")
    assert len(graph.query("SELECT ?n { ?s <urn:n> ?n }")) == 1
    assert graph.name == f"{live.base}-1"
    assert len(Graph.open(built).query("SELECT ?n { ?s <urn:n> ?n }")) == 3


def test_readers_never_miss_while_snapshots_come_and_go(built: Path) -> None:
    live = Live(built)
    write(live, 0)
    live.publish("derived")
    stop = threading.Event()
    wrong: list[str] = []

    def read() -> None:
        last = -1
        while not stop.is_set():
            try:
                with opened_newest(built) as (_, store):
                    found = numbers(store)
            except Exception as error:
                wrong.append(repr(error))
                return
            if found != set(range(len(found))) or max(found) < last:
                wrong.append(f"{last}: {sorted(found)}")
            last = max(found)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(1, 30):
        write(live, number)
        live.publish("derived")
    stop.set()
    for reader in readers:
        reader.join()
    assert wrong == []


def test_what_a_killed_writer_left_is_cleaned_up(built: Path) -> None:
    live = Live(built)
    write(live, 1)
    live.publish("derived")
    name = newest(built).name
    del live
    for path in ("snapshots/.unfinished/store", "workings/.unfinished/base", "workings/old/store"):
        (built / "live" / path).mkdir(parents=True)
        (built / "live" / path / "CURRENT").write_text("nonsense", "utf-8")
    live = Live(built)
    write(live, 2)
    snapshot = live.publish("derived")
    assert (snapshot.name, names(built)) == (f"{live.base}-2", {f"{live.base}-2"})
    assert numbers(snapshot.open()) == {1, 2}
    assert name != snapshot.name
    assert [path.name for path in (built / "live" / "workings").iterdir()] == [live.base]


def test_one_process_has_the_live_store(built: Path) -> None:
    with locked(built), pytest.raises(BuildBusy), locked(built):
        pass


def test_without_a_build_there_is_nothing_to_write_to(tmp_path: Path) -> None:
    with pytest.raises(NotBuilt):
        Live(tmp_path)


def test_what_clients_changed_is_carried_over_to_another_build(
    data: DataFolders, built: Path
) -> None:
    live = Live(built)
    assert not live.carry_over()
    live.store.update(
        "INSERT DATA { id:Mine a sg:ArmsDeal . GRAPH <urn:g> { <urn:a> <urn:n> 1, [] } } ;"
        f" DROP GRAPH <{PREFIXES['claim']}one/002>",
        prefixes=PREFIXES,
    )
    live.publish("derived")
    rewrite(data.sources / "one" / "claims.trig", "since about the end", "since the end")
    new = build(data, built)
    assert live.carry_over()
    assert (live.base, base_of(built)) == (new.version.name, new.version.name)
    snapshot = live.publish("derived")
    assert snapshot.name == f"{new.version.name}-2"
    with opened_newest(built) as (_, store):
        for pattern in ("id:Mine a sg:ArmsDeal", "GRAPH <urn:g> { <urn:a> <urn:n> 1, ?blank }"):
            assert store.query(f"ASK {{ {pattern} }}", prefixes=PREFIXES)
        said = 'GRAPH graph:claims { ?c sg:wording ?w FILTER(CONTAINS(?w, "since the end")) }'
        assert store.query(f"ASK {{ {said} }}", prefixes=PREFIXES)
        gone = f"GRAPH <{PREFIXES['claim']}one/002> {{ ?s ?p ?o }}"
        assert not store.query(f"ASK {{ {gone} }}", prefixes=PREFIXES)
    assert [path.name for path in (built / "live" / "workings").iterdir()] == [live.base]


def test_a_build_without_a_gateway_catches_up(data: DataFolders, built: Path) -> None:
    assert catch_up(built) is None
    live = Live(built)
    live.store.update("INSERT DATA { id:Mine a sg:ArmsDeal }", prefixes=PREFIXES)
    live.publish("derived")
    del live
    assert catch_up(built) is None
    rewrite(data.sources / "one" / "claims.trig", "since about the end", "since the end")
    new = build(data, built)
    with locked(built):
        assert catch_up(built) is None  # a gateway has it, and does it itself
    snapshot = catch_up(built)
    assert snapshot is not None
    assert snapshot.name.startswith(new.version.name)
    facts = json.loads((snapshot.folder / "snapshot.json").read_text("utf-8"))
    assert facts["derived"] == snapshot.name
    assert Graph.open(built).ask("ASK { id:Mine a sg:ArmsDeal }")
