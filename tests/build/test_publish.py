"""Publishing: what is skipped, what an interruption or an error leaves, who may build at a time."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sanctiongraph.build import build
from sanctiongraph.data import DataFolders
from sanctiongraph.errors import BadData, BuildBusy, NotBuilt
from sanctiongraph.published import Published, building, current, publish

from .conftest import rewrite, start_build

STEPS = ("reading", "deriving", "writing canonical N-Quads", "loading the store", "publishing")


def relabel(data: DataFolders) -> str:
    """Changes one label and says which one it is now."""
    path = data.reference / "entities" / "all.ttl"
    label = f"Russia {random.Random(path.read_text('utf-8')).random()}"
    lines = path.read_text("utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("id:Russia ")]
    path.write_text("\n".join([*kept, f'id:Russia a sg:State ; rdfs:label "{label}"@en .\n']))
    return label


def label_in(published: Published) -> str:
    answer: Any = published.open().query(
        "SELECT ?l { <https://w3id.org/sanctiongraph/id/Russia>"
        " <http://www.w3.org/2000/01/rdf-schema#label> ?l }"
    )
    (row,) = answer
    return str(row["l"].value)


def files_in(home: Path) -> set[str]:
    return {path.name for path in home.iterdir()}


def assert_tidy(home: Path) -> None:
    """The pointer, the lock, and at most the published version and the one before."""
    assert files_in(home) == {"current", "lock", "versions"}
    assert len(files_in(home / "versions")) <= 2


def test_nothing_changed_nothing_done(data: DataFolders, home: Path) -> None:
    steps: list[str] = []
    first = build(data, home, progress=steps.append)
    assert tuple(steps) == STEPS
    assert build(data, home, progress=steps.append) == first
    assert len(steps) == len(STEPS)


def test_a_touched_file_is_no_change(data: DataFolders, home: Path) -> None:
    build(data, home)
    steps: list[str] = []
    for path in data.root.rglob("*.t*"):
        path.touch()
    build(data, home, progress=steps.append)
    assert steps == []


def test_a_changed_label_is_built(data: DataFolders, home: Path) -> None:
    before = build(data, home)
    label = relabel(data)
    after = build(data, home)
    assert label_in(after) == label
    assert after.version.sha256 != before.version.sha256
    assert after == current(home)


def test_a_file_that_moves_between_source_and_background_is_built(
    data: DataFolders, home: Path
) -> None:
    before = build(data, home)
    (data.sources / "notice").mkdir()
    (data.reference / "measures.trig").rename(data.sources / "notice" / "measures.trig")
    assert build(data, home).version.sha256 != before.version.sha256


def test_force_builds_again_beside_what_is_published(data: DataFolders, home: Path) -> None:
    first = build(data, home)
    second = build(data, home, force=True)
    assert second.version.sha256 == first.version.sha256
    assert second.folder != first.folder
    assert first.folder.is_dir()  # a reader may be opening it
    third = build(data, home, force=True)
    assert third.folder == first.folder.with_name(third.version.name + "-3")
    assert files_in(home / "versions") == {second.folder.name, third.folder.name}
    assert current(home) == third


def test_old_versions_are_dropped(data: DataFolders, home: Path) -> None:
    made = []
    for _ in range(4):
        relabel(data)
        made.append(build(data, home))
    assert files_in(home / "versions") == {published.folder.name for published in made[-2:]}
    assert_tidy(home)


def test_the_version_before_is_kept_however_the_folder_is_written(
    data: DataFolders, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home.parent)
    relative = Path(home.name)
    before = build(data, relative)
    relabel(data)
    after = build(data, relative)
    assert files_in(home / "versions") == {before.folder.name, after.folder.name}


def test_an_open_store_answers_after_its_version_is_dropped(data: DataFolders, home: Path) -> None:
    first = build(data, home)
    store = first.open()
    size = len(store)
    for _ in range(2):
        relabel(data)
        build(data, home)
    assert not first.folder.exists()
    assert sum(1 for _ in store) == size == first.version.triples
    assert store.query("ASK { ?s ?p ?o }")


def test_without_a_build_there_is_nothing_to_open(home: Path) -> None:
    with pytest.raises(NotBuilt, match="run sanctiongraph build"):
        current(home)


@pytest.mark.parametrize("content", ["", "{}", '{"sha256": 1}', "[]"])
def test_a_version_file_of_another_form_is_not_built(
    data: DataFolders, home: Path, content: str
) -> None:
    folder = build(data, home).folder
    (folder / "version.json").write_text(content, "utf-8")
    with pytest.raises(NotBuilt):
        current(home)
    assert build(data, home).version.triples > 0


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("reference/entities/all.ttl", "id:Russia a", "id:Russia", r"all\.ttl: line 5"),
        ("reference/entities/all.ttl", "id:Russia", "ida:Russia", r"all\.ttl: line 5"),
        ("sources/one/claims.trig", '"2017-12~"', '"2017-13"',
         r"claims\.trig: claim:one/001#TheContract-date: '2017-13' is not a date .* write 2019"),
        ("sources/one/source.ttl", '"2020-05-04"', '"2020-21"',
         r"source\.ttl: .*/source/one#publishedOn: '2020-21' is a season: write the months"),
        ("sources/one/claims.trig", "claim:002 {", "{",
         r"claims\.trig: a triple .* is outside every graph: put it in its claim's graph"),
        ("sources/one/claims.trig", "claim:002 {", "graph:law {",
         r"claims\.trig: graph .*/law>: only claims and graph:claims belong here"),
        ("sources/one/claims.trig", "id:TheDelivery a", "[] a",
         r"claims\.trig: a blank node with .* hangs on nothing: give it a name"),
        ("sources/one/claims.trig", "sg:speaker ", "sg:speakr ",
         r"claims\.trig: claim:one/001 has no sg:speaker: every claim needs it"),
        ("reference/measures.trig", "claim/notice/", "claim/one/",
         r"claims\.trig: .*claim/one/001 is already in .*measures\.trig"),
        ("../ontology/sanctiongraph.ttl", "owl:TransitiveProperty", "owl:FunctionalProperty",
         "no rule entails this kind of axiom"),
    ],
)  # fmt: skip
def test_an_error_in_the_data_leaves_the_good_graph(
    data: DataFolders, home: Path, file: str, old: str, new: str, message: str
) -> None:
    good = build(data, home)
    rewrite(data.root / "graph" / file, old, new)
    with pytest.raises(BadData, match=message):
        build(data, home)
    assert current(home) == good
    assert label_in(good) == "Russia"
    assert_tidy(home)


def test_one_build_at_a_time(data: DataFolders, home: Path) -> None:
    good = build(data, home)
    with building(home) as work:
        with pytest.raises(BuildBusy, match=r"another build is at work .*: wait for it to end"):
            build(data, home, force=True)
        assert work.is_dir()
        assert build(data, home) == good  # nothing to build, nobody to wait for
    build(data, home, force=True)


def test_another_process_builds(data: DataFolders, home: Path) -> None:
    with building(home):
        process = start_build(data, home)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "BuildBusy: another build is at work" in err


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("stop", [signal.SIGKILL, signal.SIGINT], ids=["killed", "interrupted"])
def test_an_interrupted_build_leaves_what_was_published(
    data: DataFolders, home: Path, step: str, stop: signal.Signals
) -> None:
    before = build(data, home)
    old = label_in(before)
    new = relabel(data)
    process = start_build(data, home)
    assert process.stdout is not None
    while process.stdout.readline().strip() != step:
        assert process.poll() is None, process.stderr
    time.sleep(random.random() * 0.05)
    os.kill(process.pid, stop)
    process.communicate(timeout=60)
    left = current(home)
    assert label_in(left) in ({old, new} if step == "publishing" else {old})
    if stop == signal.SIGINT:
        assert_tidy(home)
    assert label_in(build(data, home, force=True)) == new
    assert_tidy(home)


class Crash(BaseException):
    """The process is gone: nothing that comes after is done."""


@pytest.fixture
def crash_after(monkeypatch: pytest.MonkeyPatch) -> Callable[[int | None], None]:
    """Sets after how many changes of the folder the program stops; ``None`` for never."""
    left: list[float] = [float("inf")]

    def counted(owner: Any, name: str) -> None:
        original = getattr(owner, name)

        def change(*args: Any, **kwargs: Any) -> Any:
            if left[0] <= 0:
                raise Crash
            left[0] -= 1
            return original(*args, **kwargs)

        monkeypatch.setattr(owner, name, change)

    for owner, names in (
        (Path, ("rename", "replace", "symlink_to", "unlink", "mkdir", "write_text")),
        (os, ("fsync",)),
        (shutil, ("rmtree",)),
    ):
        for name in names:
            counted(owner, name)
    return lambda count: left.__setitem__(0, float("inf") if count is None else count)


@pytest.mark.parametrize("same", [True, False], ids=["the same data", "other data"])
def test_publishing_stopped_at_any_point(
    data: DataFolders, home: Path, tmp_path: Path, crash_after: Any, same: bool
) -> None:
    """Stopped before each single change that ``publish`` makes, a good graph stays published."""
    old = build(data, home)
    if not same:
        relabel(data)
    new = build(data, tmp_path / "other")
    stopped = 0
    while True:
        work = shutil.copytree(new.folder, home / "unfinished")
        crash_after(stopped)
        try:
            publish(home, work, new.version)
        except Crash:
            crash_after(None)
        else:
            break
        left = current(home)
        assert left.version.sha256 in {old.version.sha256, new.version.sha256}
        assert len(left.open()) == left.version.triples
        shutil.rmtree(work, ignore_errors=True)
        stopped += 1
    crash_after(None)
    assert stopped > 10
    assert current(home).version == new.version
    assert_tidy(home)
