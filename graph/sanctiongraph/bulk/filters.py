"""Expressions of filters as SQL.

An error in SPARQL (a comparison of what does not compare) is ``NULL`` here; both logics have three
values and treat the third alike. Where a column holds values whose comparison would be another in
SQL than in SPARQL (times of day, time zones, floating point), it is not covered.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from pyoxigraph import Literal, NamedNode

from sanctiongraph.bulk.kinds import NotCoveredError
from sanctiongraph.law import durations
from sanctiongraph.law.expressions import (
    COMPARISONS,
    Binary,
    Call,
    Const,
    Expression,
    In,
    Not,
    Var,
    variables_of,
)
from sanctiongraph.vocabulary import PREFIXES

_XSD: Final = PREFIXES["xsd"]
#: The months and days that a day is moved by at most: beyond, the calendars of the two may end.
_MOST_MONTHS: Final = 120_000
_MOST_DAYS: Final = 1_000_000
_PARTS: Final = {"YEAR", "MONTH", "DAY"}


class Scope(Protocol):
    """Where the variables of a pattern are in its SQL."""

    def node(self, name: str) -> str:
        """The column with the number of a variable's term."""

    def sorts(self, name: str) -> frozenset[str]:
        """What a variable's values can be: ``node`` and the sorts of ``Tables.value_literals``."""

    def value(self, name: str, sort: str, *, needed: bool) -> str:
        """The column with a variable's value as a ``day`` or ``number``, ``NULL`` where it is none.

        ``needed`` says that a row without such a value can be left out.
        """

    def id(self, term: NamedNode | Literal) -> int:
        """The number of a term."""


@dataclass(frozen=True, slots=True)
class _Sql:
    """SQL and what it gives: a ``day``, ``number``, ``whole`` number, or a duration in ``days`` or
    ``months``.
    """

    sort: str
    text: str


def condition(expression: Expression, scope: Scope) -> str:
    """An expression as a condition of SQL. Raises ``NotCoveredError``."""
    return _boolean(expression, scope, needed=_needed(expression))


def _needed(expression: Expression) -> set[str]:
    """The variables that have to have a value of the right sort for the expression to be true."""
    if isinstance(expression, Not) and isinstance(expression.inner, Not):
        return _needed(expression.inner.inner)
    if isinstance(expression, Not):
        inner = expression.inner
        compares = isinstance(inner, Binary) and inner.operator in COMPARISONS
        return variables_of(inner) if compares else set()
    if isinstance(expression, Binary) and expression.operator == "&&":
        return _needed(expression.left) | _needed(expression.right)
    if isinstance(expression, Binary) and expression.operator == "||":
        return _needed(expression.left) & _needed(expression.right)
    return variables_of(expression) if isinstance(expression, Binary) else set()


def _boolean(expression: Expression, scope: Scope, needed: set[str]) -> str:
    if isinstance(expression, Not):
        return f"NOT {_boolean(expression.inner, scope, needed)}"
    if isinstance(expression, In):
        parts = [_compared("=", expression.left, one, scope, needed) for one in expression.members]
        return f"({' OR '.join(parts)})"
    if isinstance(expression, Binary) and expression.operator in ("&&", "||"):
        left, right = (_boolean(one, scope, needed) for one in (expression.left, expression.right))
        return f"({left} {'AND' if expression.operator == '&&' else 'OR'} {right})"
    if isinstance(expression, Binary) and expression.operator in COMPARISONS:
        if expression.left == expression.right:  # the engine takes that for known, whatever it is
            raise NotCoveredError("a comparison of a term with itself")
        return _compared(expression.operator, expression.left, expression.right, scope, needed)
    if isinstance(expression, Const) and isinstance(expression.term, Literal):
        text = expression.term.value
        if expression.term.datatype.value == _XSD + "boolean" and text in ("true", "false"):
            return text.upper()
    raise NotCoveredError(f"a filter by {expression}")


def _compared(
    operator: str, left: Expression, right: Expression, scope: Scope, needed: set[str]
) -> str:
    if operator in ("=", "!=") and (_names_things(left, scope) or _names_things(right, scope)):
        sign = "=" if operator == "=" else "<>"
        return f"({_node(left, scope)} {sign} {_node(right, scope)})"
    if _valueless(left, scope) or _valueless(right, scope):
        return "CAST(NULL AS BOOLEAN)"
    sort = _sort(left, scope) or _sort(right, scope)
    if sort is None:
        raise NotCoveredError(f"a comparison of {left} with {right}")
    exact = operator in ("=", "!=")
    one, other = (_value(side, sort, scope, needed, exact) for side in (left, right))
    pair = {one.sort, other.sort}
    if not (pair == {"day"} or pair <= {"number", "whole"}):
        raise NotCoveredError(f"a comparison of {left} with {right}")
    return f"({one.text} {'<>' if operator == '!=' else operator} {other.text})"


def _names_things(expression: Expression, scope: Scope) -> bool:
    """Whether it is no literal, so that it equals what is the same term and nothing else."""
    if isinstance(expression, Const):
        return isinstance(expression.term, NamedNode)
    return isinstance(expression, Var) and scope.sorts(expression.name) <= {"node"}


def _valueless(expression: Expression, scope: Scope) -> bool:
    """Whether it is never a literal, which compares with nothing by size."""
    return isinstance(expression, Var) and scope.sorts(expression.name) <= {"node"}


def _node(expression: Expression, scope: Scope) -> str:
    if isinstance(expression, Var):
        return scope.node(expression.name)
    if isinstance(expression, Const):
        return str(scope.id(expression.term))
    raise NotCoveredError(f"{expression} compared with a thing")


def _sort(expression: Expression, scope: Scope) -> str | None:
    """Whether an expression gives days or numbers, where that can be told."""
    if isinstance(expression, Const) and isinstance(expression.term, Literal):
        return {"day": "day", "number": "number", "whole": "number"}.get(
            _constant(expression.term).sort
        )
    if isinstance(expression, Call):
        return "number"
    if isinstance(expression, Binary) and expression.operator in ("+", "-", "*"):
        return _sort(expression.left, scope) or _sort(expression.right, scope)
    if isinstance(expression, Var):
        sorts = scope.sorts(expression.name) - {"node"}
        return next(iter(sorts)) if sorts in ({"day"}, {"number"}) else None
    return None


def _value(
    expression: Expression, sort: str, scope: Scope, needed: set[str], exact: bool = False
) -> _Sql:
    if isinstance(expression, Const) and isinstance(expression.term, Literal):
        return _constant(expression.term)
    if isinstance(expression, Var):
        return _variable(expression.name, sort, scope, needed, exact)
    if isinstance(expression, Call) and expression.function in _PARTS:
        inner = _value(expression.of, "day", scope, needed)
        if inner.sort == "day":
            return _Sql("whole", f"{expression.function.lower()}({inner.text})")
    if isinstance(expression, Binary) and expression.operator in ("+", "-", "*"):
        one, other = (
            _value(side, sort, scope, needed) for side in (expression.left, expression.right)
        )
        make = _SUMS.get((one.sort, expression.operator, other.sort))
        if make:
            return make(one.text, other.text, expression.operator)
    raise NotCoveredError(f"the expression {expression}")


def _variable(name: str, sort: str, scope: Scope, needed: set[str], exact: bool) -> _Sql:
    sorts = scope.sorts(name)
    # Of things and texts none compares with a day or a number: an error in SPARQL, NULL here. Only
    # ``=`` tells a thing from a literal without an error.
    fine = {sort} if exact else {"day", "number", "text", "node"}
    if not sorts <= fine:
        raise NotCoveredError(f"?{name}, which can be {', '.join(sorted(sorts - fine))}")
    return _Sql(sort, scope.value(name, sort, needed=name in needed))


def _whole(one: str, other: str, operator: str) -> _Sql:
    return _Sql("whole", f"({one} {operator} {other})")


def _days_on(one: str, other: str, operator: str) -> _Sql:
    return _Sql("day", f"({one} {operator} {other})")


def _months_on(one: str, other: str, operator: str) -> _Sql:
    return _Sql("day", f"CAST({one} {operator} to_months({other}) AS DATE)")


_SUMS: Final[dict[tuple[str, str, str], Callable[[str, str, str], _Sql]]] = {
    **{("whole", sign, "whole"): _whole for sign in "+-*"},
    **{("day", sign, "days"): _days_on for sign in "+-"},
    **{("day", sign, "months"): _months_on for sign in "+-"},
}


def _constant(term: Literal) -> _Sql:
    text, kind = term.value, term.datatype.value.removeprefix(_XSD)
    if kind == "date":
        try:
            return _Sql("day", f"DATE '{dt.date.fromisoformat(text).isoformat()}'")
        except ValueError:
            pass
    elif kind == "integer" and re.fullmatch(r"\d{1,9}", text):
        return _Sql("whole", text)
    elif kind == "decimal" and re.fullmatch(r"\d{1,18}(\.\d{1,18})?", text):
        return _Sql("number", f"CAST('{text}' AS DECIMAL(38, 18))")
    elif kind in ("dayTimeDuration", "yearMonthDuration") and (by := durations.read(text)):
        if kind == "dayTimeDuration" and not by.months and abs(by.days) < _MOST_DAYS:
            return _Sql("days", f"({by.days})")
        if kind == "yearMonthDuration" and not by.days and abs(by.months) < _MOST_MONTHS:
            return _Sql("months", str(by.months))
    raise NotCoveredError(f"the constant {term}")
