"""Stores with a difference: every way to look shows it, whichever was looked at before."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, NamedNode, Quad, QuerySolutions, Store

from sanctiongraph import scratch
from sanctiongraph.incremental.overlay import Overlay
from sanctiongraph.working import WithDifference, WorkingCopies

NODES = st.sampled_from([NamedNode(f"urn:{name}") for name in "abc"])
GRAPHS = st.sampled_from([DefaultGraph(), NamedNode("urn:g"), NamedNode("urn:h")])
QUADS = st.builds(Quad, NODES, NODES, NODES, GRAPHS)
EVERYTHING = "SELECT ?g ?s ?p ?o WHERE { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"


@pytest.fixture(scope="module", params=["on disk", "in memory"])
def stored(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Store:
    if request.param == "in memory":
        store = Store()
    else:
        folder = tmp_path_factory.mktemp("working")
        scratch.use(folder / scratch.NAME)
        store = Store(str(folder / "store"))
    store.extend(quads("a a a", "a b c", "b b b urn:g", "c c c urn:g", "a a c urn:h"))
    return store


def quads(*texts: str) -> list[Quad]:
    return [
        Quad(*(NamedNode(f"urn:{name}") for name in parts[:3]), *map(NamedNode, parts[3:]))  # type: ignore[arg-type]
        for text in texts
        if (parts := text.split())
    ]


def changed(store: Store, more: set[Quad], less: set[Quad]) -> tuple[Overlay, Store]:
    """A difference, and a store of its own that has it."""
    overlay, plain = Overlay(store), Store()
    plain.extend(store)
    for quad in less:
        overlay.remove(quad)
        plain.remove(quad)
    for quad in more:
        overlay.add(quad)
        plain.add(quad)
    for graph in list(plain.named_graphs()):
        if next(plain.quads_for_pattern(None, None, None, graph), None) is None:
            plain.remove_graph(graph)
    return overlay, plain


def told(store: Store | WithDifference) -> Iterator[object]:
    """What a store tells, in every way that there is."""
    found = store.query(EVERYTHING)
    assert isinstance(found, QuerySolutions)
    yield {tuple(row) for row in found}
    yield set(store.quads_for_pattern(None, None, None, None))
    names = [NamedNode("urn:g"), NamedNode("urn:h"), NamedNode("urn:i")]
    yield set(store.named_graphs()), [store.contains_named_graph(one) for one in names]
    (a,) = quads("a b c")
    yield a in store
    yield set(store.quads_for_pattern(a.subject, None, None, DefaultGraph()))
    yield set(store.quads_for_pattern(None, a.predicate, None))


@settings(max_examples=30, deadline=None)  # each makes two working copies
@given(st.lists(st.tuples(st.sets(QUADS), st.sets(QUADS)), min_size=1, max_size=4))
def test_each_difference_is_as_a_store_that_has_it(
    stored: Store, differences: list[tuple[set[Quad], set[Quad]]]
) -> None:
    copies, before = WorkingCopies(stored), list(told(stored))
    both = [changed(stored, *one) for one in differences]
    shown = [(WithDifference(overlay, copies), plain) for overlay, plain in both]
    for one, plain in [*shown, *reversed(shown), *shown]:
        assert list(told(one)) == list(told(plain))
    assert list(told(stored)) == before


def test_an_answer_that_is_still_read_stays_what_it_is(stored: Store) -> None:
    copies = WorkingCopies(stored)
    shown = [
        WithDifference(changed(stored, set(quads(f"c {name} {name}")), set())[0], copies)
        for name in "abc"
    ]
    answers = [one.query("SELECT ?p WHERE { <urn:c> ?p ?o }") for one in shown]
    read = [[row["p"].value for row in one] for one in answers]  # type: ignore[union-attr]
    assert read == [["urn:a"], ["urn:b"], ["urn:c"]]


def test_a_working_copy_goes_with_whoever_had_it(tmp_path: Path) -> None:
    scratch.use(tmp_path / scratch.NAME)
    store = Store(str(tmp_path / "store"))
    store.extend(quads("a a a"))
    copies = WorkingCopies(store)
    list(told(WithDifference(Overlay(store), copies)))
    (own,) = (tmp_path / scratch.NAME).iterdir()
    assert len(list(own.iterdir())) == 1
    del copies
    assert list(own.iterdir()) == []


ENDLESS = """
import sys, pathlib
from sanctiongraph import scratch
scratch.use(pathlib.Path(sys.argv[1]))
folder = scratch.new_folder()
folder.mkdir()
print(folder, flush=True)
sys.stdin.read()
"""


def test_what_a_killed_process_left_is_removed_and_no_other(tmp_path: Path) -> None:
    with started(tmp_path) as first, started(tmp_path) as second:
        folders = [Path(one.stdout.readline().strip()) for one in (first, second) if one.stdout]
        assert all(one.is_dir() for one in folders)
        first.kill()
        first.wait()
        scratch.use(tmp_path)
        own = scratch.new_folder()
        assert own.parent.is_dir()
        assert [one.is_dir() for one in folders] == [False, True]
        second.communicate("")  # ends by itself, and leaves nothing
        assert not folders[1].exists()


def started(place: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", ENDLESS, str(place)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.fixture
def unwritable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files, where the place in use cannot be written to."""
    (tmp_path / "file").touch()
    scratch.use(tmp_path / "file" / "scratch")
    shared = tmp_path / "shared"
    shared.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(shared))
    return shared


def test_where_nothing_can_be_written_folders_are_elsewhere(unwritable: Path) -> None:
    folder = scratch.new_folder()
    assert folder.is_relative_to(unwritable)
    assert folder.parent.is_dir()


def test_a_folder_that_somebody_else_laid_out_is_not_used(unwritable: Path) -> None:
    """Then what needs a folder does without: a store is copied in memory."""
    elsewhere = unwritable.parent / "elsewhere"
    elsewhere.mkdir()
    (unwritable / f"sanctiongraph-{os.getuid()}").symlink_to(elsewhere)
    with pytest.raises(PermissionError):
        scratch.new_folder()
    store = Store(str(unwritable.parent / "store"))
    store.extend(quads("a a a"))
    assert list(told(WithDifference(Overlay(store), WorkingCopies(store))))
    assert list(elsewhere.iterdir()) == []
