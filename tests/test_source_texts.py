"""The sources against their texts, and their pages against their claims.

The project does not hold the texts: these tests look for them beside the project and skip where
they are absent.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from sanctiongraph.data import data_folders
from sanctiongraph.reading import DataFile, Kind, read_file
from sanctiongraph.vocabulary import term

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "graph" / "sources"
TEXTS = ROOT.parent / "shared" / "sources"
EVERY_MODALITY = {
    "Fact",
    "ReportedSpeech",
    "QuotedSpeech",
    "Position",
    "Forecast",
    "Requirement",
    "Option",
}


@dataclass(frozen=True)
class Expected:
    """What a source has: sentences, claims, modalities, and words that no claim's span needs."""

    name: str
    sentences: int
    claims: int
    modalities: set[str]
    connecting: set[str]


EXPECTED = (
    Expected(
        "turkey-us-caatsa-talks",
        25,
        80,
        EVERY_MODALITY,
        set(
            "400s a adding and as asked at barrack bloomberg by closer even far getting "
            "handle have he hinting how however in move of officials or publicly question "
            "reported rid russian s said saying so stressed system that the time to trump "
            "turkey u was when whether which".split()
        ),
    ),
    Expected(
        "india-s400-delivery",
        9,
        31,
        {"Fact", "ReportedSpeech", "Forecast"},
        set(
            "a also as even it in new delhi quoted said source stating that when which the".split()
        ),
    ),
)


@pytest.fixture(scope="module", params=EXPECTED, ids=lambda one: one.name)
def expected(request: pytest.FixtureRequest) -> Expected:
    found: Expected = request.param
    return found


@pytest.fixture(scope="module")
def text(expected: Expected) -> str:
    path = TEXTS / f"{expected.name}.txt"
    if not path.is_file():
        pytest.skip(f"the source text is not at hand: {path}")
    return path.read_text("utf-8")


@pytest.fixture(scope="module")
def quads(expected: Expected) -> list[Quad]:
    return read_file(DataFile(SOURCES / expected.name / "claims.trig", Kind.CLAIMS))


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


def test_every_sentence_carries_a_claim(expected: Expected, quads: list[Quad], text: str) -> None:
    claimed = spans(quads).values()
    offset = 0
    seen = 0
    for paragraph in text.splitlines(keepends=True):
        for begin, end in sentences(paragraph.rstrip("\n")):
            seen += 1
            inside = [s for s in claimed if s[0] < offset + end and offset + begin < s[1]]
            assert inside, paragraph[begin:end]
        offset += len(paragraph)
    assert seen == expected.sentences


def test_words_outside_every_span_only_connect(
    expected: Expected, quads: list[Quad], text: str
) -> None:
    covered = [False] * len(text)
    for start, end in spans(quads).values():
        covered[start:end] = [True] * (end - start)
    rest = "".join(" " if inside else letter for letter, inside in zip(text, covered, strict=True))
    words = {word for word in re.findall(r"\w+", rest.lower()) if not word.isdigit()}
    assert words <= expected.connecting, words - expected.connecting


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


def test_the_number_of_claims(expected: Expected, quads: list[Quad]) -> None:
    assert len(spans(quads)) == expected.claims
    modalities = {term(f"sg:{name}").value for name in expected.modalities}
    assert set(values(quads, "sg:modality").values()) == modalities


def test_every_source_is_expected_and_has_a_page() -> None:
    names = {one.name for one in EXPECTED}
    assert {path.parent.name for path in SOURCES.glob("*/claims.trig")} == names
    assert {path.stem for path in (ROOT / "docs" / "sources").glob("*.md")} == names


def test_the_pages_are_made_from_the_claims() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "generate.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert data_folders().root == ROOT
