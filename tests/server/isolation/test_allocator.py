"""What readers take memory with: another library where there is one, and the caps hold with both."""

from __future__ import annotations

import ctypes.util
import sys
from pathlib import Path

import pytest

from sanctiongraph.errors import BadInput
from sanctiongraph.settings import from_environment

from ..conftest import publish_nquads
from .conftest import SMALL, SMALL_ANSWER, nquads, serving

NAME = "SANCTIONGRAPH_ALLOCATOR"
HUNGRY = "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="readers preload on Linux only")


@pytest.mark.parametrize("allocator", ["jemalloc", "system", "no-such-library"])
def test_caps_hold_with_either(tmp_path: Path, allocator: str) -> None:
    if allocator == "jemalloc" and not ctypes.util.find_library("jemalloc"):
        pytest.skip("no jemalloc here (apt-get install libjemalloc2)")
    publish_nquads(tmp_path, nquads(), "a" * 64)
    given = {"READERS": "1", "QUERY_MEMORY_MB": "1024", "ALLOCATOR": allocator}
    with serving(tmp_path, **given) as server, server.client() as client:
        maps = [Path(f"/proc/{pid}/maps").read_text() for pid in server.readers()]
        assert maps
        assert {"libjemalloc" in text for text in maps} == {allocator == "jemalloc"}
        refused = client.post("/sparql", data={"query": HUNGRY, "timeout": "30"})
        assert refused.status_code == 503
        assert refused.json()["type"].endswith("memory-exceeded"), refused.json()
        answer = client.post("/sparql", data={"query": SMALL, "format": "csv"})
        assert answer.text.split("\r\n")[1] == SMALL_ANSWER


def test_a_path_has_to_lead_to_a_file(tmp_path: Path) -> None:
    library = tmp_path / "library.so"
    for wrong in (str(library), "a library", "one:two"):
        with pytest.raises(BadInput, match=NAME):
            from_environment({NAME: wrong})
    library.touch()
    assert from_environment({NAME: str(library)}).allocator == str(library)
    assert from_environment({}).allocator == "jemalloc"
    assert from_environment({NAME: "system"}).allocator is None
