"""A small world of sources that come and go: what each asserts, over the real vocabulary and some law."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from pyoxigraph import Quad, RdfFormat, parse

from sanctiongraph.asserted import Asserted
from sanctiongraph.data import data_folders
from sanctiongraph.dataset import background_of
from sanctiongraph.naming import name_blank_nodes
from sanctiongraph.reading import Kind, data_files, read_file
from sanctiongraph.vocabulary import LAW_GRAPH, VIEWPOINTS_GRAPH, sparql_prologue

#: Law with closures, exceptions, days, sums and two levels; all of it would take a test too long.
LAW = {"caatsa-216.ttl", "caatsa-231.ttl", "caatsa-231-d-f.ttl", "caatsa-236.ttl", "caatsa-237-238.ttl", "ofac-50-percent.ttl"}  # fmt: skip
VIEWPOINTS = """
viewpoint:sources a sg:Viewpoint .
viewpoint:minister a sg:Viewpoint ; sg:believes id:Turkey ; sg:believesModality sg:ReportedSpeech .
viewpoint:everyone a sg:Viewpoint ; sg:believesEverySpeaker true ;
    sg:believesModality sg:ReportedSpeech , sg:Position .
"""


@dataclass(frozen=True)
class Source:
    """What one source asserts; reference files state background as well."""

    quads: tuple[Quad, ...]
    reference: bool = False


def claims(name: str, *said: tuple[str, str, str], reference: bool = False) -> Source:
    """A source of claims: assertion, speaker and modality of each."""
    text = sparql_prologue()
    for number, (assertion, speaker, modality) in enumerate(said, 1):
        claim = f"<https://w3id.org/sanctiongraph/claim/{name}/{number:03}>"
        text += f"""{claim} {{ {assertion} }}
GRAPH graph:claims {{ {claim} a sg:Claim ; sg:source source:{name} ; sg:speaker {speaker} ;
    sg:modality sg:{modality} ; sg:wording "It is so."@en ; sg:saidOn [ sg:edtf "2024-03" ] ;
    sg:place [ a oa:SpecificResource ; oa:hasSource source:{name} ] . }}
"""
    return Source(tuple(name_blank_nodes(parse(text, format=RdfFormat.TRIG))), reference)


def graph(name: str, text: str) -> Source:
    """A source of plain triples in one graph."""
    text = f"{sparql_prologue()} {f'GRAPH {name}' if name else ''} {{ {text} }}"
    return Source(tuple(parse(text, format=RdfFormat.TRIG)))


@cache
def ground() -> tuple[Quad, ...]:
    """The vocabulary, the law and the viewpoints, which are always there."""
    quads: list[Quad] = []
    for file in data_files(data_folders()):
        rules = file.kind is Kind.LAW and file.path.parent.name == "rules"
        if file.kind is Kind.ONTOLOGY or (rules and file.path.name in LAW):
            quads += read_file(file)
    viewpoints = parse(sparql_prologue() + VIEWPOINTS, format=RdfFormat.TURTLE)
    quads += [Quad(q.subject, q.predicate, q.object, VIEWPOINTS_GRAPH) for q in viewpoints]
    assert any(quad.graph_name == LAW_GRAPH for quad in quads)
    return tuple(quads)


def asserted(sources: Iterable[Source]) -> Asserted:
    """What the sources assert together."""
    listed = list(sources)
    background = [
        quad for one in listed if one.reference for quad in background_of(list(one.quads))
    ]
    return Asserted([*ground(), *dict.fromkeys(q for one in listed for q in one.quads)], background)


FACT, SAID = "Fact", "ReportedSpeech"
_OWNS = "id:{n} a sg:Ownership ; sg:owner id:{a} ; sg:owned id:{b} ; sg:share {share} ; {when} ."
_DEAL = (
    "id:Deal a sg:ArmsDeal ; sg:supplier id:Maker ; sg:recipient id:Agency ; sg:item id:Missile ."
)
_SIGNED = 'id:Signing a sg:Contract ; sg:ofDeal id:Deal ; sg:date [ sg:edtf "2018-01" ] .'


def _owns(name: str, owner: str, owned: str, share: str, when: str = "") -> str:
    return _OWNS.format(n=name, a=owner, b=owned, share=share, when=when).replace("; .", ".")


#: The sources that come and go, each by its name.
SOURCES: dict[str, Source] = {
    "chain": claims(
        "chain",
        (_owns("OwnsAB", "A", "B", "0.6", 'sg:holdsFrom [ sg:edtf "2020" ]'), "id:Paper", FACT),
        (_owns("OwnsBC", "B", "C", "0.5"), "id:Paper", FACT),
    ),
    "chain-again": claims("again", (_owns("OwnsBC", "B", "C", "0.5"), "id:Notice", FACT)),
    "more-owners": claims(
        "more",
        (_owns("OwnsXC", "X", "C", "0.3", 'sg:holdsUntil [ sg:edtf "2023-06" ]'), "id:Paper", FACT),
        (_owns("OwnsCA", "C", "A", "0.5"), "id:Minister", SAID),
    ),
    "blocked": claims(
        "blocked",
        ('id:BlockA a sg:Blocking ; sg:target id:A ; sg:holdsFrom [ sg:edtf "2022-05" ] .', "id:Paper", FACT),
    ),
    "listed": claims(
        "listed",
        ("id:ListX a sg:Designation ; sg:target id:X ; sg:list id:TheList .", "id:Minister", SAID),
        ("id:ListB a sg:Designation ; sg:target id:B ; sg:list id:TheList .", "id:Paper", FACT),
    ),
    "list": graph("graph:reference", "id:TheList a sg:BlockingList ."),
    "deal": claims("deal", (_DEAL, "id:Paper", FACT), (_SIGNED, "id:Paper", FACT)),
    "deal-told": claims("told", (_DEAL, "id:Minister", SAID), (_SIGNED, "id:Minister", SAID)),
    "deal-known": claims("known", (_DEAL, "id:Register", FACT), reference=True),
    "deal-entity": graph("graph:reference", "id:Deal a sg:ArmsDeal ; rdfs:label 'the deal'@en ."),
    "sector": graph(
        "graph:reference",
        "id:Maker a sg:Company ; sg:partOf id:Holding . id:Holding sg:partOf id:Ministry ."
        " id:Agency a sg:Agency ; sg:agencyOf id:Turkey .",
    ),
    "sector-told": claims(
        "sectors", ("id:Ministry sg:operatesInSector id:RussianDefenceSector .", "id:Paper", FACT)
    ),
    "sector-denied": claims(
        "denied", ("id:Holding sg:operatesInSector id:RussianDefenceSector .", "id:Rival", "Position")
    ),
    "office": claims(
        "office",
        (
            "id:Minister sg:officeHolding id:Holding1 . id:Holding1 a sg:OfficeHolding ;"
            " sg:office id:TheOffice . id:TheOffice sg:officeOf id:Agency .",
            "id:Paper",
            FACT,
        ),
    ),
    "speaks": claims("speaks", ("id:Minister sg:speaksFor id:Turkey .", "id:Paper", FACT)),
    "determined": claims(
        "determined",
        (
            "id:Determined a sg:Determination ; sg:subject id:Agency ; sg:about id:Signing ;"
            " sg:under <https://w3id.org/sanctiongraph/law/us/pl/115/44/s231/a> ;"
            ' sg:date [ sg:edtf "2020-12-14" ] .',
            "id:Paper",
            FACT,
        ),
        (
            "id:Measure a sg:Measure ; sg:target id:Agency ; sg:imposition id:Imposed ;"
            ' sg:holdsFrom [ sg:edtf "2020-12-14" ] . id:Imposed sg:about id:Signing ;'
            " sg:under <https://w3id.org/sanctiongraph/law/us/pl/115/44/s231/a> .",
            "id:Minister",
            SAID,
        ),
    ),
    "waiver": claims(
        "waiver",
        (
            "id:Waived a sg:Waiver ; sg:subject id:Agency ; sg:about id:Signing ;"
            " sg:under <https://w3id.org/sanctiongraph/law/us/pl/115/44/s231/b> ;"
            ' sg:date [ sg:edtf "2021~" ] .',
            "id:Minister",
            SAID,
        ),
    ),
    "own": graph("", 'id:Signing a sg:DealEvent . id:Day sg:edtf "2019" . id:Y sg:partOf id:Ministry .'),
    "own-date": graph("", 'id:Day sg:edtf "2020" . id:Signing sg:date id:Day .'),
    "turned": graph(
        "graph:claims", "<https://w3id.org/sanctiongraph/claim/told/001> sg:modality sg:Fact ."
    ),
}  # fmt: skip
