"""The same data give the same hash: in any folder, process and order; other data give another."""

from __future__ import annotations

import hashlib
import random
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, parse, serialize

from sanctiongraph.build import build
from sanctiongraph.canonical import write_canonical
from sanctiongraph.data import DataFolders, data_folders
from sanctiongraph.dataset import dataset
from sanctiongraph.published import Published, current
from sanctiongraph.reading import Kind, data_files

from ..real import real_home
from .conftest import rewrite, start_build


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Published:
    return current(real_home(tmp_path_factory))


def copy_of(folders: DataFolders, root: Path) -> DataFolders:
    for file in data_files(folders):
        path = root / file.path.relative_to(folders.root)
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file.path, path)
    shutil.copytree(folders.queries, root / "queries")
    return data_folders(root)


def shuffled(folders: DataFolders, seed: int) -> None:
    """Writes the triples of each file in another order, and gives claims' files other names."""
    dice = random.Random(seed)
    for file in data_files(folders):
        if file.kind is Kind.LINKS:
            _shuffle_rows(file.path, dice)
            continue
        trig = file.path.suffix == ".trig"
        form = RdfFormat.TRIG if trig else RdfFormat.TURTLE
        quads = list(parse(path=str(file.path), format=form))
        dice.shuffle(quads)
        terms = quads if trig else [quad.triple for quad in quads]
        file.path.write_bytes(serialize(terms, format=form) or b"")
        if file.reference and file.kind is Kind.CLAIMS:
            file.path.rename(file.path.with_name(f"{dice.random()}.trig"))


def _shuffle_rows(path: Path, dice: random.Random) -> None:
    """Writes the mappings of a file of links in another order: its head ends with their columns."""
    lines = path.read_text("utf-8").splitlines(keepends=True)
    columns = next(at for at, line in enumerate(lines) if not line.startswith("#"))
    rows = lines[columns + 1 :]
    dice.shuffle(rows)
    path.write_text("".join([*lines[: columns + 1], *rows]), "utf-8")


def test_two_processes_in_two_folders(real: Published, tmp_path: Path) -> None:
    copy = copy_of(data_folders(), tmp_path / "elsewhere" / "data")
    home = tmp_path / "home"
    process = start_build(copy, home, PYTHONHASHSEED="7", LC_ALL="C", TZ="Asia/Tokyo")
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert out.splitlines()[-1] == real.version.sha256
    assert (home / "current" / "dataset.nq").read_bytes() == real.dump.read_bytes()


@pytest.mark.parametrize("seed", [1, 2])
def test_order_of_files_and_triples(real: Published, tmp_path: Path, seed: int) -> None:
    copy = copy_of(data_folders(), tmp_path / "data")
    shuffled(copy, seed)
    assert write_canonical(dataset(copy), tmp_path / "dataset.nq") == real.version.sha256


def test_the_hash_is_that_of_the_dump_and_the_store_holds_the_dump(real: Published) -> None:
    assert hashlib.sha256(real.dump.read_bytes()).hexdigest() == real.version.sha256
    lines = real.dump.read_bytes().splitlines()
    assert lines == sorted(set(lines))
    assert len(lines) == real.version.triples
    store = real.open()
    assert len(store) == real.version.triples
    for quad in parse(path=str(real.dump), format=RdfFormat.N_QUADS):
        blank = isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode)
        assert blank or quad in store  # a load gives blank nodes other labels


def test_another_word_gives_another_hash(data: DataFolders, home: Path) -> None:
    before = build(data, home).version.sha256
    rewrite(data.reference / "entities" / "all.ttl", '"Turkey"@en', '"Türkiye"@en')
    assert build(data, home).version.sha256 != before


EX = "http://example.org/"
names = st.sampled_from("abc").map(lambda name: NamedNode(EX + name))
blank = st.sampled_from("xyz").map(BlankNode)
literals = st.text(st.characters(exclude_categories=["Cs"]), max_size=5).map(Literal)
quads = st.lists(
    st.builds(Quad, names | blank, names, names | blank | literals, names), max_size=12, unique=True
)


def store_of(quads: list[Quad]) -> Store:
    store = Store()
    store.extend(quads)
    return store


@given(quads=quads, dice=st.randoms(use_true_random=False))
def test_neither_order_nor_labels_of_blank_nodes_matter(
    quads: list[Quad], dice: random.Random, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("canonical") / "dataset.nq"
    other = quads.copy()
    dice.shuffle(other)
    labels = dict(zip("xyz", dice.sample(["p", "q", "r", "b0", "c14n1"], 3), strict=True))

    def relabelled(node: NamedNode | BlankNode | Literal) -> NamedNode | BlankNode | Literal:
        return BlankNode(labels[node.value]) if isinstance(node, BlankNode) else node

    renamed = [
        Quad(relabelled(q.subject), q.predicate, relabelled(q.object), q.graph_name)  # type: ignore[arg-type]
        for q in other
    ]
    assert write_canonical(store_of(quads), path) == write_canonical(store_of(renamed), path)
    assert len(list(parse(path=str(path), format=RdfFormat.N_QUADS))) == len(quads)


@pytest.mark.parametrize("at_once", [1, 100, 1_000])
def test_sorted_in_parts_the_text_is_the_same(tmp_path: Path, at_once: int) -> None:
    quads = [
        Quad(NamedNode(f"urn:{number % 7}"), NamedNode(f"urn:p{number % 3}"), Literal(number))
        for number in range(40)
    ]
    quads += [Quad(BlankNode(), NamedNode("urn:of"), Literal(number)) for number in range(3)]
    whole, in_parts = tmp_path / "whole.nq", tmp_path / "parts.nq"
    store = store_of(quads)
    assert write_canonical(store, whole) == write_canonical(store, in_parts, at_once)
    assert whole.read_bytes() == in_parts.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["parts.nq", "whole.nq"]
