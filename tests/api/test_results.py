"""Tables: plain values of terms, and the same rows as CSV, JSON and data frames."""

from __future__ import annotations

import builtins
import csv
import datetime as dt
import io
import json
import math
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from sanctiongraph.errors import MissingExtra
from sanctiongraph.results import Table, plain
from sanctiongraph.vocabulary import term

XSD = "http://www.w3.org/2001/XMLSchema#"
A = NamedNode("http://example.org/a")


def typed(text: str, datatype: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + datatype))


@pytest.mark.parametrize(
    ("node", "value"),
    [
        (None, None),
        (term("id:Turkey"), "id:Turkey"),
        (term("claim:turkey-us-caatsa-talks/039"), "claim:turkey-us-caatsa-talks/039"),
        (A, "http://example.org/a"),
        (BlankNode("b"), "_:b"),
        (Triple(A, A, A), "<http://example.org/a> " * 2 + "<http://example.org/a>"),
        (Literal("text"), "text"),
        (Literal("metin", language="tr"), "metin"),
        (typed("4", "integer"), 4),
        (typed("4.50", "decimal"), Decimal("4.50")),
        (typed("4.5e0", "double"), 4.5),
        (typed("true", "boolean"), True),
        (typed("0", "boolean"), False),
        (typed("2021-04-07", "date"), dt.date(2021, 4, 7)),
        (typed("2021-04-07T10:00:00Z", "dateTime"), dt.datetime(2021, 4, 7, 10, tzinfo=dt.UTC)),
        (typed("four", "integer"), "four"),
        (typed("4,5", "decimal"), "4,5"),
        (typed("2021-13-01", "date"), "2021-13-01"),
        (typed("P1D", "duration"), "P1D"),
    ],
)
def test_plain_values(node: Any, value: Any) -> None:
    assert plain(node) == value
    assert type(plain(node)) is type(value)


TABLE = Table(
    ("thing", "number", "flag", "day"),
    (
        (term("id:Turkey"), typed("4", "integer"), typed("true", "boolean"), None),
        (Literal('a "b", c\nd'), None, typed("false", "boolean"), typed("2021-04-07", "date")),
    ),
)


def test_csv() -> None:
    assert TABLE.to_csv() == (
        'thing,number,flag,day\nid:Turkey,4,true,\n"a ""b"", c\nd",,false,2021-04-07\n'
    )


def test_json() -> None:
    assert json.loads(TABLE.to_json()) == [
        {"thing": "id:Turkey", "number": 4, "flag": True, "day": None},
        {"thing": 'a "b", c\nd', "number": None, "flag": False, "day": "2021-04-07"},
    ]
    assert "Türkiye" in Table(("l",), ((Literal("Türkiye"),),)).to_json()


@pytest.mark.parametrize("text", ["INF", "-INF", "NaN"])
def test_json_has_no_infinity(text: str) -> None:
    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    table = Table(("n",), ((typed(text, "double"),),))
    assert not math.isfinite(float(next(iter(table))["n"]))  # type: ignore[arg-type]
    assert isinstance(json.loads(table.to_json(), parse_constant=refuse)[0]["n"], str)


def test_rows_as_dictionaries() -> None:
    assert len(TABLE) == 2
    assert [row["number"] for row in TABLE] == [4, None]


def test_data_frame() -> None:
    frame = TABLE.to_pandas()
    assert list(frame.columns) == list(TABLE.columns)
    assert frame["thing"].tolist()[0] == "id:Turkey"
    assert len(Table(("a", "b"), ()).to_pandas().columns) == 2


def test_without_pandas(monkeypatch: pytest.MonkeyPatch) -> None:
    original = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "pandas":
            raise ImportError(name)
        return original(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtra, match=r"install sanctiongraph\[pandas\]"):
        TABLE.to_pandas()


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=4))
def test_any_text_comes_back(texts: list[str]) -> None:
    table = Table(("text",), tuple((Literal(text),) for text in texts))
    assert [row["text"] for row in json.loads(table.to_json())] == texts
    read = list(csv.reader(io.StringIO(table.to_csv(), newline="")))
    assert [row[0] if row else "" for row in read[1:]] == texts
