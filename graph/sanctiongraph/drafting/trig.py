"""A draft written down to be edited: TriG with a claim a block, and its new things as Turtle.

The words of the text stand in comments beside each claim, so that an editor sees what is meant;
drafts are not kept with the project, which holds no sentence of a source.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from pyoxigraph import NamedNode

from sanctiongraph.drafting.draft import Draft, Proposed
from sanctiongraph.drafting.folder import quoted
from sanctiongraph.drafting.newcomers import Newcomer
from sanctiongraph.drafting.predicates import Assertion
from sanctiongraph.links.sssom import Link
from sanctiongraph.reading import TO_FILL
from sanctiongraph.sourcetext import SourceText
from sanctiongraph.vocabulary import PREFIXES, local_name, shorten

_LOCAL: Final = re.compile(r"\w[\w-]*\Z", re.ASCII)


def claims_trig(
    draft: Draft, source: str, text: SourceText, *, published: bool, first: int = 1
) -> str:
    """The proposed claims as TriG, numbered from ``first`` on.

    ``published`` says whether the source's metadata has the date that claims can share.
    """
    blocks = [_HEAD.format(source=source, **_iris())]
    paragraph = 0
    for number, claim in enumerate(draft.claims, start=first):
        if claim.paragraph != paragraph:
            paragraph = claim.paragraph
            blocks.append(
                f"\n# ---- paragraph {paragraph} ----------------------------------------\n"
            )
        blocks.append(_block(claim, number, source, text, published))
    return "\n".join(blocks)


def entities_ttl(draft: Draft, links: Mapping[str, Sequence[Link]], source: str) -> str:
    """The proposed things as Turtle: names that the graph lacks, and what new claims introduce."""
    lines = [
        f"# Things proposed for source:{source}. Correct kinds and names, drop what is none, move the",
        "# rest to entities.ttl. Labels are to be in English and Turkish.",
        f"@prefix sg: <{PREFIXES['sg']}> .",
        f"@prefix id: <{PREFIXES['id']}> .",
        f"@prefix rdfs: <{PREFIXES['rdfs']}> .",
        "",
        "# ---- named in the text ----",
        "",
    ]
    for one in draft.newcomers:
        lines += _newcomer(one, links.get(one.thing.iri, ()))
    lines += ["# ---- introduced by the proposed claims ----", ""]
    for assertion in _introduced(draft.claims):
        kind = local_name(assertion.triples[0].object)
        label = f"{TO_FILL} a name for this {kind}"
        lines.append(f"{_name(assertion.thing)} a sg:{kind} ;\n    rdfs:label {quoted(label)}@en .")
    return "\n".join(lines) + "\n"


_HEAD: Final = """# Proposals for source:{source}, made by `sanctiongraph source draft`. See docs/adding-a-source.md.
# For each claim: correct its graph, speaker, modality and place, write the wording in our own words,
# then take sg:proposed out. Drop what is no claim. When all are reviewed, rename this file to
# claims.trig. Lines that begin with # are help and quote the text: take them out as well.
@prefix sg: <{sg}> .
@prefix id: <{id}> .
@prefix claim: <{claim}{source}/> .
@prefix source: <{source_}> .
@prefix here: <{source_}{source}#> .
@prefix graph: <{graph}> .
@prefix oa: <{oa}> .
"""


def _iris() -> dict[str, str]:
    return {
        "source_": PREFIXES["source"],
        **{name: PREFIXES[name] for name in ("sg", "id", "claim", "graph", "oa")},
    }


def _block(claim: Proposed, number: int, source: str, text: SourceText, published: bool) -> str:
    name = f"claim:{number:03}"
    speakers = [_name(one.iri) for one in claim.speakers] or [f"source:{source}"]
    span = text.text[claim.span.start : claim.span.end]
    lines = [f"# text: {' '.join(span.split())}", *_mentioned(claim), *_alternatives(claim)]
    asserted = [_asserted(one) for one in claim.assertions]
    if not asserted:
        lines.append("# no class of thing found in the words: say what is asserted")
    lines += [f"{name} {{", *asserted, "}", "GRAPH graph:claims {", f"    {name} a sg:Claim ;"]
    said = {
        "sg:source": f"source:{source}",
        "sg:speaker": " , ".join(speakers),
        "sg:via": " , ".join(_name(one.iri) for one in claim.via),
        "sg:modality": f"sg:{claim.modality}",
        "sg:wording": quoted(f"{TO_FILL} the claim in our own words") + "@en",
        "sg:saidOn": "here:published" if published else "",
        **_window(claim, text),
        "sg:paragraph": str(claim.paragraph),
        "sg:place": (
            f"[ a oa:SpecificResource ; oa:hasSource source:{source} ;\n"
            f"            oa:hasSelector [ a oa:TextPositionSelector ; oa:start {claim.span.start} ;"
            f" oa:end {claim.span.end} ] ;\n"
            f'            sg:spanSha256 "{text.span_sha256(claim.span.start, claim.span.end)}" ]'
        ),
        "sg:proposed": " ,\n            ".join(
            quoted(reason) for reason in (f"by {claim.by}", *claim.reasons)
        ),
    }
    lines += [f"        {key} {value} ;" for key, value in said.items() if value]
    lines[-1] = lines[-1].removesuffix(";") + "."
    return "\n".join([*lines, "}", ""])


def _window(claim: Proposed, text: SourceText) -> dict[str, str]:
    """When a forecast is to come true, where the clause says so."""
    if claim.modality != "Forecast" or not claim.dates:
        return {}
    when = claim.dates[0]
    if when.edtf:
        return {"sg:window": f'[ sg:edtf "{when.edtf}" ]'}
    return {"sg:windowWording": quoted(text.text[when.span.start : when.span.end])}


def _mentioned(claim: Proposed) -> Iterator[str]:
    for one in claim.mentions:
        others = f"; or {', '.join(map(_name, one.others))}" if one.others else ""
        yield f"# mentions {one.span.start}-{one.span.end} {_name(one.thing.iri)}: {one.reason}{others}"
    for when in claim.dates:
        node = f'[ sg:edtf "{when.edtf}" ]' if when.edtf else "no day"
        yield f"# date {when.span.start}-{when.span.end} {node}: {when.reason}"


def _alternatives(claim: Proposed) -> Iterator[str]:
    for one in claim.assertions:
        yield f"# {'known' if one.known else 'new'} {_name(one.thing)}: {one.reason}"


def _asserted(assertion: Assertion) -> str:
    pairs = [
        f"{'a' if local_name(one.predicate) == 'type' else shorten(one.predicate)} {_name(one.object)}"
        for one in assertion.triples
    ]
    return f"    {_name(assertion.thing)} " + " ;\n        ".join(pairs) + " ."


def _introduced(claims: Iterable[Proposed]) -> Iterator[Assertion]:
    seen: set[str] = set()
    for claim in claims:
        for one in claim.assertions:
            typed = local_name(one.triples[0].predicate) == "type"
            if not one.known and typed and one.thing not in seen:
                seen.add(one.thing)
                yield one


def _newcomer(one: Newcomer, links: Sequence[Link]) -> Iterator[str]:
    yield f"# {one.span.start}-{one.span.end}: {one.reason}"
    for iri in one.like:
        yield f"# a name like that of {_name(iri)}: the same?"
    for link in links:
        yield f"# may be {shorten(link.object)} ({link.object_label}), {link.confidence:.2f}: {link.evidence}"
    yield f"{_name(one.thing.iri)} a sg:{one.kind} ;"
    yield f"    rdfs:label {quoted(one.thing.label)}@en ."
    yield ""


def _name(iri: str) -> str:
    """The name of a thing as TriG takes it."""
    for prefix in ("id", "sg"):
        local = iri.removeprefix(PREFIXES[prefix])
        if local != iri and _LOCAL.match(local):
            return f"{prefix}:{local}"
    return str(NamedNode(iri))
