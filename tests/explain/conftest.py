"""The real graph, and explanations of it made once: they are read only.

SSB is under sanctions, India is eligible and waits for a determination, Russia has no case.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sanctiongraph import Graph
from sanctiongraph.proof import Proof
from sanctiongraph.reasoner import Question, Reasoner

from ..real import real_home

Explain = Callable[..., Proof]


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return real_home(tmp_path_factory)


@pytest.fixture(scope="session")
def reasoner(home: Path) -> Reasoner:
    return Graph.open(home).reasoner


@pytest.fixture(scope="session")
def explain(reasoner: Reasoner) -> Explain:
    """The proof for a party under a rule; section 231(a) as of 6 December 2025 without more."""

    def explained(party: str, rule: str = "caatsa-231-a", **more: str) -> Proof:
        return reasoner.explain(Question.of(rule, party, **{"as_of": "2025-12-06", **more}))

    return explained


@pytest.fixture(scope="session")
def ssb(explain: Explain) -> Proof:
    return explain("SSB")


@pytest.fixture(scope="session")
def india(explain: Explain) -> Proof:
    return explain("India")
