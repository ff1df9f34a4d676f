"""The shapes themselves: valid SHACL, about terms that are declared, with messages that cure."""

from __future__ import annotations

import pyshacl
import pytest
import rdflib
from rdflib.namespace import OWL, RDF, RDFS, SH

from sanctiongraph.data import data_folders
from sanctiongraph.vocabulary import PREFIXES

SG = rdflib.Namespace(PREFIXES["sg"])


@pytest.fixture(scope="module")
def shapes() -> rdflib.Graph:
    return rdflib.Graph().parse(data_folders().ontology / "shapes.ttl")


@pytest.fixture(scope="module")
def ontology() -> rdflib.Graph:
    return rdflib.Graph().parse(data_folders().ontology / "sanctiongraph.ttl")


def test_shapes_are_valid_shacl(shapes: rdflib.Graph) -> None:
    conforms, _, text = pyshacl.validate(
        rdflib.Graph(), shacl_graph=shapes, meta_shacl=True, advanced=True
    )
    assert conforms, text


def test_every_message_says_what_is_wrong_and_what_to_do(shapes: rdflib.Graph) -> None:
    messages = [str(message) for message in shapes.objects(None, SH.message)]
    assert len(messages) > 70
    assert [message for message in messages if message.count(" - ") != 1] == []


def test_every_shape_that_can_be_reported_has_a_message(shapes: rdflib.Graph) -> None:
    for shape in shapes.subjects(RDF.type, SH.NodeShape):
        own = (shape, SH.message, None) in shapes
        nested = list(shapes.objects(shape, SH.property))
        assert own or nested, shape
        assert all((inner, SH.message, None) in shapes for inner in nested), shape


def test_shapes_speak_of_declared_terms_only(shapes: rdflib.Graph, ontology: rdflib.Graph) -> None:
    used = {term for triple in shapes for term in triple if str(term).startswith(str(SG))}
    assert sorted(used - set(ontology.subjects(RDF.type, None))) == []


def test_the_modalities_and_marks_in_the_shapes_are_those_of_the_ontology(
    shapes: rdflib.Graph, ontology: rdflib.Graph
) -> None:
    listed = [set(shapes.items(head)) for head in shapes.objects(None, SH["in"])]
    for kind in (SG.Modality, SG.Verification):
        assert set(ontology.subjects(RDF.type, kind)) in listed


def test_every_term_has_labels_and_a_definition(
    shapes: rdflib.Graph, ontology: rdflib.Graph
) -> None:
    """The term shapes over the ontology alone; that they bite is shown on a term without any."""
    conforms, _, text = pyshacl.validate(ontology, shacl_graph=shapes, advanced=True)
    assert conforms, text
    bare = rdflib.Graph().add((SG.Bare, RDF.type, OWL.Class))
    _, report, _ = pyshacl.validate(bare, shacl_graph=shapes, advanced=True)
    assert isinstance(report, rdflib.Graph)
    assert len(set(report.objects(None, SH.resultMessage))) == 3


def test_every_property_with_dates_is_checked(shapes: rdflib.Graph, ontology: rdflib.Graph) -> None:
    dated = set(ontology.subjects(RDFS.range, SG.Date))
    shape = rdflib.URIRef("https://w3id.org/sanctiongraph/shapes#Date")
    assert dated == set(shapes.objects(shape, SH.targetObjectsOf))
