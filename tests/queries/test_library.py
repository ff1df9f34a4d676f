"""Each file of the query library, by itself."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions

from sanctiongraph import Graph
from sanctiongraph.library import read_query
from sanctiongraph.vocabulary import PREFIXES

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "queries").glob("*.rq"))
#: Those that ask no other endpoint; tests/links/test_federated.py has the others.
ALONE = [path for path in FILES if not read_query(path).federated]
PAGE = (ROOT / "docs" / "competency.md").read_text("utf-8")
LINKS = (ROOT / "docs" / "links.md").read_text("utf-8")

each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
each_alone = pytest.mark.parametrize("path", ALONE, ids=lambda path: path.stem)


def code(path: Path) -> str:
    """The query without comments, header and strings."""
    lines = (
        line for line in path.read_text("utf-8").splitlines() if not line.lstrip().startswith("#")
    )
    return re.sub(r'"[^"]*"', '""', "\n".join(lines))


@each_alone
def test_runs_with_its_defaults_and_finds_something(path: Path, graph: Graph) -> None:
    table = graph.run(path.stem)
    assert len(table) > 0
    assert len(set(table.columns)) == len(table.columns)


@each_alone
def test_gives_no_row_twice(path: Path, graph: Graph) -> None:
    rows = graph.run(path.stem).rows
    assert len(set(rows)) == len(rows)


@each_alone
def test_answers_at_once(path: Path, graph: Graph) -> None:
    """Far above what any takes (below 0.1 s), far below what a bad join order costs (10 s)."""
    started = time.process_time()
    graph.run(path.stem)
    assert time.process_time() - started < 1


@each_alone
def test_gives_the_same_answer_again(path: Path, graph: Graph) -> None:
    assert graph.run(path.stem) == graph.run(path.stem)


@each_file
def test_metadata_is_complete(path: Path) -> None:
    query = read_query(path)
    assert query.title
    assert not query.title.endswith(".")
    assert query.question.endswith("?")
    assert query.tags
    for parameter in query.parameters:
        assert parameter.description
        assert parameter.default is not None


@each_file
def test_can_be_pasted_into_any_client(path: Path, graph: Graph) -> None:
    """It declares its prefixes itself, as SPARQL 1.1 wants, and only those it uses."""
    bound = read_query(path).bind({})
    if path in ALONE:
        assert isinstance(graph.store.query(bound), QuerySolutions)
    body = re.sub(r"^PREFIX .*$", "", code(path), flags=re.MULTILINE)
    declared = dict(re.findall(r"^PREFIX (\w+): <([^>]+)>$", path.read_text("utf-8"), re.MULTILINE))
    assert declared == {name: PREFIXES[name] for name in declared}
    assert set(declared) == {name for name in PREFIXES if re.search(rf"(?<![\w:?$]){name}:", body)}


@each_file
def test_says_in_which_order_rows_come(path: Path) -> None:
    assert code(path).rstrip().splitlines()[-1].startswith("ORDER BY ")


@each_file
def test_is_named_in_the_competency_questions(path: Path) -> None:
    page = PAGE if path in ALONE else LINKS
    assert f"(../queries/{path.name})" in page


def test_titles_and_questions_are_not_used_twice() -> None:
    queries = [read_query(path) for path in FILES]
    assert len({query.title for query in queries}) == len(queries)
    assert len({query.question for query in queries}) == len(queries)
