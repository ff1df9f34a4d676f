"""The README's queries give the answers printed in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sanctiongraph import Graph

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
EXAMPLES = re.findall(
    r"--data-urlencode 'query=\n(.*?)'\n```\n\n```csv\n(.*?)```", README, flags=re.DOTALL
)


def test_the_readme_has_three_queries() -> None:
    assert len(EXAMPLES) == 3


@pytest.mark.parametrize(("sparql", "answer"), EXAMPLES)
def test_a_query_gives_the_answer_printed(graph: Graph, sparql: str, answer: str) -> None:
    assert graph.query(sparql).to_csv() == answer
