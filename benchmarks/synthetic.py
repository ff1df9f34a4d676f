"""A made-up graph of the real one's shape, as the text files that a build reads.

Beside a copy of the real ontology and law stand invented states, agencies, persons, systems and
programmes, and claims about their deals, measures, offices and talks: each in a named graph with
its metadata. A quarter of the claims come from source texts (``graph/sources/<n>/``, places by
offset), the rest cite documents (``graph/reference/``), as in the real graph. Few speakers make
most of the claims, and few things are in most of them. Five viewpoints accept what three states or
everyone says. The same seed gives the same files.
"""

from __future__ import annotations

import hashlib
import random
import shutil
from pathlib import Path

from synthetic_world import KINDS, World, words

#: Triples of the finished dataset: what the ontology and law make, and what one claim adds with
#: its metadata and its share of the entities; measured, see ``claims_for``.
_BASE_TRIPLES = 9_000
_TRIPLES_PER_CLAIM = 75.5
_CLAIMS_A_SOURCE = 80
_CLAIMS_A_FILE = 1_000
_CLAIMS_A_DOCUMENT = 5

_PREFIXES = """\
@prefix sg: <https://w3id.org/sanctiongraph/ontology#> .
@prefix id: <https://w3id.org/sanctiongraph/id/> .
@prefix source: <https://w3id.org/sanctiongraph/source/> .
@prefix graph: <https://w3id.org/sanctiongraph/graph/> .
@prefix viewpoint: <https://w3id.org/sanctiongraph/viewpoint/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix schema: <https://schema.org/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
_BELIEVED = "sg:ReportedSpeech , sg:QuotedSpeech , sg:Position"


def claims_for(triples: int) -> int:
    """How many claims make a dataset of about so many triples."""
    return max(1, round((triples - _BASE_TRIPLES) / _TRIPLES_PER_CLAIM))


def write(root: Path, ontology: Path, claims: int, seed: int = 1) -> None:
    """Writes the data folders below ``root``: a copy of ``ontology``, and made-up graph files."""
    shutil.copytree(ontology, root / "ontology")
    (root / "queries").mkdir()
    world = World(random.Random(seed), claims)
    from_texts = claims // 4
    entities = root / "graph" / "reference" / "entities"
    entities.mkdir(parents=True)
    for kind in KINDS:
        (entities / f"{kind.lower()}.ttl").write_text(
            _PREFIXES + "".join(world.entities(kind)), "utf-8"
        )
    for number, first in enumerate(range(0, from_texts, _CLAIMS_A_SOURCE)):
        count = min(_CLAIMS_A_SOURCE, from_texts - first)
        _write_source(world, root / "graph" / "sources" / f"text-{number:05}", count)
    _write_reference(world, root / "graph" / "reference", claims - from_texts)
    _write_viewpoints(root / "graph" / "viewpoints")


def _write_source(world: World, folder: Path, claims: int) -> None:
    """A folder of one source text; the dates of publication and of an interview are shared."""
    folder.mkdir(parents=True)
    name = folder.name
    published = f"<https://w3id.org/sanctiongraph/source/{name}#published>"
    (folder / "source.ttl").write_text(
        f"{_PREFIXES}source:{name} a sg:PressReport ;\n"
        f'    rdfs:label "Article {words(name)}"@en ; schema:inLanguage "en" ;\n'
        f'    sg:textFile "{name}.txt" ; sg:textSha256 "{_sha256(name)}" ;\n'
        f'    sg:publishedOn {published} .\n{published} a sg:Date ; sg:edtf "{world.day()}" .\n',
        "utf-8",
    )
    (folder / "entities.ttl").write_text(
        f'{_PREFIXES}id:{name}-talks a sg:Talks ; rdfs:label "talks in {name}"@en .\n', "utf-8"
    )
    with (folder / "claims.trig").open("w", encoding="utf-8") as file:
        file.write(_PREFIXES)
        start = 0
        for number in range(1, claims + 1):
            end = start + world.rng.randint(30, 150)
            place = (
                f"oa:hasSelector [ a oa:TextPositionSelector ; oa:start {start} ; oa:end {end} ] ; "
                f'sg:spanSha256 "{_sha256(f"{name}/{number}")}"'
            )
            extra = f" ; sg:saidOn {published} ; sg:paragraph {1 + number // 5}"
            file.write(_claim(world, name, number, place, extra))
            start = end


def _write_reference(world: World, folder: Path, claims: int) -> None:
    """Documents and their claims, in files of a thousand."""
    documents = max(1, claims // _CLAIMS_A_DOCUMENT)
    with (folder / "documents.ttl").open("w", encoding="utf-8") as file:
        file.write(_PREFIXES)
        for number in range(documents):
            dated = f' ; sg:publishedOn [ sg:edtf "{world.day()}" ]' if number % 2 else ""
            file.write(
                f"source:document-{number} a sg:PressReport ;\n"
                f'    rdfs:label "Document {number}"@en ;\n'
                f'    schema:url "https://example.org/{number}"^^xsd:anyURI ;\n'
                f'    sg:seen "the first page"{dated} .\n\n'
            )
    made = [0] * documents
    for first in range(0, claims, _CLAIMS_A_FILE):
        path = folder / f"claims-{first // _CLAIMS_A_FILE:05}.trig"
        with path.open("w", encoding="utf-8") as file:
            file.write(_PREFIXES)
            for _ in range(min(_CLAIMS_A_FILE, claims - first)):
                document = int(documents * world.rng.random() ** 2)
                made[document] += 1
                place = 'sg:seen "the first page"'
                if world.rng.random() < 0.2:
                    place = f'oa:hasSelector [ a oa:FragmentSelector ; rdf:value "entry {made[document]}" ]'
                extra = " ; sg:verification sg:SecondarySource"
                file.write(_claim(world, f"document-{document}", made[document], place, extra))


def _write_viewpoints(folder: Path) -> None:
    """The accepted graph itself, three states and everyone, as in the real graph."""
    folder.mkdir(parents=True)
    believed = {"sources": "", "everyone": "sg:believesEverySpeaker true"}
    believed |= {f"state-{number}": f"sg:believes id:State{number}" for number in range(3)}
    lines = [
        f'viewpoint:{name} a sg:Viewpoint ; rdfs:label "{name}"@en'
        + (f" ; {whom} ; sg:believesModality {_BELIEVED}" if whom else "")
        + " .\n"
        for name, whom in believed.items()
    ]
    (folder / "viewpoints.ttl").write_text(_PREFIXES + "".join(lines), "utf-8")


def _claim(world: World, source: str, number: int, place: str, extra: str) -> str:
    """One claim in TriG: its graph, and its metadata."""
    claim = f"<https://w3id.org/sanctiongraph/claim/{source}/{number:03}>"
    assertion, wording = world.assertion()
    speaker, modality = world.speaker(f"source:{source}")
    return (
        f"{claim} {{ {assertion} }}\nGRAPH graph:claims {{\n    {claim} a sg:Claim ;\n"
        f"        sg:source source:{source} ; sg:speaker {speaker} ; sg:modality sg:{modality} ;\n"
        f'        sg:wording "{wording}"@en{extra} ;\n'
        f"        sg:place [ a oa:SpecificResource ; oa:hasSource source:{source} ; {place} ] .\n}}\n"
    )


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
