"""The draft of a source: claims proposed from its text, each with its reasons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sanctiongraph.drafting.clauses import Clause, clauses
from sanctiongraph.drafting.knowledge import Knowledge, Known
from sanctiongraph.drafting.mention import Mention
from sanctiongraph.drafting.mentions import Reader
from sanctiongraph.drafting.modality import modality
from sanctiongraph.drafting.newcomers import Newcomer
from sanctiongraph.drafting.predicates import Assertion, assertions, noun_phrases
from sanctiongraph.drafting.predicates import Triple as Triple
from sanctiongraph.drafting.speech import Attributions
from sanctiongraph.drafting.text import Sentence, Span, sentences
from sanctiongraph.drafting.times import When, dates


@dataclass(frozen=True, slots=True)
class Proposed:
    """One claim proposed. No speakers: the source itself. ``by`` is who proposes it."""

    paragraph: int
    span: Span
    speakers: tuple[Known, ...]
    via: tuple[Known, ...]
    modality: str
    mentions: tuple[Mention, ...]
    dates: tuple[When, ...]
    assertions: tuple[Assertion, ...]
    reasons: tuple[str, ...]
    by: str = "rules"


@dataclass(frozen=True, slots=True)
class Draft:
    """All that is proposed for a text."""

    claims: tuple[Proposed, ...]
    newcomers: tuple[Newcomer, ...]
    mentions: tuple[Mention, ...]
    sentences: tuple[Sentence, ...]


def draft(known: Knowledge, text: str) -> Draft:
    """The draft of a text by the rules of this package. The same text gives the same draft."""
    reader, attributions = Reader(known, text), Attributions(text)
    found: list[Proposed] = []
    everything: list[Mention] = []
    read = sentences(text)
    for sentence in read:
        mentions = reader.read(sentence)
        said = attributions.read(sentence, mentions)
        for one in said:
            reader.spoke(one.speakers)
        when = dates(text, sentence)
        everything += mentions
        for clause in clauses(text, sentence, said):
            number = len(found) + 1
            found.append(_proposed(known, sentence, clause, mentions, when, number))
        for phrase in noun_phrases(known, text, mentions):
            inside = tuple(one for one in mentions if phrase.span.covers(one.span))
            first = phrase.triples[0]
            holds = Assertion(
                first.subject, "", first.subject in known.things, phrase.triples, phrase.reason
            )
            reasons = (phrase.reason, "the source itself: it is said in passing")
            found.append(
                Proposed(
                    sentence.paragraph, phrase.span, (), (), "Fact", inside, (), (holds,), reasons
                )
            )
    return Draft(tuple(in_order(found)), tuple(reader.newcomers), tuple(everything), tuple(read))


def in_order(claims: Iterable[Proposed]) -> list[Proposed]:
    """Claims in the order of their places, the longer first."""
    return sorted(claims, key=lambda one: (one.span.start, -one.span.end, one.by))


def _proposed(
    known: Knowledge,
    sentence: Sentence,
    clause: Clause,
    mentions: list[Mention],
    when: list[When],
    number: int,
) -> Proposed:
    kind, why = modality(sentence, clause)
    said = clause.attribution
    # An option or requirement that the source itself names is the source's own word.
    speakers = said.speakers if said else ()
    whose = said.reason if said else "the source itself: nobody else is said to say it"
    inside = tuple(one for one in mentions if clause.span.covers(one.span))
    return Proposed(
        paragraph=sentence.paragraph,
        span=clause.span,
        speakers=speakers,
        via=said.via if said else (),
        modality=kind,
        mentions=inside,
        dates=tuple(one for one in when if clause.span.covers(one.span)),
        assertions=tuple(assertions(known, sentence, clause.span, mentions, f"Draft{number:03}")),
        reasons=(f"speaker: {whose}", f"modality {kind}: {why}"),
    )
