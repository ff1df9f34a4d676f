"""The first source against its text, and its page against its claims.

The project does not hold the text: these tests look for it beside the project and skip where it
is absent.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from sanctiongraph.data import data_folders
from sanctiongraph.reading import DataFile, Kind, read_file
from sanctiongraph.vocabulary import term

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "graph" / "sources" / "turkey-us-caatsa-talks"
TEXT = ROOT.parent / "shared" / "sources" / "turkey-us-caatsa-talks.txt"


@pytest.fixture(scope="module")
def text() -> str:
    if not TEXT.is_file():
        pytest.skip(f"the source text is not at hand: {TEXT}")
    return TEXT.read_text("utf-8")


@pytest.fixture(scope="module")
def quads() -> list[Quad]:
    return read_file(DataFile(FOLDER / "claims.trig", Kind.CLAIMS))


def values(quads: list[Quad], predicate: str) -> dict[str, str]:
    return {
        quad.subject.value: quad.object.value
        for quad in quads
        if quad.predicate == term(predicate)
        and isinstance(quad.subject, NamedNode)
        and isinstance(quad.object, NamedNode | Literal)
    }


def spans(quads: list[Quad]) -> dict[str, tuple[int, int]]:
    """Start and end of each claim's span, by the claim's IRI."""
    place = values(quads, "sg:place")
    selector = values(quads, "oa:hasSelector")
    start, end = values(quads, "oa:start"), values(quads, "oa:end")
    return {
        claim: (int(start[selector[node]]), int(end[selector[node]]))
        for claim, node in place.items()
    }


def sentences(paragraph: str) -> list[tuple[int, int]]:
    """Start and end of each sentence: it ends at ``.`` or ``.”`` before a capital or the end."""
    found, begin = [], 0
    for match in re.finditer(r"[.?!][”\"]?(?=\s+[A-Z“]|\s*$)", paragraph):
        if re.search(r"\bU\.S\.$", paragraph[: match.end()]) and match.end() < len(paragraph):
            continue
        found.append((begin, match.end()))
        begin = match.end() + 1
    return found


def test_every_span_is_the_one_that_was_read(quads: list[Quad], text: str) -> None:
    hashes, place = values(quads, "sg:spanSha256"), values(quads, "sg:place")
    paragraphs = values(quads, "sg:paragraph")
    for claim, (start, end) in spans(quads).items():
        span = text[start:end]
        assert hashlib.sha256(span.encode()).hexdigest() == hashes[place[claim]], claim
        assert text.count("\n", 0, start) + 1 == int(paragraphs[claim]), claim
        assert "\n" not in span, claim


def test_every_sentence_carries_a_claim(quads: list[Quad], text: str) -> None:
    claimed = spans(quads).values()
    offset = 0
    seen = 0
    for paragraph in text.splitlines(keepends=True):
        for begin, end in sentences(paragraph.rstrip("\n")):
            seen += 1
            inside = [s for s in claimed if s[0] < offset + end and offset + begin < s[1]]
            assert inside, paragraph[begin:end]
        offset += len(paragraph)
    assert seen == 25


def test_words_outside_every_span_only_connect(quads: list[Quad], text: str) -> None:
    covered = [False] * len(text)
    for start, end in spans(quads).values():
        covered[start:end] = [True] * (end - start)
    rest = "".join(" " if inside else letter for letter, inside in zip(text, covered, strict=True))
    connecting = set(
        "400s a adding and as asked at barrack bloomberg by closer even far getting "
        "handle have he hinting how however in move of officials or publicly question "
        "reported rid russian s said saying so stressed system that the time to trump "
        "turkey u was when whether which".split()
    )
    words = {word for word in re.findall(r"\w+", rest.lower()) if not word.isdigit()}
    assert words <= connecting, words - connecting


def test_no_sentence_of_the_text_is_in_the_project(text: str) -> None:
    """Nine words in a row, in any file that git tracks, would be a copied sentence."""

    def runs(content: str) -> set[tuple[str, ...]]:
        words = re.findall(r"\w+", content.lower())
        return {tuple(words[i : i + 9]) for i in range(len(words) - 8)}

    wanted = runs(text)
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    for name in listed.stdout.split():
        path = ROOT / name
        if path.suffix in {".ttl", ".trig", ".md", ".py", ".rq", ".yaml"} and path.is_file():
            assert not wanted & runs(path.read_text("utf-8")), name


def test_the_number_of_claims(quads: list[Quad]) -> None:
    assert len(spans(quads)) == 80
    assert set(values(quads, "sg:modality").values()) == {
        term(f"sg:{name}").value
        for name in (
            "Fact",
            "ReportedSpeech",
            "QuotedSpeech",
            "Position",
            "Forecast",
            "Requirement",
            "Option",
        )
    }


def test_the_page_is_made_from_the_claims() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "generate.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert data_folders().root == ROOT
