"""How a clause is put forward: as fact, as speech, as a stance, a forecast, a requirement, an option."""

from __future__ import annotations

from sanctiongraph.drafting import english
from sanctiongraph.drafting.attribution import Manner
from sanctiongraph.drafting.clauses import Clause
from sanctiongraph.drafting.text import Sentence, Span, Word

#: As much of a clause has to stand in quotation marks for it to be quoted.
_QUOTED = 0.5


def modality(sentence: Sentence, clause: Clause) -> tuple[str, str]:
    """The modality, as a name such as ``ReportedSpeech``, and why."""
    words = sentence.within(clause.span)
    if word := _requiring(words):
        return "Requirement", f'"{word}"'
    said = clause.attribution
    if _one_of_several(sentence, clause.span):
        return "Option", 'one of several after "whether", joined by "or"'
    if said is None:
        ahead = next((one.text for one in words if one.plain in ("will", "shall")), "")
        return ("Forecast", f'"{ahead}"') if ahead else ("Fact", "the source states it")
    if said.manner is Manner.STANCE:
        return "Position", said.reason
    ahead = next((one.text for one in words if one.plain in english.COMING), "")
    if said.manner is Manner.AHEAD or ahead:
        return "Forecast", f'"{ahead}"' if ahead else said.reason
    share = sum(clause.span.shared(one) for one in sentence.quotes)
    if share >= _QUOTED * (clause.span.end - clause.span.start):
        return "QuotedSpeech", "in quotation marks"
    return "ReportedSpeech", said.reason


def _requiring(words: tuple[Word, ...]) -> str:
    for at, word in enumerate(words):
        if word.plain not in english.REQUIRING or not word.text[:1].islower():
            continue
        following = words[at + 1].plain if at + 1 < len(words) else ""
        alone = word.plain in ("must", "oblige", "obliged", "obliges")
        needs = word.plain == "needs" and following != "to"
        if (alone or following not in ("", "by")) and not needs:
            return word.text
    return ""


def _one_of_several(sentence: Sentence, span: Span) -> bool:
    """Whether the clause is one of the things listed after "whether", such as "by storing them"."""
    words = sentence.words
    begin = next((one for one in words if one.plain == "whether"), None)
    if begin is None or span.start < begin.start:
        return False
    inside = sentence.within(span)
    listed = [one for one in words if one.start > begin.start]
    joined = any(one.plain == "or" for one in listed)
    return joined and any(one.plain.endswith("ing") for one in inside[:3])
