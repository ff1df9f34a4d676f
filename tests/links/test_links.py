"""The links of the graph: what they say, that they agree with what was verified, what a check finds."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner

from sanctiongraph import Graph
from sanctiongraph.cli import main
from sanctiongraph.data import DataFolders, data_folders
from sanctiongraph.errors import BadData, BadInput
from sanctiongraph.links.check import check_links
from sanctiongraph.links.sssom import read_links, written
from sanctiongraph.vocabulary import PREFIXES

VERIFIED = Path(__file__).parents[2].parent / "shared" / "wikidata" / "qids.tsv"
FILES = sorted(data_folders().links.glob("*.sssom.tsv"))
HEAD = """\
#curie_map:
#  id: https://w3id.org/sanctiongraph/id/
#  skos: http://www.w3.org/2004/02/skos/core#
#  semapv: https://w3id.org/semapv/vocab/
#  wd: http://www.wikidata.org/entity/
subject_id\tpredicate_id\tobject_id\tobject_label\tobject_category\tmapping_justification\tauthor_label\tmapping_date\tconfidence\tcomment
"""
TURKEY = "id:Turkey\tskos:exactMatch\twd:Q43\tTürkiye\tstate\tsemapv:ManualMappingCuration\tus\t2026-11-26\t0.9\tseen"


@pytest.fixture
def verified() -> dict[str, str]:
    """Label by item, of the items that were verified."""
    if not VERIFIED.is_file():
        pytest.skip("the table of verified items is not at hand: ../shared/wikidata/qids.tsv")
    with VERIFIED.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return {row["qid"]: row["label_en"] for row in rows if row["status"] == "verified"}


def folders_with(tmp_path: Path, *lines: str) -> DataFolders:
    """The shipped data, with these links in place of its own."""
    (tmp_path / "graph").mkdir(parents=True)
    for name in ("ontology", "queries"):
        (tmp_path / name).symlink_to(data_folders().root / name)
    for name in ("reference", "sources", "viewpoints", "scenarios"):
        (tmp_path / "graph" / name).symlink_to(data_folders().root / "graph" / name)
    links = tmp_path / "graph" / "links"
    links.mkdir()
    (links / "some.sssom.tsv").write_text(HEAD + "\n".join(lines) + "\n", "utf-8")
    return DataFolders(tmp_path)


def test_every_item_was_verified(verified: dict[str, str]) -> None:
    (wikidata,) = (read_links(path) for path in FILES if path.name == "wikidata.sssom.tsv")
    items = {link.object.removeprefix(PREFIXES["wd"]): link for link in wikidata.links}
    assert set(items) <= set(verified)
    for item, link in items.items():
        assert verified[item].startswith(link.object_label)
    assert len(items) == 69


def test_what_nobody_verified_is_open_work_and_in_no_link() -> None:
    lines = (data_folders().links / "open.tsv").read_text("utf-8").splitlines()[2:]
    open_things = {line.split("\t")[0] for line in lines}
    assert {"id:S400", "id:TomBarrack", "law:us/pl/115/44", "id:Rosoboronexport"} <= open_things
    names = {PREFIXES[p] + local for p, _, local in (one.partition(":") for one in open_things)}
    for path in FILES:
        for link in read_links(path).links:
            assert not (link.subject in names and link.exact and "wikidata" in link.object)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_written_again_a_file_is_the_same(path: Path) -> None:
    found = read_links(path)
    assert written(found.metadata, found.links) == path.read_text("utf-8")


def test_shipped_links_have_nothing_to_cure() -> None:
    assert check_links(data_folders()) == []


def test_links_are_in_the_accepted_graph_with_who_made_them(graph: Graph) -> None:
    found = graph.query(
        """SELECT ?confidence ?author ?evidence WHERE {
             id:SSB skos:exactMatch wd:Q6079585 .
             ?link sssom:subject_id id:SSB ; sssom:object_id wd:Q6079585 ;
                   sssom:confidence ?confidence ; sssom:author_label ?author ;
                   sssom:comment ?evidence ; sssom:mapping_date ?date }"""
    )
    assert len(found) == 1


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (TURKEY.replace("id:Turkey", "id:Trukey"), "described nowhere"),
        (TURKEY.replace("Türkiye\tstate", "Türkiye\tcity"), "cannot be the same as a city"),
        (TURKEY.replace("Türkiye", "Greece"), "no label of id:Turkey"),
        (TURKEY + "\n" + TURKEY, "twice"),
        (TURKEY + "\n" + TURKEY.replace("id:Turkey", "id:Greece"), "keep one of them"),
    ],
)
def test_a_check_finds(line: str, message: str, tmp_path: Path) -> None:
    assert any(message in str(one) for one in check_links(folders_with(tmp_path, line)))


def test_labels_of_an_extract_count(tmp_path: Path) -> None:
    extract = tmp_path / "extract.nt"
    label = "<http://www.wikidata.org/entity/Q43> <http://www.w3.org/2000/01/rdf-schema#label>"
    extract.write_text(f'{label} "Republic of Turkey"@en .\n', "utf-8")
    folders = folders_with(tmp_path / "data", TURKEY.replace("Türkiye", ""))
    assert check_links(folders, extract) == []
    extract.write_text(f'{label} "Greece"@en .\n', "utf-8")
    assert any("no label" in str(one) for one in check_links(folders, extract))


def test_an_item_that_nobody_verified_fails_the_check(tmp_path: Path) -> None:
    table = tmp_path / "qids.tsv"
    table.write_text("label_en\tqid\tstatus\nTurkey\tQ43\tverified\nGreece\tQ41\tunverified\n")
    folders = folders_with(tmp_path / "data", TURKEY)
    assert check_links(folders, verified=table) == []
    for item in ("Q41", "Q42"):
        (tmp_path / item).mkdir()
        (found,) = check_links(
            folders_with(tmp_path / item, TURKEY.replace("Q43", item)), verified=table
        )
        assert f"wd:{item} is not verified" in str(found)


@pytest.mark.parametrize("text", ["", "qid\n", "qid,status\nQ43,verified\n", 'qid\tstatus\n"Q43'])
def test_what_is_no_table_of_items_is_refused(text: str, tmp_path: Path) -> None:
    table = tmp_path / "qids.tsv"
    table.write_text(text, "utf-8")
    with pytest.raises(BadInput, match=r"qids\.tsv"):
        check_links(folders_with(tmp_path / "data", TURKEY), verified=table)


def test_the_command_holds_the_shipped_links_against_the_table(verified: dict[str, str]) -> None:
    result = CliRunner().invoke(main, ["link", "check", "--verified", str(VERIFIED)])
    assert result.exit_code == 0, result.output
    assert verified


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (TURKEY.replace("id:Turkey", "wp:Turkey"), "no prefix of curie_map"),
        (TURKEY.replace("exactMatch", "sameMatch"), "it is one of skos:exactMatch"),
        (TURKEY.replace("2026-11-26", "yesterday"), "mapping_date is no day"),
        (TURKEY.replace("0.9", "9"), "a number from 0 to 1"),
        (TURKEY.replace("\tseen", "\t"), "comment is empty"),
    ],
)
def test_a_bad_line_is_refused_with_its_number(line: str, message: str, tmp_path: Path) -> None:
    folders = folders_with(tmp_path, TURKEY, line)
    with pytest.raises(BadData, match="line 8: ") as caught:
        check_links(folders)
    assert message in str(caught.value)


@pytest.mark.parametrize("text", ["", "subject_id\tpredicate_id\n", "#a: [\n", "#curie_map: 3\n"])
def test_what_is_no_mapping_set_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.sssom.tsv"
    path.write_text(text, "utf-8")
    with pytest.raises(BadData, match=r"bad\.sssom\.tsv"):
        read_links(path)


def test_the_command_says_what_it_looked_at() -> None:
    result = CliRunner().invoke(main, ["link", "check"])
    assert result.exit_code == 0
    assert result.output.startswith("nothing to cure in 107 links of 3 files")
