"""What the rules find in single sentences: whose word it is, how it is put, what is meant, when."""

from __future__ import annotations

import pytest

from sanctiongraph.dates import bounds
from sanctiongraph.drafting.draft import Proposed, draft
from sanctiongraph.drafting.knowledge import Knowledge
from sanctiongraph.drafting.text import sentences
from sanctiongraph.drafting.times import dates


def nearest(known: Knowledge, text: str, words: str) -> Proposed:
    """The proposed claim whose place is most like these words."""
    at = text.index(words)
    best: Proposed = max(
        draft(known, text).claims,
        key=lambda one: (
            min(one.span.end, at + len(words))
            - max(one.span.start, at)
            - abs(one.span.start - at) / 1000
        ),
    )
    return best


@pytest.mark.parametrize(
    ("text", "words", "speakers", "via", "modality"),
    [
        (
            "The deal is off, Greek officials said on Monday.",
            "The deal is off",
            {"Greek officials"},
            set(),
            "ReportedSpeech",
        ),
        (
            "According to Reuters, Egypt has paid.",
            "Egypt has paid",
            {"Reuters"},
            set(),
            "ReportedSpeech",
        ),
        (
            "Vladimir Putin told TASS that Russia would deliver the S-400 soon.",
            "Russia would deliver the S-400 soon",
            {"Vladimir Putin"},
            {"TASS"},
            "Forecast",
        ),
        (
            "“We will not sign,” said Vladimir Putin.",
            "“We will not sign,”",
            {"Vladimir Putin"},
            set(),
            "Forecast",
        ),
        (
            "“Nothing was signed,” said Vladimir Putin.",
            "“Nothing was signed,”",
            {"Vladimir Putin"},
            set(),
            "QuotedSpeech",
        ),
        (
            "Cyprus has rejected the plan and accused Turkey of delay.",
            "rejected the plan",
            {"Cyprus"},
            set(),
            "Position",
        ),
        (
            "Serbia bought the system in 2019.",
            "Serbia bought the system",
            set(),
            set(),
            "Fact",
        ),
        (
            "Any transfer must be approved by Russia.",
            "Any transfer must be approved by Russia",
            set(),
            set(),
            "Requirement",
        ),
        (
            "Reports that Algeria had paid were wrong.",
            "Algeria had paid",
            {"unnamed reports"},
            set(),
            "ReportedSpeech",
        ),
        (
            "Tom Barrack spoke in Doha. He said that nothing had changed.",
            "nothing had changed",
            {"Tom Barrack"},
            set(),
            "ReportedSpeech",
        ),
    ],
)
def test_whose_word_it_is(
    real: Knowledge, text: str, words: str, speakers: set[str], via: set[str], modality: str
) -> None:
    found = nearest(real, text, words)
    assert {one.label for one in found.speakers} == speakers
    assert {one.label for one in found.via} == via
    assert found.modality == modality


@pytest.mark.parametrize(
    ("text", "words", "thing"),
    [
        ("Türkiye Cumhuriyeti paid.", "Türkiye Cumhuriyeti", "Turkey"),
        ("The S-400s arrived.", "S-400s", "S400"),
        ("The S 400 arrived.", "S 400", "S400"),
        ("Ankara paid.", "Ankara", "Turkey"),
        ("They met in Ankara.", "Ankara", "Ankara"),
        ("Moscow and Cairo agreed; the Russian offer stands.", "Russian", "Russia"),
        ("The North Korean army paraded.", "North Korean", "NorthKorea"),
        ("Putin left.", "Putin", "VladimirPutin"),
        ("The F-35 production program goes on.", "program", "F35Programme"),
        ("Greece bought the S-300. The system is on Crete.", "system", "S300"),
        ("Israeli and Greek officials met.", "Israeli and Greek officials", "IsraeliOfficials"),
    ],
)
def test_what_is_meant(real: Knowledge, text: str, words: str, thing: str) -> None:
    start = text.index(words)
    meant = {
        one.thing.iri.rsplit("/", 1)[-1]
        for one in draft(real, text).mentions
        if (one.span.start, one.span.end) == (start, start + len(words))
    }
    assert thing in meant


@pytest.mark.parametrize("text", ["Give us more.", "It is patriot games.", "He may pay."])
def test_common_words_are_no_names(real: Knowledge, text: str) -> None:
    """The pronoun is not the United States, the adjective not the missile."""
    assert [one.thing.label for one in draft(real, text).mentions if not one.back] == []


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("It was signed on 5 October 2018.", "2018-10-05"),
        ("It was signed on October 5, 2018.", "2018-10-05"),
        ("It was signed on 2018-10-05.", "2018-10-05"),
        ("It was signed in October 2018.", "2018-10"),
        ("It was signed about 2018.", "2018~"),
        ("Between 2016 and 2018 it was signed.", "2016/2018"),
        ("It was signed in September.", "XXXX-09"),
        ("It was signed on 5 October.", "XXXX-10-05"),
        ("It will be signed in the next four to six months.", ""),
        ("It was signed on Sunday.", ""),
    ],
)
def test_dates_as_edtf(text: str, edtf: str) -> None:
    found = [one.edtf for one in dates(text, sentences(text)[0])]
    assert found == [edtf]
    if edtf:
        bounds(edtf)


@pytest.mark.parametrize(
    "text", ["It cost $2018 and 1,999 crowns.", "Flight 370 and the S-2000.", "In 12000 it was."]
)
def test_numbers_are_no_dates(text: str) -> None:
    assert dates(text, sentences(text)[0]) == []


def test_a_deal_that_the_graph_knows_is_proposed_before_a_new_one(real: Knowledge) -> None:
    (claim,) = draft(real, "India bought the S-400 from Russia.").claims
    (assertion,) = claim.assertions
    assert assertion.known
    assert assertion.thing.endswith("/IndiaS400Deal")
    assert {
        (t.predicate.rsplit("#", 1)[-1], t.object.rsplit("/", 1)[-1]) for t in assertion.triples
    } >= {
        ("recipient", "India"),
        ("supplier", "Russia"),
        ("item", "S400"),
    }


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "a",
        "“",
        "said said said",
        "“ ” “ said. He said “it” that,",
        "according to",
        "... !!! ???",
        "😀 said 😀 in İstanbul’da",
        "of of of the the and and told",
        "Reports of",
        "U.S.",
        "X, who said which, because after before Turkey",
        "the " * 400 + "U.S. said " * 100,
    ],
)
def test_no_text_breaks_a_draft(real: Knowledge, text: str) -> None:
    made = draft(real, text)
    assert draft(real, text) == made
    for one in made.claims:
        assert 0 <= one.span.start < one.span.end <= len(text)
        assert "\n" not in text[one.span.start : one.span.end]
