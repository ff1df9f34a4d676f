"""What only somebody says is not in the default graph, and is found in the graph of its claim."""

from __future__ import annotations

from sanctiongraph import Graph

NOT_IN_USE = "?status sg:equipment id:TurkeyS400Batteries ; sg:status sg:NotInUse"

WHOSE_WORD = f"""
SELECT ?speaker ?modality ?paragraph ?wording WHERE {{
  GRAPH ?claim {{ {NOT_IN_USE} }}
  ?claim sg:speaker ?speaker ; sg:modality ?modality ; sg:wording ?wording ; sg:paragraph ?paragraph .
}}
"""


def test_not_in_use_is_not_accepted(graph: Graph) -> None:
    assert not graph.ask(f"ASK {{ {NOT_IN_USE} }}")


def test_no_status_of_use_is_accepted(graph: Graph) -> None:
    assert not graph.ask("ASK { id:S400UseByTurkey sg:status ?status }")


def test_barrack_is_found_as_the_one_who_says_so(graph: Graph) -> None:
    assert list(graph.query(WHOSE_WORD)) == [
        {
            "speaker": "id:TomBarrack",
            "modality": "sg:ReportedSpeech",
            "paragraph": 9,
            "wording": "Barrack: Turkey's S-400 systems are not in use at the time of speaking.",
        }
    ]


def test_what_a_source_states_is_accepted(graph: Graph) -> None:
    assert graph.ask("ASK { id:TurkeyF35Removal sg:ends id:TurkeyF35Participation }")


def test_forecasts_options_and_requirements_are_not_accepted(graph: Graph) -> None:
    assert not graph.ask("ASK { ?option sg:optionFor id:S400HandlingQuestion }")
    assert not graph.ask("ASK { ?prerequisite sg:requires ?anything }")
    assert not graph.ask("ASK { id:CAATSASettlement sg:ends ?dispute }")
