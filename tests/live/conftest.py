"""The smallest data folder (``tests/build``) with a rule that adds ownership up and a viewpoint."""

from __future__ import annotations

import pytest

from sanctiongraph.data import DataFolders

from ..build.conftest import data as data
from ..build.conftest import home as home

_PREFIXES = (
    "".join(
        f"@prefix {name}: <https://w3id.org/sanctiongraph/{rest}> .\n"
        for name, rest in (
            ("sg", "ontology#"),
            ("id", "id/"),
            ("law", "law/"),
            ("source", "source/"),
            ("graph", "graph/"),
            ("viewpoint", "viewpoint/"),
            ("claim", "claim/two/"),
        )
    )
    + "@prefix oa: <http://www.w3.org/ns/oa#> .\n@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
)

CLAIM = """
claim:{n} {{ {assertion} }}
GRAPH graph:claims {{
    claim:{n} a sg:Claim ; sg:source source:two ; sg:speaker {speaker} ; sg:modality sg:{modality} ;
        sg:wording "It is so."@en ; sg:saidOn [ sg:edtf "2024-03" ] ;
        sg:place [ a oa:SpecificResource ; oa:hasSource source:two ] .
}}
"""


def write_claims(data: DataFolders, *claims: str) -> None:
    """A second source with these claims, in a file of its own."""
    folder = data.sources / "two"
    folder.mkdir(exist_ok=True)
    (folder / "source.ttl").write_text(
        f'{_PREFIXES}source:two a sg:PressReport ; rdfs:label "two"@en .\n', "utf-8"
    )
    (folder / "claims.trig").write_text(_PREFIXES + "".join(claims), "utf-8")


def claim(n: str, assertion: str, speaker: str = "source:two", modality: str = "Fact") -> str:
    return CLAIM.format(n=n, assertion=assertion, speaker=speaker, modality=modality)


@pytest.fixture
def lawful(data: DataFolders) -> DataFolders:
    """The small data with a threshold of ownership and a viewpoint that believes the minister."""
    data.law.mkdir()
    (data.law / "fifty.ttl").write_text(
        f'{_PREFIXES}law:fifty a sg:Provision ; sg:ownershipThreshold 0.5 ; rdfs:label "50"@en .\n',
        "utf-8",
    )
    data.viewpoints.mkdir()
    (data.viewpoints / "viewpoints.ttl").write_text(
        f"{_PREFIXES}viewpoint:sources a sg:Viewpoint .\n"
        "viewpoint:minister a sg:Viewpoint ; sg:believes id:TheMinister ;"
        " sg:believesModality sg:ReportedSpeech .\n",
        "utf-8",
    )
    return data
