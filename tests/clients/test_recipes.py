"""The recipes of ``docs/clients.md`` are run as they stand there, against the real graph."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.gateways import serving
from tests.real import real_home

#: What they share takes seconds to make.
pytestmark = pytest.mark.xdist_group("recipes")

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "clients.md").read_text("utf-8")
ADDRESS = "http://127.0.0.1:8080"
_BLOCKS = re.compile(r"```(sh|python)\n([^`]*)```\n\n```text\n([^`]*)```")
#: Heading, language, code, and what it prints.
RECIPES = {
    section.partition("\n")[0]: match.groups()
    for section in PAGE.split("\n## ")
    if (match := _BLOCKS.search(section))
}
QUICK = ["curl", "SPARQLWrapper", "rdflib", "pandas", "OpenRefine"]


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(real_home(tmp_path_factory)) as address:
        yield address


def test_no_recipe_is_left_out() -> None:
    assert RECIPES.keys() == {*QUICK, "Comunica"}


def printed(name: str, gateway: str, folder: Path) -> str:
    language, code, _ = RECIPES[name]
    assert ADDRESS in code
    command = ["bash", "-c"] if language == "sh" else [sys.executable, "-c"]
    done = subprocess.run(
        [*command, code.replace(ADDRESS, gateway)],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.replace("\r\n", "\n")


@pytest.mark.parametrize("name", QUICK)
def test_a_recipe_prints_what_the_page_says(name: str, gateway: str, tmp_path: Path) -> None:
    if name == "curl" and shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    assert printed(name, gateway, tmp_path) == RECIPES[name][2]


@pytest.mark.npm
def test_comunica(gateway: str, tmp_path: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed")
    package = re.search(r"`npm install (\S+)`", PAGE)
    assert package
    install = [npm, "install", "--silent", "--no-audit", "--no-fund", package[1]]
    done = subprocess.run(
        install, cwd=tmp_path, capture_output=True, text=True, timeout=600, check=False
    )
    if done.returncode:
        pytest.skip(f"npm cannot install {package[1]}: {done.stderr[-500:]}")
    assert printed("Comunica", gateway, tmp_path).strip() == RECIPES["Comunica"][2].strip()


def test_the_notebook(gateway: str, tmp_path: Path) -> None:
    """In a process of its own: kernels and event loops leave nothing behind here."""
    notebook = ROOT / "docs" / "notebooks" / "measures.ipynb"
    code = (
        "import sys, nbformat, nbclient\n"
        "book = nbformat.read(sys.argv[1], as_version=4)\n"
        "nbclient.NotebookClient(book, timeout=120).execute()\n"
        "for cell in book.cells:\n"
        "    for output in cell.get('outputs', []):\n"
        "        print(output['data']['text/plain'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(notebook)],
        cwd=tmp_path,
        env={**os.environ, "SANCTIONGRAPH_ENDPOINT": f"{gateway}/sparql"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "235(a)(12)" in done.stdout
    assert "ReportedSpeech" in done.stdout


def test_the_notebook_is_kept_without_outputs() -> None:
    text = (ROOT / "docs" / "notebooks" / "measures.ipynb").read_text("utf-8")
    assert '"outputs": []' in text
    assert "execute_result" not in text


def test_a_format_under_both_names_is_one(gateway: str) -> None:
    """As SPARQLWrapper sends it; two that differ are refused."""
    asked = {"query": "ASK {}", "format": "xml", "output": "xml"}
    same = httpx.get(f"{gateway}/sparql", params=asked, timeout=60)
    assert same.headers["content-type"].startswith("application/sparql-results+xml")
    assert (
        httpx.get(f"{gateway}/sparql", params={**asked, "output": "json"}, timeout=60).status_code
        == 400
    )
