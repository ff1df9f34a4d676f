"""Releases of a small graph with a register: whole, the same each time, and what changed between two."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner
from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    parse,
)

from sanctiongraph.build import build
from sanctiongraph.cli import main
from sanctiongraph.data import DataFolders, data_folders
from sanctiongraph.errors import BadData, BadInput
from sanctiongraph.published import Published, current
from sanctiongraph.registers.importing import Request, import_register
from sanctiongraph.releases.release import Place, Release, make_release
from sanctiongraph.vocabulary import PREFIXES

from ..build.conftest import rewrite

pytestmark = pytest.mark.xdist_group("releases")

HERE = Path(__file__).parents[1]
SMALL = HERE / "build" / "data"
SAMPLES = HERE / "registers" / "samples"
ADDED = """
claim:004 { id:TheDeal sg:comment "line one\\nline \\"two\\", with \\\\N"@en-gb , "" . }
GRAPH graph:claims {
    claim:004 a sg:Claim ;
        sg:source source:one ; sg:speaker id:TheMinister ; sg:modality sg:Position ;
        sg:wording "The minister *regrets* it."@en ;
        sg:place [ a oa:SpecificResource ; oa:hasSource source:one ] .
}
"""


@dataclass(frozen=True, slots=True)
class Two:
    """A release and the next."""

    first: Release
    second: Release
    home: Path

    @property
    def published(self) -> Published:
        return current(self.home)


def _import(folders: DataFolders, home: Path, *changes: tuple[str, str]) -> None:
    file = home.parent / "exports.csv"
    text = (SAMPLES / "exports.csv").read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file.write_text(text, "utf-8")
    request = Request(file, SAMPLES / "exports.yaml", retrieved="2024-01-01", whole=True)
    assert folders.imported is not None
    import_register(folders.imported, request, build(folders, home).open())


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Two:
    root = tmp_path_factory.mktemp("released")
    shutil.copytree(SMALL, root / "data")
    shutil.copytree(data_folders().ontology, root / "data" / "ontology", ignore=lambda *_: ["law"])
    folders, home = data_folders(root / "data", root / "registers"), root / "home"
    _import(folders, home)
    first = make_release(build(folders, home), root / "releases", with_registers=True)
    claims = root / "data" / "graph" / "sources" / "one" / "claims.trig"
    rewrite(claims, "sg:dealStatus sg:Cancelled", "sg:dealStatus sg:Delivered")
    text = claims.read_text("utf-8")
    claims.write_text(text[: text.index("claim:003 {")] + ADDED, "utf-8")
    # One row with another number, one that is gone.
    _import(folders, home, ("03.02.2020;4", "03.02.2020;6"), ("3;China;Freedonia;Example Radar;05.06.2021;\n", ""))  # fmt: skip
    second = make_release(
        build(folders, home), root / "releases", against=first.folder, with_registers=True
    )
    return Two(first, second, home)


def quads_in(folder: Path) -> list[Quad]:
    content = gzip.decompress((folder / "dataset.nq.gz").read_bytes())
    return list(parse(content, format=RdfFormat.N_QUADS))


def test_the_sums_are_those_that_sha256sum_takes(two: Two) -> None:
    for one in (two.first, two.second):
        checked = subprocess.run(
            ["sha256sum", "--strict", "-c", "SHA256SUMS"],
            cwd=one.folder, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert set(checked.stdout.split(": OK\n")) - {""} == set(one.files) - {"SHA256SUMS"}


def test_the_dataset_is_the_canonical_one(two: Two) -> None:
    content = gzip.decompress((two.second.folder / "dataset.nq.gz").read_bytes())
    version = two.published.version
    assert hashlib.sha256(content).hexdigest() == version.sha256
    facts = json.loads((two.second.folder / "release.json").read_text("utf-8"))
    assert facts["sha256"] == version.sha256
    assert facts["quads"] == content.count(b"\n") == version.triples
    assert facts["against"] == two.first.version


def test_parquet_has_every_quad_with_its_terms_as_values(two: Two) -> None:
    file = two.second.folder / "dataset.parquet"
    rows = duckdb.connect().execute(f"SELECT * FROM read_parquet('{file}')").fetchall()
    quads = quads_in(two.second.folder)
    assert [_quad(*row) for row in rows] == quads
    assert any(isinstance(one.object, Literal) and "\n" in one.object.value for one in quads)
    assert any(isinstance(one.object, Literal) and not one.object.value for one in quads)


def _quad(
    graph: str | None, subject: str, predicate: str, obj: str,
    kind: str, datatype: str | None, language: str | None,
) -> Quad:  # fmt: skip
    made: Callable[[], Any] = {
        "iri": lambda: NamedNode(obj),
        "blank": lambda: BlankNode(obj.removeprefix("_:")),
        "literal": lambda: (
            Literal(obj, language=language)
            if language
            else Literal(obj, datatype=NamedNode(str(datatype)))
        ),
    }[kind]
    blank = subject.startswith("_:")
    node = BlankNode(subject[2:]) if blank else NamedNode(subject)
    named = DefaultGraph() if graph is None else NamedNode(graph)
    return Quad(node, NamedNode(predicate), made(), named)


def test_the_same_again_has_the_same_bytes(two: Two, tmp_path: Path) -> None:
    again = make_release(
        two.published, tmp_path, against=two.first.folder, with_registers=True
    ).folder
    for path in two.second.folder.iterdir():
        assert (again / path.name).read_bytes() == path.read_bytes(), path.name


def test_the_description_leads_to_the_files(two: Two, tmp_path: Path) -> None:
    place = Place("https://example.org/data/", "https://example.org/sparql")
    made = make_release(two.published, tmp_path, place=place, with_registers=True)
    store = Store()
    store.load(path=str(made.folder / "void.ttl"), format=RdfFormat.TURTLE)
    files: Any = store.query(
        """PREFIX spdx: <http://spdx.org/rdf/terms#>
        SELECT ?file ?sum WHERE { ?d void:sparqlEndpoint <https://example.org/sparql> ;
          dcat:distribution ?file . ?file spdx:checksum/spdx:checksumValue ?sum }""",
        prefixes=PREFIXES,
    )
    base = "https://example.org/data/"
    sums = (made.folder / "SHA256SUMS").read_text("utf-8")
    found = {one["file"].value.removeprefix(base): one["sum"].value for one in files}
    assert set(found) == {"dataset.nq.gz", "dataset.parquet"}
    assert all(f"{value}  {name}\n" in sums for name, value in found.items())
    plain = (two.second.folder / "void.ttl").read_text("utf-8")
    assert "sparqlEndpoint" not in plain
    assert "dcterms:rights" in plain


def test_what_became_of_claims_for_programs(two: Two) -> None:
    lines = (two.second.folder / "changes.jsonl").read_text("utf-8").splitlines()
    news = {one["claim"].removeprefix(PREFIXES["claim"]): one for one in map(json.loads, lines)}
    assert {name: one["what"] for name, one in news.items()} == {
        "one/002": "changed",
        "one/003": "withdrawn",
        "one/004": "added",
        "sample-exports/1/2": "changed",
        "sample-exports/3/1": "withdrawn",
    }
    sg = PREFIXES["sg"]
    changed = news["one/002"]
    deal = f"<{PREFIXES['id']}TheDeal> <{sg}dealStatus>"
    assert changed["gone"] == [f"{deal} <{sg}Cancelled>"]
    assert changed["came"] == [f"{deal} <{sg}Delivered>"]
    assert changed["supersedes"] is None
    row = news["sample-exports/1/2"]
    assert row["supersedes"] == f"{PREFIXES['claim']}sample-exports/1/1"
    assert [one.rpartition(" ")[2] for one in row["came"]] == [
        '"6"^^<http://www.w3.org/2001/XMLSchema#integer>'
    ]
    assert two.second.news is not None
    assert {kind.value: len(two.second.news.of(kind)) for kind in {one.kind for one in two.second.news.claims}} == {"added": 1, "changed": 2, "withdrawn": 2}  # fmt: skip


def test_what_became_of_claims_for_people(two: Two) -> None:
    text = (two.second.folder / "CHANGELOG.md").read_text("utf-8")
    assert f"Against version {two.first.version}." in text
    assert "| changed | 2 |" in text
    assert "- `claim:one/004`: The minister \\*regrets\\* it. (TheMinister, Position)" in text
    assert "  - gone: id:TheDeal sg:dealStatus sg:Cancelled" in text
    assert "  - in the place of `claim:sample-exports/1/1`" in text
    assert "| all claims' own graphs |" in text
    first = (two.first.folder / "CHANGELOG.md").read_text("utf-8")
    assert "compared with no earlier one" in first
    assert (two.first.folder / "changes.jsonl").read_bytes() == b""


def test_registers_of_others_are_passed_on_only_where_one_says_so(two: Two, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="CC0"):
        make_release(two.published, tmp_path)
    assert not list(tmp_path.iterdir())
    licence = (two.second.folder / "LICENSE").read_text("utf-8")
    assert "Creative Commons Attribution 4.0" in licence
    assert "sample-exports): CC0" in licence


def test_a_damaged_release_is_none_to_compare_with(two: Two, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged"
    shutil.copytree(two.first.folder, damaged)
    (damaged / "dataset.nq.gz").write_bytes(gzip.compress(b""))
    with pytest.raises(BadData, match="is damaged"):
        make_release(two.published, tmp_path, against=damaged, with_registers=True)
    with pytest.raises(BadData, match="is no whole release"):
        make_release(two.published, tmp_path, against=tmp_path, with_registers=True)


def test_as_one_types_it(two: Two, tmp_path: Path) -> None:
    def run(*arguments: str) -> Any:
        return CliRunner().invoke(main, ["release", *arguments, "--home", str(two.home)])

    made = run(str(tmp_path), "--against", str(two.first.folder), "--with-registers")
    assert made.exit_code == 0, made.output
    assert f"claims since version {two.first.version}: 1 added, 2 changed, 2 withdrawn" in made.output  # fmt: skip
    again = run(str(tmp_path), "--with-registers")
    assert again.exit_code == 1
    assert "is there already" in again.output
    assert run(str(tmp_path), "--with-registers", "--force").exit_code == 0
    refused = run(str(tmp_path / "other"))
    assert "give --with-registers where you may pass it on" in refused.output
