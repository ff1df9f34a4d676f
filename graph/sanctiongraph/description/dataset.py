"""The dataset described: VoID with its partitions and linksets, DCAT 3, and PROV of its build.

Standards: W3C Interest Group Note "Describing Linked Datasets with the VoID Vocabulary", W3C
Recommendations DCAT 3 and PROV-O.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from sanctiongraph.description.figures import TARGETS, Figures, Linkset
from sanctiongraph.vocabulary import BASE, PREFIXES, term

_CC_BY: Final = NamedNode("https://creativecommons.org/licenses/by/4.0/")
_TITLE: Final = "sanctiongraph"
_DESCRIPTIONS: Final = (
    (
        "en",
        "States, agencies, laws, arms deals and programmes, what sources claim about them, who says"
        " so and where, and what rules of sanctions law make of it.",
    ),
    (
        "tr",
        "Devletler, kurumlar, yasalar, silah anlaşmaları ve programlar; kaynakların bunlar hakkında"
        " ne ileri sürdüğü, kimin nerede söylediği ve yaptırım hukuku kurallarının sonucu.",
    ),
)
_VOCABULARIES: Final = ("sg", "skos", "prov", "org", "eli", "oa", "sssom")
_SPDX: Final = "http://spdx.org/rdf/terms#"
_MEDIA: Final = "https://www.iana.org/assignments/media-types/"


@dataclass(frozen=True, slots=True)
class Dump:
    """A file with the whole dataset or a part: its address, size in bytes and SHA-256.

    Size and sum are left out where they are not known: 0 and an empty text.
    """

    address: str
    bytes: int
    sha256: str
    media_type: str = "application/n-quads"
    compressed: bool = True


@dataclass(frozen=True, slots=True)
class About:
    """What a description needs to know besides the figures. Addresses are absolute."""

    version: str
    #: Triples in all graphs together, and how many graphs have names.
    quads: int
    graphs: int
    #: SHA-256 over what the build read and the program that read it; empty where not known.
    fingerprint: str
    #: Where it is served, where it is.
    endpoint: str | None
    landing_page: str
    dumps: tuple[Dump, ...] = ()
    #: Rights of others in parts of it, in words.
    rights: tuple[str, ...] = ()


def described(figures: Figures, about: About) -> Iterator[Triple]:
    """The triples that describe the dataset."""
    dataset = NamedNode(f"{BASE}dataset")
    yield from _dataset(dataset, figures, about)
    yield from _partitions(dataset, figures)
    for one in figures.linksets:
        yield from _linkset(dataset, one)
    if about.endpoint is not None:
        yield from _service(dataset, about.endpoint)
    for dump in about.dumps:
        yield from _distribution(dataset, dump)
    yield from _build(dataset, about)


def _dataset(dataset: NamedNode, figures: Figures, about: About) -> Iterator[Triple]:
    for kind in ("void:Dataset", "dcat:Dataset", "prov:Entity"):
        yield Triple(dataset, term("rdf:type"), term(kind))
    yield Triple(dataset, term("dcterms:title"), Literal(_TITLE))
    for language, text in _DESCRIPTIONS:
        yield Triple(dataset, term("dcterms:description"), Literal(text, language=language))
    yield Triple(dataset, term("dcterms:license"), _CC_BY)
    yield Triple(dataset, term("dcterms:publisher"), Literal("The sanctiongraph contributors"))
    yield Triple(dataset, term("dcat:version"), Literal(about.version))
    yield Triple(dataset, term("dcat:landingPage"), NamedNode(about.landing_page))
    yield Triple(dataset, term("void:uriSpace"), Literal(BASE))
    for rights in about.rights:
        yield Triple(dataset, term("dcterms:rights"), Literal(rights, language="en"))
    yield Triple(dataset, term("void:exampleResource"), term("id:SSB"))
    for prefix in _VOCABULARIES:
        yield Triple(dataset, term("void:vocabulary"), NamedNode(PREFIXES[prefix]))
    for name, number in (
        ("void:triples", figures.triples),
        ("void:entities", figures.entities),
        ("void:distinctSubjects", figures.distinct_subjects),
        ("void:distinctObjects", figures.distinct_objects),
        ("void:classes", len(figures.classes)),
        ("void:properties", len(figures.properties)),
    ):
        yield Triple(dataset, term(name), Literal(number))
    everything = NamedNode(f"{BASE}dataset#all-graphs")
    yield Triple(everything, term("rdf:type"), term("void:Dataset"))
    yield Triple(everything, term("dcterms:title"), Literal("all graphs together", language="en"))
    yield Triple(everything, term("void:subset"), dataset)
    yield Triple(everything, term("void:triples"), Literal(about.quads))
    yield Triple(everything, term("schema:numberOfItems"), Literal(about.graphs))


def _partitions(dataset: NamedNode, figures: Figures) -> Iterator[Triple]:
    for kind, parts, amount in (
        ("class", figures.classes, "void:entities"),
        ("property", figures.properties, "void:triples"),
    ):
        for iri, number in parts.items():
            part = NamedNode(f"{BASE}dataset#{kind}-{_short(iri)}")
            yield Triple(dataset, term(f"void:{kind}Partition"), part)
            yield Triple(part, term(f"void:{kind}"), NamedNode(iri))
            yield Triple(part, term(amount), Literal(number))


def _linkset(dataset: NamedNode, one: Linkset) -> Iterator[Triple]:
    home = next(address for name, _, address in TARGETS if name == one.target)
    name = one.predicate.rpartition("#")[2]
    linkset, target = (NamedNode(f"{BASE}dataset#{one.target}{end}") for end in (f"-{name}", ""))
    yield Triple(dataset, term("void:subset"), linkset)
    yield Triple(linkset, term("rdf:type"), term("void:Linkset"))
    yield Triple(linkset, term("void:subjectsTarget"), dataset)
    yield Triple(linkset, term("void:objectsTarget"), target)
    yield Triple(linkset, term("void:linkPredicate"), NamedNode(one.predicate))
    yield Triple(linkset, term("void:triples"), Literal(one.triples))
    yield Triple(linkset, term("void:distinctSubjects"), Literal(one.subjects))
    yield Triple(linkset, term("void:distinctObjects"), Literal(one.objects))
    yield Triple(target, term("rdf:type"), term("void:Dataset"))
    yield Triple(target, term("dcat:landingPage"), NamedNode(home))


def _service(dataset: NamedNode, endpoint: str) -> Iterator[Triple]:
    service = NamedNode(f"{endpoint}#data-service")
    yield Triple(dataset, term("void:sparqlEndpoint"), NamedNode(endpoint))
    yield Triple(service, term("rdf:type"), term("dcat:DataService"))
    yield Triple(service, term("dcterms:title"), Literal("SPARQL endpoint of sanctiongraph"))
    yield Triple(service, term("dcat:endpointURL"), NamedNode(endpoint))
    yield Triple(service, term("dcat:endpointDescription"), NamedNode(endpoint))
    yield Triple(service, term("dcat:servesDataset"), dataset)
    protocol = NamedNode("https://www.w3.org/TR/sparql11-protocol/")
    yield Triple(service, term("dcterms:conformsTo"), protocol)


def _distribution(dataset: NamedNode, dump: Dump) -> Iterator[Triple]:
    file = NamedNode(dump.address)
    yield Triple(dataset, term("void:dataDump"), file)
    yield Triple(dataset, term("dcat:distribution"), file)
    yield Triple(file, term("rdf:type"), term("dcat:Distribution"))
    yield Triple(file, term("dcat:downloadURL"), file)
    yield Triple(file, term("dcat:mediaType"), NamedNode(_MEDIA + dump.media_type))
    if dump.compressed:
        yield Triple(file, term("dcat:compressFormat"), NamedNode(_MEDIA + "application/gzip"))
    yield Triple(file, term("dcterms:license"), _CC_BY)
    if not dump.sha256:
        return
    yield Triple(file, term("dcat:byteSize"), Literal(dump.bytes))
    checksum = BlankNode(f"sum{dump.sha256[:16]}")
    yield Triple(file, NamedNode(_SPDX + "checksum"), checksum)
    algorithm = NamedNode(_SPDX + "checksumAlgorithm_sha256")
    yield Triple(checksum, NamedNode(_SPDX + "algorithm"), algorithm)
    yield Triple(checksum, NamedNode(_SPDX + "checksumValue"), Literal(dump.sha256))


def _build(dataset: NamedNode, about: About) -> Iterator[Triple]:
    build = NamedNode(f"{BASE}build/{about.version}")
    yield Triple(dataset, term("prov:wasGeneratedBy"), build)
    yield Triple(build, term("rdf:type"), term("prov:Activity"))
    software = NamedNode(f"{BASE}software")
    yield Triple(build, term("prov:wasAssociatedWith"), software)
    yield Triple(software, term("rdf:type"), term("prov:SoftwareAgent"))
    if about.fingerprint:
        inputs = NamedNode(f"{BASE}build/{about.version}#inputs")
        yield Triple(build, term("prov:used"), inputs)
        yield Triple(inputs, term("rdf:type"), term("prov:Entity"))
        yield Triple(inputs, term("dcterms:identifier"), Literal(f"sha256:{about.fingerprint}"))


def _short(iri: str) -> str:
    """A name for a partition that reads well and that no other IRI has."""
    local = iri.rstrip("/#").replace("#", "/").rpartition("/")[2]
    return f"{local}-{hashlib.sha256(iri.encode()).hexdigest()[:8]}"
