"""Backup and restore: there and back, verified, and never over a graph without being told."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from sanctiongraph.archive import backup, restore
from sanctiongraph.build import build
from sanctiongraph.canonical import write_canonical
from sanctiongraph.cli import main
from sanctiongraph.data import DataFolders
from sanctiongraph.digests import Digests
from sanctiongraph.errors import BadData, BadInput, BuildBusy, NotBuilt
from sanctiongraph.following import difference
from sanctiongraph.live import Live, base_of, locked
from sanctiongraph.published import current
from sanctiongraph.record import DERIVED
from sanctiongraph.snapshots import newest
from sanctiongraph.tokens import Scope, create
from sanctiongraph.vocabulary import PREFIXES
from tests.opened import opened_newest


@pytest.fixture
def written(data: DataFolders, home: Path) -> Path:
    """A home folder with writes that were derived from, and one more."""
    build(data, home)
    create(home, Scope.ADMIN)
    live = Live(home)
    live.store.update(
        "INSERT DATA { id:Mine a sg:ArmsDeal ; rdfs:label [] }"
        f" ; DROP GRAPH <{PREFIXES['claim']}one/002>",
        prefixes=PREFIXES,
    )
    snapshot = live.publish("before")
    live.follow(difference(snapshot.open(), Digests.read(snapshot.folder / DERIVED)))
    live.store.update("INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:n> 1 } }")
    live.publish(newest(home).derived)
    return home


def canonical(home: Path, folder: Path) -> str:
    with opened_newest(home) as (_, store):
        return write_canonical(store, folder / "canonical.nq")


def test_there_and_back(written: Path, tmp_path: Path) -> None:
    path, about = backup(written, tmp_path)
    assert path == tmp_path / f"sanctiongraph-{newest(written).name}.tar.gz"
    there = tmp_path / "there"
    assert restore(there, path) == about
    assert canonical(there, tmp_path) == canonical(written, tmp_path)
    assert current(there).version == current(written).version
    assert current(there).dump.read_bytes() == current(written).dump.read_bytes()
    assert newest(there).derived == newest(written).derived
    # It goes on where it was: the same follows, and writes are carried over to another build.
    live, before = Live(there), Live(written)
    found, same = (
        difference(one.store, Digests.read(one.folder / DERIVED)) for one in (live, before)
    )
    assert set(found.added) == set(same.added)
    assert set(found.removed) == set(same.removed)
    assert live.publish("x").name > newest(written).name


def test_where_nothing_was_written_the_build_is_restored(
    data: DataFolders, home: Path, tmp_path: Path
) -> None:
    published = build(data, home)
    path, _ = backup(home, tmp_path / "one.tar.gz")
    there = tmp_path / "there"
    restore(there, path)
    assert base_of(there) is None
    assert current(there).version == published.version
    assert current(there).dump.read_bytes() == published.dump.read_bytes()
    assert build(data, there).version == published.version  # up to date, nothing is built


def test_tokens_are_not_in_it(written: Path, tmp_path: Path) -> None:
    path, _ = backup(written, tmp_path / "b.tar.gz")
    with tarfile.open(path) as tar:
        assert not [name for name in tar.getnames() if "token" in name]
    there = tmp_path / "there"
    create(there, Scope.READ, "kept")
    restore(there, path)
    assert (there / "tokens.json").exists()


def test_nothing_is_overwritten_without_being_told(written: Path, tmp_path: Path) -> None:
    path, _ = backup(written, tmp_path / "b.tar.gz")
    with pytest.raises(BadInput, match="there already"):
        backup(written, path)
    before = canonical(written, tmp_path)
    with pytest.raises(BadInput, match="--force"):
        restore(written, path)
    Live(written).store.update("INSERT DATA { <urn:later> <urn:n> 1 }")
    name = newest(written).name
    restore(written, path, force=True)
    assert canonical(written, tmp_path) == before
    assert newest(written).name > name  # a name is never given twice


def test_a_served_folder_is_not_restored_to(written: Path, tmp_path: Path) -> None:
    path, _ = backup(written, tmp_path / "b.tar.gz")
    with locked(written), pytest.raises(BuildBusy, match="served"):
        restore(written, path, force=True)


def test_without_a_graph_there_is_nothing_to_back_up(tmp_path: Path) -> None:
    with pytest.raises(NotBuilt):
        backup(tmp_path / "none", tmp_path)


@pytest.mark.parametrize("at", [0.1, 0.5, 0.9])
def test_a_damaged_archive_changes_nothing(written: Path, tmp_path: Path, at: float) -> None:
    path, _ = backup(written, tmp_path / "b.tar.gz")
    content = bytearray(path.read_bytes())
    content[int(len(content) * at)] ^= 0xFF
    damaged, short = tmp_path / "damaged.tar.gz", tmp_path / "short.tar.gz"
    damaged.write_bytes(content)
    short.write_bytes(path.read_bytes()[: int(len(content) * at)])
    before = canonical(written, tmp_path)
    for bad in (damaged, short):
        with pytest.raises(BadData):
            restore(written, bad, force=True)
        with pytest.raises(BadData):
            restore(tmp_path / "there", bad)
    assert canonical(written, tmp_path) == before
    assert not (tmp_path / "there" / "current").exists()


def test_what_is_no_backup_is_told(tmp_path: Path) -> None:
    other = tmp_path / "other.tar.gz"
    with tarfile.open(other, "w:gz") as tar:
        tar.add(__file__, "../escape")
    text = tmp_path / "text"
    text.write_text("no archive", "utf-8")
    for path in (other, text):
        with pytest.raises(BadData):
            restore(tmp_path / "there", path)


def test_the_commands(written: Path, tmp_path: Path) -> None:
    def run(*words: str) -> tuple[int, str]:
        result = CliRunner().invoke(main, list(words))
        return result.exit_code, result.output

    path = str(tmp_path / "b.tar.gz")
    assert run("backup", path, "--home", str(written))[0] == 0
    there = str(tmp_path / "there")
    code, output = run("restore", path, "--home", there)
    assert (code, "restored" in output) == (0, True)
    code, output = run("restore", path, "--home", there)
    assert (code, "--force" in output) == (1, True)
    assert run("restore", path, "--home", there, "--force")[0] == 0
