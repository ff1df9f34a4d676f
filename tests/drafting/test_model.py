"""A language model's proposals: asked over the real protocol, believed in nothing that is not there.

The model is a stand-in server that speaks OpenAI's chat completions on the loopback.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from sanctiongraph.data import DataFolders
from sanctiongraph.drafting.draft import draft
from sanctiongraph.drafting.folder import source_folder
from sanctiongraph.drafting.knowledge import knowledge
from sanctiongraph.drafting.model import Model, with_model
from sanctiongraph.errors import RemoteFailed

from ..server.servers import Server, cut_off, dripping, dropping, replying, serving
from .conftest import UNSEEN, Run

PATH = "/v1/chat/completions"
TEXT = (
    "Ada Quill said that the radars were sold. Brelia calls the sale unfair.\nArden paid in 2021."
)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as one:
        yield one


def completion(content: object, status: int = 200) -> Any:
    """An answer in the protocol's form, with what the model says as its message."""
    text = content if isinstance(content, str) else json.dumps(content)
    body = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "model": "stand-in",
        "choices": [
            {
                "index": 0,
                "finish_reason": "stop",
                "message": {"role": "assistant", "content": text},
            }
        ],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }
    return replying(json.dumps(body).encode(), "application/json", status)


def claim(
    quote: str, speaker: str = "", modality: str = "Fact", **more: object
) -> dict[str, object]:
    return {
        "quote": quote,
        "speaker": speaker,
        "via": "",
        "modality": modality,
        "mentions": [],
        **more,
    }


def proposed(server: Server, invented: DataFolders, *answers: Any) -> tuple[list[Any], list[str]]:
    """What of the answers, one a paragraph, is kept, and why others are not."""
    server.tell(PATH, *answers)
    known = knowledge(invented)
    model = Model(f"{server.address}/v1", "stand-in", "secret")
    made, refused = with_model(draft(known, TEXT), TEXT, known, model)
    kept = [one for one in made.claims if one.by == "stand-in"]
    return kept, [f"{one.paragraph}: {one.reason}" for one in refused]


def test_what_holds_is_proposed_with_its_place(server: Server, invented: DataFolders) -> None:
    server.calls.clear()
    kept, refused = proposed(
        server,
        invented,
        completion({"claims": [claim("radars were sold", "Quill", "ReportedSpeech")]}),
        completion({"claims": [claim("paid in 2021", mentions=["Arden"])]}),
    )
    assert refused == []
    assert [TEXT[one.span.start : one.span.end] for one in kept] == [
        "radars were sold",
        "paid in 2021",
    ]
    assert [[who.label for who in one.speakers] for one in kept] == [["Ada Quill"], []]
    assert [one.paragraph for one in kept] == [1, 2]
    asked = [json.loads(body) for _, _, _, body in server.calls]
    assert [one["messages"][1]["content"] for one in asked] == TEXT.split("\n")
    assert asked[0]["response_format"]["json_schema"]["schema"]["required"] == ["claims"]
    assert all(headers["authorization"] == "Bearer secret" for _, _, headers, _ in server.calls)


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (claim("the radars were stolen"), "does not stand in the paragraph"),
        (claim("a"), "more than once"),
        (claim(""), "does not stand"),
        (claim("Arden paid in 2021."), "does not stand"),  # another paragraph's
        (claim("radars were sold", "Zorro", "ReportedSpeech"), "nobody whom the graph"),
        (claim("radars were sold", "Falcon radar", "ReportedSpeech"), "nobody whom the graph"),
        (claim("radars were sold", "Ada Quill", "Rumour"), "is no modality"),
        (claim("radars were sold", "Ada Quill"), "a fact is the source's own word"),
        (claim("radars were sold", "", "Position"), "without a speaker"),
        (claim("radars were sold", mentions="Arden"), "no list of names"),
        (claim("radars were sold", via=["x"]), "nobody whom the graph"),
        ("radars were sold", "no object"),
        ({}, "does not stand"),
    ],
)
def test_what_does_not_hold_is_dropped_and_said(
    server: Server, invented: DataFolders, one: object, why: str
) -> None:
    kept, refused = proposed(
        server, invented, completion({"claims": [one]}), completion({"claims": []})
    )
    assert kept == []
    assert len(refused) == 1
    assert refused[0].startswith("1: ")
    assert why in refused[0]


@pytest.mark.parametrize("content", ["", "Sure! Here are the claims:", "[]", '{"claims": 3}', "{}"])
def test_an_answer_that_is_not_what_was_asked_for_is_dropped(
    server: Server, invented: DataFolders, content: str
) -> None:
    kept, refused = proposed(server, invented, completion(content))
    assert kept == []
    assert [line.split(": ")[1] for line in refused] == [
        "the answer is not the JSON that was asked for"
    ] * 2


def test_agreement_stays_one_proposal(server: Server, invented: DataFolders) -> None:
    known = knowledge(invented)
    rules = draft(known, TEXT)
    (same,) = [one for one in rules.claims if one.paragraph == 2]
    words = TEXT[same.span.start : same.span.end]
    server.tell(PATH, completion({"claims": []}), completion({"claims": [claim(words)]}))
    made, _ = with_model(rules, TEXT, known, Model(f"{server.address}/v1", "stand-in"))
    assert len(made.claims) == len(rules.claims)
    assert any("stand-in proposes the same" in one.reasons for one in made.claims)


@pytest.mark.parametrize(
    "answer",
    [
        completion({"claims": []}, status=500),
        completion({"claims": []}, status=401),
        replying(b"not json", "text/plain"),
        replying(b'{"choices": []}', "application/json"),
        replying(b'{"choices": [{"message": {"content": null}}]}', "application/json"),
        cut_off,
        dropping,
    ],
)
def test_a_server_that_fails_is_said(server: Server, invented: DataFolders, answer: Any) -> None:
    with pytest.raises(RemoteFailed, match="chat/completions"):
        proposed(server, invented, answer)


def test_a_server_that_drips_is_not_waited_for(server: Server) -> None:
    server.tell(PATH, dripping)
    with pytest.raises(RemoteFailed, match="took longer"):
        Model(f"{server.address}/v1", "stand-in", timeout=0.5).answer("Arden paid.")


def test_the_command_asks_a_model_only_when_told(
    server: Server, run: Run, invented: DataFolders, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("source", "new", str(UNSEEN))
    unset = run("source", "draft", "falcon-upgrade", "--model")
    assert (unset.exit_code, "SANCTIONGRAPH_MODEL_URL" in unset.output) == (1, True)
    monkeypatch.setenv("SANCTIONGRAPH_MODEL_URL", f"{server.address}/v1")
    monkeypatch.setenv("SANCTIONGRAPH_MODEL", "stand-in")
    server.calls.clear()
    assert run("source", "draft", "falcon-upgrade").exit_code == 0
    assert server.calls == []
    server.tell(
        PATH, completion({"claims": [claim("begun to hire engineers"), claim("no such words")]})
    )
    result = run("source", "draft", "falcon-upgrade", "--model", "--force")
    assert result.exit_code == 0
    assert "dropped, paragraph 1" in result.output
    assert '"by stand-in"' in source_folder(invented, "falcon-upgrade").draft_claims.read_text(
        "utf-8"
    )
