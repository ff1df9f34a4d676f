"""What the values of a row become: text, numbers, shares and dates of the graph."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from pyoxigraph import Literal

from sanctiongraph.dates import bounds
from sanctiongraph.errors import BadData, BadDate
from sanctiongraph.registers.specs import Form, Say
from sanctiongraph.vocabulary import term

_INTEGER: Final = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class DateValue:
    """A date, in Extended Date/Time Format."""

    edtf: str


Value = DateValue | Literal


def value_of(say: Say, values: tuple[str, ...], marked: bool) -> Value:
    """The value that these are, in the form that the mapping gives. Raises ``BadData`` where they are none."""
    try:
        return _VALUES[say.form](say, values, marked)
    except (ValueError, InvalidOperation, BadDate) as error:
        why = f": {error}" if isinstance(error, BadDate) else ""
        raise BadData(
            f"{say.field} is {'; '.join(values)!r}, which is no {_CALLED[say.form]}{why}"
        ) from error


def _text(_: Say, values: tuple[str, ...], __: bool) -> Value:
    return Literal(values[0])


def _english(_: Say, values: tuple[str, ...], __: bool) -> Value:
    return Literal(values[0], language="en")


def _integer(_: Say, values: tuple[str, ...], __: bool) -> Value:
    if not _INTEGER.fullmatch(values[0]):
        raise ValueError
    return Literal(str(int(values[0])), datatype=term("xsd:integer"))


def _decimal(_: Say, values: tuple[str, ...], __: bool) -> Value:
    return Literal(f"{_number(values[0]):f}", datatype=term("xsd:decimal"))


def _share(_: Say, values: tuple[str, ...], __: bool) -> Value:
    """A part of a whole, which registers give in per cent."""
    share = _number(values[0].removesuffix("%").strip()) / 100
    if not 0 <= share <= 1:
        raise ValueError
    return Literal(f"{share.normalize():f}", datatype=term("xsd:decimal"))


def _number(text: str) -> Decimal:
    if not re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?", text):
        raise ValueError
    return Decimal(text)


def _date(say: Say, values: tuple[str, ...], marked: bool) -> Value:
    text = values[0]
    if say.pattern is not None:
        text = dt.datetime.strptime(text, say.pattern).date().isoformat()
    elif "T" in text:
        text = dt.datetime.fromisoformat(text).date().isoformat()
    if marked:
        text += "?"
    bounds(text)
    return DateValue(text)


def _dates(_: Say, values: tuple[str, ...], __: bool) -> Value:
    """Several years as one date: each of them."""
    years = sorted(set(values))
    text = years[0] if len(years) == 1 else "{" + ",".join(years) + "}"
    bounds(text)
    return DateValue(text)


_VALUES: Final = {
    Form.TEXT: _text,
    Form.ENGLISH: _english,
    Form.INTEGER: _integer,
    Form.DECIMAL: _decimal,
    Form.SHARE: _share,
    Form.DATE: _date,
    Form.DATES: _dates,
}
_CALLED: Final = {
    Form.TEXT: "text",
    Form.ENGLISH: "text",
    Form.INTEGER: "whole number",
    Form.DECIMAL: "decimal number",
    Form.SHARE: "part of a hundred",
    Form.DATE: "date",
    Form.DATES: "row of dates",
}
