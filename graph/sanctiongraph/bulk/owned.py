"""Ownership by blocked persons, added up from tables (``sanctiongraph.ownership``).

Most patterns ask only what holds on the day, and the sums of one day are much less work than those
of all time; so where the form of the patterns shows that the day is enough, no more is added up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from enum import IntEnum
from itertools import chain
from typing import Final

from pyoxigraph import Triple

from sanctiongraph.bulk.kinds import (
    TYPE,
    Kind,
    NotCoveredError,
    expression_of,
    kinds_of_triple,
    term_of,
)
from sanctiongraph.bulk.tables import Tables
from sanctiongraph.law.expressions import Binary, Const, Var
from sanctiongraph.law.groups import Group, variable
from sanctiongraph.law.relaxing import as_of_literal
from sanctiongraph.ownership import on_day, over_time
from sanctiongraph.shares import Holding, Listed, Spell, spell
from sanctiongraph.vocabulary import term


def _property(name: str) -> Kind:
    return Kind(term(f"sg:{name}").value)


def _class(name: str) -> Kind:
    return Kind(TYPE, term(f"sg:{name}").value)


_OWNERSHIP, _BLOCKING, _DESIGNATION = map(_class, ("Ownership", "Blocking", "Designation"))
_BLOCKING_LIST: Final = _class("BlockingList")
_OWNER, _OWNED, _SHARE, _TARGET, _LIST = map(
    _property, ("owner", "owned", "share", "target", "list")
)
_FROM, _ON, _UNTIL = map(_property, ("holdsFrom", "holdsOn", "holdsUntil"))
_ADDS_UP: Final = _property("addsUp")
_SUPERSEDES: Final = _property("supersedes")
_EARLIEST, _LATEST, _THRESHOLD = map(_property, ("earliest", "latest", "ownershipThreshold"))

#: The kinds that the sums are made from.
SOURCES: Final = frozenset(
    {_OWNERSHIP, _BLOCKING, _DESIGNATION, _BLOCKING_LIST, _OWNER, _OWNED, _SHARE, _TARGET, _LIST,
     _FROM, _ON, _UNTIL, _EARLIEST, _LATEST, _THRESHOLD}
)  # fmt: skip
#: The class of the sums. Those that facts state are not believed: they are made anew.
STATED: Final = _class("BlockedOwnership")
#: The kinds that a sum consists of, and those of the dates that it has.
_OF_SUMS: Final = {STATED, _class("Situation"), _FROM, _UNTIL, _ADDS_UP,
                   *map(_property, ("ofBody", "blockedShare", "clearShare"))}  # fmt: skip
#: Those that the sums of one day do not have.
_OF_ALL_TIME: Final = {_FROM, _UNTIL, _ADDS_UP}
_OF_DATES: Final = {_class("Date"), _property("edtf"), _EARLIEST, _LATEST}


class Extent(IntEnum):
    """Which sums patterns can read."""

    NONE = 0
    DAY = 1
    ALL_TIME = 2


def read_by(group: Group, asks: Collection[str], as_of: dt.date) -> Extent:
    """Which ownership sums a pattern that is asked about a day can read. Raises ``NotCoveredError``."""
    return max((extent for extent in _extents(group, (), asks, as_of)), default=Extent.NONE)


def _extents(
    group: Group, around: tuple[Group, ...], asks: Collection[str], as_of: dt.date
) -> Iterator[Extent]:
    known = {triple[0] for one in around for triple in one.triples}
    triples = [triple for one in (*around, group) for triple in one.triples]
    for subject in {triple[0] for triple in group.triples} - known:
        asked = [
            set(kinds_of_triple(triple, one))
            for one in (*around, group)
            for triple in one.triples
            if triple[0] == subject
        ]
        if all(kinds & _OF_SUMS for kinds in asked):
            inside = variable(subject) not in asks and all(one[2] != subject for one in triples)
            timeless = not any(kinds & _OF_ALL_TIME for kinds in asked)
            if inside and timeless and _only_of_the_day(group, subject, as_of):
                yield Extent.DAY
            else:
                yield Extent.ALL_TIME
        elif all(kinds & _OF_DATES for kinds in asked) and all(
            one[2] != subject for one in triples
        ):
            yield Extent.ALL_TIME  # any date whatever
    for one in group.filters:
        if one.group:
            yield from _extents(one.group, (*around, group), asks, as_of)


def _only_of_the_day(group: Group, subject: str, as_of: dt.date) -> bool:
    """Whether all that is asked of when a sum holds is that it holds on the day."""
    groups = [
        one
        for one in group.filters
        if one.group and variable(subject) in one.names and not _replaced(one.group, subject)
    ]
    if any(" ".join(one.text.upper().split()) != "FILTER NOT EXISTS" for one in groups):
        return False
    asked = sorted(_bound_asked(one.group, subject, as_of) for one in groups if one.group)
    return asked == [_FROM.property, _UNTIL.property]


def _replaced(group: Group, subject: str) -> bool:
    """Whether all that is asked is whether another sum supersedes it.

    None made here does, and what supersedes is a sum: one that facts state is forgotten.
    """
    if len(group.triples) != 1 or group.filters:
        return False
    newer, prop, older = group.triples[0]
    return (
        older == subject
        and variable(newer) is not None
        and variable(newer) != variable(subject)
        and not variable(prop)
        and prop != "a"
        and term_of(prop).value == _SUPERSEDES.property
    )


def _bound_asked(group: Group, subject: str, as_of: dt.date) -> str:
    """The property in ``{ subject property ?date . ?date bound ?day FILTER(?day ... day) }`` that
    leaves out what begins later, or what has ended; nothing for any other group.
    """
    if len(group.triples) != 2 or len(group.filters) != 1 or group.filters[0].group:
        return ""
    (_, prop, date), (dated, bound, day) = sorted(
        group.triples, key=lambda triple: triple[0] != subject
    )
    expression = expression_of(group.filters[0])
    name, value = variable(date), variable(day)
    if not (group.triples[0][0] == subject and name and value and dated == date and name != value):
        return ""
    for one, of, operator in ((_FROM, _LATEST, ">"), (_UNTIL, _EARLIEST, "<=")):
        wanted = Binary(operator, Var(value), Const(as_of_literal(as_of)))
        named = (term_of(prop).value, term_of(bound).value) == (one.property, of.property)
        if named and expression == wanted:
            return one.property
    return ""


def forget_stated(tables: Tables) -> None:
    """Removes whatever is said of sums that the facts state."""
    if STATED in tables.filled:
        name = tables.name(STATED)
        tables.run(f"CREATE TABLE stated AS SELECT s FROM {name}")
        for kind in tables.filled:
            tables.run(f"DELETE FROM {tables.name(kind)} WHERE s IN (SELECT s FROM stated)")
        tables.run("DROP TABLE stated")


def sums(tables: Tables, extent: Extent, as_of: dt.date) -> Iterable[Triple]:
    """What the ownerships in the tables add up to. Raises ``NotCoveredError`` for a strange value."""
    if extent is Extent.NONE:
        return ()
    thresholds = [
        Decimal(_value(row[0]))
        for row in tables.run(
            f"SELECT term FROM {tables.name(_THRESHOLD)} AS t JOIN terms ON terms.id = t.o"
        )
    ]
    if not thresholds:
        return ()
    try:
        holdings, blockings = list(_holdings(tables)), list(_blockings(tables))
    except (ValueError, ArithmeticError) as error:
        raise NotCoveredError(f"a share or a date in an ownership: {error}") from None
    if extent is Extent.DAY:
        return on_day(holdings, blockings, min(thresholds), as_of)
    return over_time(holdings, blockings, min(thresholds))


def _holdings(tables: Tables) -> Iterator[Holding]:
    texts = _texts("t.s", "owner.o", "owned.o", "share.o", *_TIMES)
    query = f"""SELECT {texts} FROM {tables.name(_OWNERSHIP)} AS t
        JOIN {tables.name(_OWNER)} AS owner ON owner.s = t.s
        JOIN {tables.name(_OWNED)} AS owned ON owned.s = t.s
        JOIN {tables.name(_SHARE)} AS share ON share.s = t.s {_times(tables)}"""
    for one, owner, owned, share, *times in chain.from_iterable(tables.batches(query)):
        amount = Decimal(_value(share))
        yield Holding(_value(one), _value(owner), _value(owned), amount, _spell(times))


def _blockings(tables: Tables) -> Iterator[Listed]:
    query = f"""SELECT {_texts("t.s", "target.o", *_TIMES)} FROM (
            SELECT s FROM {tables.name(_BLOCKING)} UNION ALL
            SELECT d.s FROM {tables.name(_DESIGNATION)} AS d
            JOIN {tables.name(_LIST)} AS l ON l.s = d.s
            JOIN {tables.name(_BLOCKING_LIST)} AS b ON b.s = l.o
        ) AS t JOIN {tables.name(_TARGET)} AS target ON target.s = t.s {_times(tables)}"""
    for one, owner, *times in chain.from_iterable(tables.batches(query)):
        yield Listed(_value(one), _value(owner), _spell(times))


_TIMES: Final = ("begins.day", "seen.day", "ends.day")


def _times(tables: Tables) -> str:
    joined = ""
    for name, prop, bound in (
        ("begins", _FROM, _LATEST), ("seen", _ON, _EARLIEST), ("ends", _UNTIL, _EARLIEST)
    ):  # fmt: skip
        joined += (
            f" LEFT JOIN (SELECT date.s, bound.o AS day FROM {tables.name(prop)} AS date "
            f"JOIN {tables.name(bound)} AS bound ON bound.s = date.o) AS {name} ON {name}.s = t.s"
        )
    return joined


def _texts(*columns: str) -> str:
    return ", ".join(f"(SELECT term FROM terms WHERE id = {column})" for column in columns)


def _spell(times: Sequence[str | None]) -> Spell:
    begins, seen, ends = (None if one is None else _value(one) for one in times)
    return spell(begins, seen, ends)


def _value(text: str) -> str:
    """The IRI, the name of a blank node or the text of a literal, from how a triple has it."""
    if text.startswith('"'):
        return text[1 : text.rindex('"')]
    return text[1:-1] if text.startswith("<") else text[2:]
