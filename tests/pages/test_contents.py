"""What pages say, held against the graph."""

from __future__ import annotations

import re
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from flask.testing import FlaskClient
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from sanctiongraph import Graph
from sanctiongraph.reasoner import Reasoner
from sanctiongraph.settings import Settings, from_environment
from sanctiongraph.vocabulary import BASE, CLAIMS_GRAPH, PREFIXES, term
from sanctiongraph_server.app import create_app
from sanctiongraph_server.linked.pages import Page, ShowThing
from sanctiongraph_server.linked.sources import source_shown
from sanctiongraph_server.linked.values import Values
from sanctiongraph_server.readers.desk import OpenSnapshot
from sanctiongraph_server.tasks import Opened, R

from ..live_store import LiveStore
from ..real import real_home

TEXTS = Path(__file__).parents[3] / "shared" / "sources"
ARTICLE = NamedNode(PREFIXES["source"] + "turkey-us-caatsa-talks")
MANY = 10_000


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenSnapshot]:
    home = real_home(tmp_path_factory)
    snapshot = OpenSnapshot(from_environment({"SANCTIONGRAPH_HOME": str(home)}), None)
    yield snapshot
    snapshot.close()


def shown(opened: OpenSnapshot, name: str, **more: str) -> Page:
    return ShowThing(BASE + name, 1, **more).perform(opened)


def test_contested_are_the_same_things_as_in_the_query_library(
    opened: OpenSnapshot, graph: Graph
) -> None:
    """The query has one kind more: an order of events that takes three claims."""
    table = graph.run("conflicting-claims")
    columns = [
        table.columns.index(name) for name in ("kind", "thing", "property", "claimA", "claimB")
    ]
    expected: dict[tuple[str, str], set[str]] = {}
    for row in table.rows:
        kind, thing, name, first, second = (getattr(row[one], "value", "") for one in columns)
        if kind != "order of events":
            expected.setdefault((thing, name), set()).update((first, second))
    assert expected
    found: dict[tuple[str, str], set[str]] = {}
    for thing in {thing for thing, _ in expected}:
        known = shown(opened, thing.removeprefix(BASE)).known
        assert known is not None
        for contest in known.own.contests:
            claims = {claim.claim.iri for side in contest.sides for claim in side.claims}
            found[thing, contest.property.iri] = claims
    assert found == expected


def test_what_only_somebody_says_is_told_from_what_is_accepted(opened: OpenSnapshot) -> None:
    accepted = {
        str(quad.object)
        for quad in opened.store.quads_for_pattern(
            NamedNode(BASE + "id/Turkey"), term("sg:approaches"), None, DefaultGraph()
        )
    }
    known = shown(opened, "id/Turkey").known
    assert known is not None
    row = next(row for row in known.own.rows if row.property.iri == term("sg:approaches").value)
    assert {f"<{one.value.iri}>" for one in row.values if one.accepted} == accepted
    assert any(not one.accepted for one in row.values)


def test_facts_stand_with_what_they_mean(opened: OpenSnapshot) -> None:
    known = shown(opened, "id/SSB").known
    assert known is not None
    by_name = {group.name: group for group in known.groups}
    assert list(by_name) == ["offices", "deals", "measures"]
    measures = shown(opened, "id/SSB", group="measures").known
    assert measures is not None
    assert [group.name for group in measures.groups] == ["measures"]
    group = measures.groups[0]
    assert group.in_all == by_name["measures"].in_all == len(group.facts)
    assert all(fact.claims for fact in group.facts)


def test_a_source_stands_paragraph_by_paragraph(opened: OpenSnapshot) -> None:
    source = source_shown(opened, Values(opened.store), ARTICLE, 1)
    claims = opened.store.quads_for_pattern(None, term("sg:source"), ARTICLE, DefaultGraph())
    assert source.claims_in_all == len(list(claims))
    assert sum(len(one.claims) for one in source.paragraphs) == source.claims_in_all
    assert [one.number for one in source.paragraphs] == sorted(
        {one.number for one in source.paragraphs}
    )
    assert not any(one.pieces for one in source.paragraphs)
    assert "does not hold the texts" in source.without_text


@pytest.mark.texts
def test_the_text_is_shown_where_the_operator_has_it(opened: OpenSnapshot) -> None:
    if not (TEXTS / "turkey-us-caatsa-talks.txt").is_file():
        pytest.skip("the source texts are not at hand: the project does not hold them")
    home = str(opened.settings.home)
    settings = from_environment(
        {"SANCTIONGRAPH_HOME": home, "SANCTIONGRAPH_SOURCE_TEXT": str(TEXTS)}
    )
    with_text = OpenSnapshot(settings, None)
    text = (TEXTS / "turkey-us-caatsa-talks.txt").read_text("utf-8")
    source = source_shown(with_text, Values(with_text.store), ARTICLE, 1)
    whole = "\n".join("".join(piece.text for piece in one.pieces) for one in source.paragraphs)
    lines = [line for line in text.split("\n") if line.strip()]
    assert [line for line in whole.split("\n") if line.strip()] == lines
    claim = shown(with_text, "claim/turkey-us-caatsa-talks/039").claim
    assert claim is not None
    assert claim.context is not None
    assert claim.context.before + claim.context.span + claim.context.after in lines
    marked = [
        piece.text for one in source.paragraphs for piece in one.pieces if "039" in piece.claims
    ]
    assert "".join(marked) == claim.context.span
    with_text.close()


def test_an_act_has_all_its_provisions_rules_and_cases(opened: OpenSnapshot) -> None:
    law = shown(opened, "law/us/pl/115/44").law
    assert law is not None
    iri = NamedNode(BASE + "law/us/pl/115/44")
    quads = opened.store.quads_for_pattern(None, term("sg:provisionOf"), iri, DefaultGraph())
    assert {one.thing.iri for one in law.provisions} == {quad.subject.value for quad in quads}
    sections = [one.thing.iri.rpartition("/s")[2].partition("/")[0] for one in law.provisions]
    assert sections == sorted(sections, key=int)
    assert all(one.mark for one in law.provisions)
    rules = {rule.name for one in law.provisions for rule in one.rules}
    assert {"caatsa-231-a", "caatsa-231-b", "caatsa-235-count"} <= rules
    rule = shown(opened, "law/caatsa-231-a").law
    assert rule is not None
    assert rule.rule is not None
    node = NamedNode(BASE + "law/caatsa-231-a")
    cases = opened.store.quads_for_pattern(None, term("sg:assessedRule"), node, DefaultGraph())
    assert len(rule.rule.outcomes) == len(list(cases))
    assert len(rule.rule.exceptions) == 6


def test_each_question_of_the_start_page_has_an_answer(address: str) -> None:
    with httpx.Client(base_url=address, timeout=60, headers={"Accept": "text/html"}) as client:
        page = client.get("/").text
        listed = re.findall(r'<li><a href="([^"]+)">[^<]*\?</a>', page)
        assert len(listed) == 5
        for link in listed:
            answer = client.get(link.replace("&amp;", "&"))
            assert answer.status_code == 200
            assert len(re.findall(r"<tr>|<article", answer.text)) > 3, link


class Kept(LiveStore):
    """One that does not change, so that what is made of it is made once, as a reader does."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._made: dict[Any, Any] = {}

    def once(self, make: Callable[[Opened], R]) -> R:
        if make not in self._made:
            self._made[make] = make(self)
        made: R = self._made[make]
        return made

    def reasoner(self) -> Reasoner:
        return self.once(lambda opened: Reasoner.of(opened.store, opened.snapshot.name))


@pytest.fixture
def crowded() -> FlaskClient:
    """A graph in memory in which 10,000 claims speak of one state."""
    live = Kept(from_environment({"SANCTIONGRAPH_HOME": "nowhere"}))
    default = DefaultGraph()
    state, source = NamedNode(BASE + "id/Crowd"), NamedNode(BASE + "source/crowd")

    def quads() -> Iterator[Quad]:
        yield Quad(state, term("rdf:type"), term("sg:State"), default)
        yield Quad(state, term("rdfs:label"), Literal("<b>Crowd</b>", language="en"), default)
        for number in range(MANY):
            claim = NamedNode(f"{BASE}claim/crowd/{number:05}")
            event = NamedNode(f"{BASE}id/Event{number:05}")
            place = NamedNode(f"{claim.value}#place")
            for graph in (claim, default):
                yield Quad(event, term("rdf:type"), term("sg:Statement"), graph)
                yield Quad(event, term("sg:actor"), state, graph)
            for graph in (CLAIMS_GRAPH, default):
                yield Quad(claim, term("rdf:type"), term("sg:Claim"), graph)
                yield Quad(claim, term("sg:source"), source, graph)
                yield Quad(claim, term("sg:speaker"), source, graph)
                yield Quad(claim, term("sg:modality"), term("sg:Fact"), graph)
                yield Quad(claim, term("sg:wording"), Literal(f"<i>{number}</i>"), graph)
                yield Quad(claim, term("sg:place"), place, graph)
                yield Quad(claim, term("sg:mentions"), state, graph)

    live.store.bulk_extend(quads())
    return create_app(live.settings, readers=live).test_client()


def test_ten_thousand_claims_come_in_pages(crowded: FlaskClient) -> None:
    """Seconds are those of a processor: all is done in this process, and others may be at work."""
    crowded.get("/id/Crowd.html")  # the templates are read
    begun = time.process_time()
    first = crowded.get("/id/Crowd.html").text
    seconds = time.process_time() - begun
    assert seconds < 1
    assert "Claims about it: 10000" in first
    assert "Page 1 of 400" in first
    assert "More points to this than is shown here" in first
    begun = time.process_time()
    last = crowded.get("/id/Crowd.html?page=400").text
    assert time.process_time() - begun < 1
    assert "09999" in last
    assert "&lt;i&gt;9999&lt;/i&gt;" in last
    assert "<b>Crowd" not in first
    begun = time.process_time()
    group = crowded.get("/id/Crowd.html?group=statements&page=2").text
    assert time.process_time() - begun < 1
    assert "Page 2 of 50" in group


def test_no_box_of_a_drawing_lies_over_another(opened: OpenSnapshot) -> None:
    for name in ("id/SSB", "id/Turkey", "id/TomBarrack", "id/TurkeyS400Deal"):
        drawing = shown(opened, name).drawing
        assert drawing is not None
        assert 1 < len(drawing.boxes) <= 16
        middle = (drawing.x, drawing.y, drawing.middle_width, drawing.middle_height)
        places = [(box.x, box.y, box.width, box.height) for box in drawing.boxes] + [middle]
        for number, (x, y, width, height) in enumerate(places):
            assert 0 <= x <= x + width <= drawing.width
            assert 0 <= y <= y + height <= drawing.height
            for other_x, other_y, other_width, other_height in places[:number]:
                beside = x + width <= other_x or other_x + other_width <= x
                assert beside or y + height <= other_y or other_y + other_height <= y


def test_neighbours_are_a_file_of_their_own(address: str) -> None:
    listed = httpx.get(f"{address}/neighbours.json", params={"thing": "SSB"}, timeout=60).json()
    names = {one["thing"]["iri"].removeprefix(BASE): one for one in listed["beside"]}
    assert "agency of" in names["id/Turkey"]["ways"]
    drawn = httpx.get(
        f"{address}/neighbours.svg", params={"thing": "SSB", "lang": "tr"}, timeout=60
    )
    assert drawn.headers["content-type"].startswith("image/svg+xml")
    root = ElementTree.fromstring(drawn.text)
    links = {link.get("href") for link in root.iter("{http://www.w3.org/2000/svg}a")}
    assert f"{address}/id/Turkey?lang=tr" in links
    assert len(links) == len(listed["beside"])
    assert "Türkiye" in drawn.text


def test_names_of_neighbours_are_drawn_whole(address: str) -> None:
    asked = {"params": {"thing": "SSB"}, "timeout": 60}
    listed = httpx.get(f"{address}/neighbours.json", **asked).json()  # type: ignore[arg-type]
    drawn = httpx.get(f"{address}/neighbours.svg", **asked)  # type: ignore[arg-type]
    texts = ElementTree.fromstring(drawn.text).iter("{http://www.w3.org/2000/svg}text")
    names = ["".join(one.itertext()) for one in texts if one.get("class") == "box-name"]
    assert names == [one["thing"]["text"] for one in listed["beside"]]
    assert max(map(len, names)) > 30  # letters of a line


def test_search_is_by_names_in_any_language(address: str) -> None:
    def found(text: str, **more: str) -> str:
        answer = httpx.get(f"{address}/search", params={"text": text, **more}, timeout=60)
        return answer.text.partition("<h1>")[2]

    # Turkish has two letters i; a name is found by either, and by an alias.
    assert 'href="/id/SSB"' in found("SAVUNMA SANAYİİ MÜSTEŞARLIĞI")
    assert "also <span" in found("ssm")
    assert "Names like it" in found("Barak")
    assert "Tom Barrack" in found("Barak")
    assert "Nothing bears a name like this" in found("qqqqqqqq")
    assert "&lt;script&gt;" in found("<script>")
    assert 'lang="tr">Savunma Sanayii Başkanlığı</a>' in found("ssb", lang="tr")
