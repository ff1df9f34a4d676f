"""A text that no developer has seen, from file to graph: new, draft, check, review, build."""

from __future__ import annotations

import re

from pyoxigraph import RdfFormat, Store

from sanctiongraph import Graph
from sanctiongraph.data import DataFolders
from sanctiongraph.drafting.folder import source_folder

from .conftest import UNSEEN, Run


def started(run: Run, *options: str) -> None:
    assert run("source", "new", str(UNSEEN), *options).exit_code == 0
    assert run("source", "draft", "falcon-upgrade").exit_code == 0


def test_from_text_to_graph(run: Run, invented: DataFolders) -> None:
    begun = run("source", "new", str(UNSEEN))
    assert begun.exit_code == 0
    assert "sanctiongraph source draft falcon-upgrade" in begun.output
    drafted = run("source", "draft", "falcon-upgrade")
    assert re.match(r"1\d claims proposed, \d+ of them somebody's word", drafted.output)
    folder = source_folder(invented, "falcon-upgrade")

    # What is left to do is told, and only of this source; the draft is in no build.
    checked = run("source", "check", "falcon-upgrade")
    assert checked.exit_code == 1
    assert "claims to review" in checked.output
    assert "source.ttl: source:falcon-upgrade: a value waits to be filled" in checked.output
    assert "parley" not in checked.output
    assert run("build").exit_code == 0
    assert not [row for row in claims_of(Graph.open()) if "falcon-upgrade" in row]

    # A draft that is taken over without review is refused, by check and by build.
    folder.draft_claims.rename(folder.claims)
    folder.entities.write_text(folder.draft_entities.read_text("utf-8"), "utf-8")
    folder.draft_entities.unlink()
    assert "take sg:proposed out" in run("check", "--no-reasoner").output
    refused = run("build")
    assert refused.exit_code == 1
    assert "is a proposal that nobody has reviewed" in refused.output

    # Reviewed: here by taking what is proposed as it is.
    kept = reviewed(folder.claims.read_text("utf-8"))
    folder.claims.write_text(kept, "utf-8")
    for path in (folder.metadata, folder.entities):
        text = path.read_text("utf-8").replace("to fill:", "filled:")
        text = re.sub(r"^id:\w+ a sg:ArmsDeal ;\n.*\n", "", text, flags=re.MULTILINE)
        path.write_text(text, "utf-8")
    checked = run("source", "check", "falcon-upgrade")
    assert checked.exit_code == 0, checked.output
    assert run("build").exit_code == 0
    assert [row for row in claims_of(Graph.open()) if "falcon-upgrade" in row]


def claims_of(graph: Graph) -> list[str]:
    return [str(row["claim"]) for row in graph.query("SELECT ?claim WHERE { ?claim a sg:Claim }")]


def reviewed(trig: str) -> str:
    """What a person makes of the draft: no proposals, no empty claims, no comments, own wording."""
    text = re.sub(r" ;\n        sg:proposed .*?\.\n\}", " .\n}", trig, flags=re.DOTALL)
    text = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)
    text = text.replace('"to fill: the claim in our own words"', '"A claim of the invented text."')
    text = text.replace(
        "sg:modality sg:Forecast ;", 'sg:modality sg:Forecast ;\n        sg:windowWording "later" ;'
    )
    # Claims that assert nothing, and the deal of which no supplier is known.
    for empty in re.findall(
        r"^claim:(\d+) \{\n(?:\}|    id:\w+ a sg:ArmsDeal)", text, flags=re.MULTILINE
    ):
        text = re.sub(
            rf"^claim:{empty} .*?^\}}\n(?=\n|\Z)", "", text, flags=re.DOTALL | re.MULTILINE
        )
    return text


def test_the_draft_is_trig_that_gives_every_proposal_its_reasons(
    run: Run, invented: DataFolders
) -> None:
    started(run)
    folder = source_folder(invented, "falcon-upgrade")
    store = Store()
    store.load(path=str(folder.draft_claims), format=RdfFormat.TRIG)
    store.load(path=str(folder.draft_entities), format=RdfFormat.TURTLE)
    rows = store.query(
        "PREFIX sg: <https://w3id.org/sanctiongraph/ontology#>"
        "SELECT ?claim (COUNT(?why) AS ?n) WHERE { GRAPH ?g { ?claim a sg:Claim ."
        " OPTIONAL { ?claim sg:proposed ?why } } } GROUP BY ?claim"
    )
    counts = [int(row["n"].value) for row in rows]  # type: ignore[union-attr]
    assert len(counts) > 12
    assert min(counts) >= 3  # by whom, whose word, how it is put


def test_a_second_draft_asks_first_and_is_the_same(run: Run, invented: DataFolders) -> None:
    started(run, "--label", "An invented report", "--published", "2022-02-04")
    folder = source_folder(invented, "falcon-upgrade")
    first = folder.draft_claims.read_bytes()
    again = run("source", "draft", "falcon-upgrade")
    assert again.exit_code == 1
    assert "--force" in again.output
    assert run("source", "draft", "falcon-upgrade", "--force").exit_code == 0
    assert folder.draft_claims.read_bytes() == first


def test_what_cannot_be_begun_is_said(run: Run, invented: DataFolders) -> None:
    root = invented.root
    (root / "empty.txt").write_text(" \n", "utf-8")
    (root / "latin.txt").write_bytes("Brélia".encode("latin-1"))
    (root / "crlf.txt").write_bytes(b"One.\r\nTwo.\r\n")
    for name, why in (("empty", "no text"), ("latin", "UTF-8"), ("crlf", "line feeds")):
        result = run("source", "new", str(root / f"{name}.txt"))
        assert result.exit_code == 1
        assert why in result.output
        assert not (invented.sources / name).exists()
    for options, why in (
        (("--name", "../out"), "is no name"),
        (("--name", "parley"), "is there already"),
        (("--published", "last year"), "Extended Date/Time"),
        (("--url", "javascript:alert"), "no address"),
        (("--language", 'en" ; sg:x "'), "no language"),
    ):
        result = run("source", "new", str(UNSEEN), *options)
        assert (result.exit_code, why in result.output) == (1, True), result.output


def test_another_text_than_the_source_has_is_not_drafted(run: Run, invented: DataFolders) -> None:
    run("source", "new", str(UNSEEN))
    moved = invented.root / "texts" / UNSEEN.name
    moved.write_text(UNSEEN.read_text("utf-8") + "More.\n", "utf-8")
    result = run("source", "draft", "falcon-upgrade", "--source-text", str(moved.parent))
    assert result.exit_code == 1
    assert "another text" in result.output
    assert run("source", "draft", "nothing").exit_code == 1


def test_difference_says_what_is_new(run: Run) -> None:
    started(run)
    shown = run("source", "diff", "falcon-upgrade")
    assert shown.exit_code == 0
    assert "contradicts nothing" in shown.output
    assert "new thing id:TobinMarsh" in shown.output
