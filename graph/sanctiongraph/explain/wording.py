"""Parts of a proof in English words."""

from __future__ import annotations

import re
from typing import Final

from pyoxigraph import Literal, NamedNode

from sanctiongraph.binding import parts_of
from sanctiongraph.claims import Claim
from sanctiongraph.evidence import ADDED_UP, Ground, Origin
from sanctiongraph.labels import Citation, Labels
from sanctiongraph.law.algebra import Status
from sanctiongraph.law.rules import AllOf, AnyOf, Formula, Test
from sanctiongraph.proof import LookedFor
from sanctiongraph.vocabulary import shorten, term

_PRIMARY: Final = term("sg:PrimaryText").value
_TIMES: Final = {"sg:holdsUntil": "it has not ended", "sg:holdsFrom": "it had begun"}
_FACT: Final = term("sg:Fact").value

SIGN: Final = {
    Status.ESTABLISHED: "+",
    Status.REFUTED: "-",
    Status.UNKNOWN: "?",
    Status.DISPUTED: "!",
}
#: Sentences about a rule, by its outcome.
OUTCOME: Final = {
    "applies": "The rule applies.",
    "does-not-apply": "The rule does not apply.",
    "disputed": "Whether the rule applies is disputed.",
    "undetermined": "Whether the rule applies is undetermined.",
}
_ORIGIN: Final = {
    Origin.CLAIM: "claims",
    Origin.NAMING: "reference data",
    Origin.LAW: "the law as it is encoded here",
    Origin.VOCABULARY: "the vocabulary",
    Origin.RECORD: "the record of claims",
    Origin.SUPPOSED: "supposed",
}
#: Whose shares a sum of ownership has.
_OWNERS: Final = {
    term("sg:blockedShare").value: "blocked persons together own",
    term("sg:clearShare").value: "others together own",
}
# What an axiom says, by the names of its two sides; a and b are classes or properties.
_AXIOMS: Final = {
    "subClassOf": "every {a} counts as {an_b}",
    "subPropertyOf": "“{a}” is one way to be “{b}”",
    "domain": "only {an_b} is “{a}” something",
    "range": "what is named by “{a}” is {an_b}",
    "inverseOf": "“{a}” and “{b}” say the same from two ends",
    "TransitiveProperty": "“{a}” carries on from one to the next",
    "SymmetricProperty": "“{a}” holds both ways",
}


def sentence(ground: Ground, labels: Labels) -> str:
    """A ground triple as a sentence: SSB is an agency."""
    subject, predicate, obj = (
        _term(part, labels)
        for part in (ground.triple.subject, ground.triple.predicate, ground.triple.object)
    )
    if ground.triple.predicate == term("rdf:type"):
        return f"{subject} is {_an(obj)}"
    if isinstance(ground.triple.subject, NamedNode) and ground.axiom == ADDED_UP:
        body = labels(ground.triple.subject.value.partition("#")[0])
        owners = _OWNERS.get(ground.triple.predicate.value)
        if owners:
            return f"{owners} {obj} of {body}"
    if ground.date and isinstance(ground.triple.object, NamedNode):
        obj = ground.date.edtf
    return f"{subject}: {predicate} {obj}"


def rests_on(ground: Ground) -> str:
    """What a triple that no claim says rests on."""
    if ground.axiom:
        return f"follows, as {axiom(ground.axiom)}"
    return _ORIGIN[ground.origin]


def axiom(text: str) -> str:
    """An axiom, as ``entailment`` names it, in words."""
    if text == ADDED_UP:
        return "the shares of its owners add up to it"
    chain = re.fullmatch(r"(\S+) from the chain (.+)", text)
    if chain:
        steps = ", then ".join(f"“{_spaced(step)}”" for step in chain[2].split(", "))
        return f"“{_spaced(chain[1])}” follows from {steps}"
    first, kind, second = text.split(" ", 2)
    form = _AXIOMS.get(second if kind == "type" else kind, "{a} {b}")
    return form.format(a=_spaced(first), b=_spaced(second), an_b=_an(_spaced(second)))


def said_by(claim: Claim, labels: Labels) -> str:
    """Who says it, how, where, and how far it was checked."""
    parts = []
    own_voice = claim.speakers == (claim.source,)
    if not own_voice:
        parts.append(" and ".join(labels(iri) for iri in claim.speakers))
    parts.extend(f"via {labels(iri)}" for iri in claim.via)
    if claim.modality != _FACT:
        when = f" {claim.said_on}" if claim.said_on else ""
        parts.append(f"{labels(claim.modality)}{when}")
    parts.append(labels(claim.source))
    parts.append(place(claim))
    if claim.verification and claim.verification != _PRIMARY:
        parts.append(labels(claim.verification))
    return f"{', '.join(part for part in parts if part)} [{shorten(claim.iri)}]"


def place(claim: Claim) -> str:
    """Where in its source a claim stands; nothing where the document as a whole is meant."""
    if claim.paragraph is not None and claim.start is not None:
        return f"para. {claim.paragraph}, {claim.start}-{claim.end}"
    return claim.entry or ""


def cited(citation: Citation) -> str:
    """A provision with its places in the code."""
    return ", ".join((citation.label, *citation.aliases))


def searched(looked: LookedFor, labels: Labels) -> str:
    """Where nothing was found, and as of when."""
    graphs = "".join(f" or the viewpoint {labels(iri)}" for iri in looked.graphs)
    return f"none in the accepted graph{graphs} as of {looked.as_of.isoformat()}"


def listed(items: list[str]) -> str:
    """``a``, ``a or b``, ``a, b or c``."""
    return " or ".join(filter(None, (", ".join(items[:-1]), items[-1]))) if items else ""


def heading(formula: Formula) -> str:
    """What is asked of the parts of a rule's formula."""
    if isinstance(formula, AllOf | Test):
        return "Conditions, all of which must hold"
    if isinstance(formula, AnyOf):
        return "Conditions, any of which is enough"
    return f"Conditions, at least {formula.number} of which must hold"


def group(formula: Formula) -> str:
    """What is asked of the parts of a formula within another."""
    if isinstance(formula, AllOf | Test):
        return "all of these"
    return "any of these" if isinstance(formula, AnyOf) else f"at least {formula.number} of these"


def ruled_out(absent: str, labels: Labels) -> str:
    """What a pattern rules out, in words: that something has ended, or things of some kind.

    Empty where a reader need not be told: that a sum was not superseded.
    """
    inside = parts_of(absent).triples
    if "sg:supersedes" in inside:
        return ""
    kinds = dict.fromkeys(re.findall(r"\ba (sg:\w+)", inside))
    if kinds:
        return f"no {listed([labels(term(one).value) for one in kinds])} speaks against it"
    for name, said in _TIMES.items():
        if name in inside:
            return said
    return "nothing speaks against it"


def _term(part: object, labels: Labels) -> str:
    if isinstance(part, NamedNode):
        return labels(part.value)
    return part.value if isinstance(part, Literal) else str(part)


def _spaced(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def _an(noun: str) -> str:
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"
