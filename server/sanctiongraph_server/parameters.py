"""The parameters of an address, read by name and refused where they are not known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import request

from sanctiongraph.errors import BadParameter

Parameters = dict[str, str]

_DAY: Final = "as_of"


@dataclass(frozen=True, slots=True)
class Described:
    """What a parameter is, for whoever reads the description of the addresses."""

    description: str
    example: str
    #: ``date``, or nothing for a name.
    format: str | None = None
    #: The only values there are, where the program and not the data decides them.
    values: tuple[str, ...] = ()
    #: A regular expression (ECMA-262) for what is a name.
    pattern: str | None = None
    #: ``string`` or ``integer``, with the least and the most of a number.
    type: str = "string"
    minimum: int | None = None
    maximum: int | None = None
    default: str | None = None
    #: The form of what is JSON, as a schema.
    json: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class WholeNumber:
    """A parameter that is a whole number: how it is read, and how it is described."""

    name: str
    least: int
    most: int
    #: What is meant without it.
    default: int

    def read(self, given: Mapping[str, str]) -> int:
        """Its value. Raises ``BadParameter`` for what is none within the bounds, however long."""
        written = given.get(self.name)
        if written is None:
            return self.default
        # A number is made only of what is short: Python refuses long ones, after long work.
        digits = written.lstrip("0") or written[:1]
        if digits.isascii() and digits.isdigit() and len(digits) <= len(str(self.most)):
            number = int(digits)
            if self.least <= number <= self.most:
                return number
        shown = repr(written) if len(written) <= _LONGEST_SHOWN else f"{len(written)} characters"
        raise BadParameter(
            f"{self.name} is {shown}: give a whole number from {self.least} to {self.most}"
        )

    def described(self, description: str, example: str, default: int | None = None) -> Described:
        """What it is, with its bounds; ``default`` is shown where what is meant is a number."""
        return Described(
            description,
            example,
            type="integer",
            minimum=self.least,
            maximum=self.most,
            default=None if default is None else str(default),
        )


_LONGEST_SHOWN: Final = 40
_THING: Final = "by the last part of its IRI, its short form or its IRI"
_NAMED: Final = (
    r"^([A-Za-z0-9_.\-]+|(id|law|claim|source):[A-Za-z0-9_./\-]+"
    r"|https?://[A-Za-z0-9.\-]+(:[0-9]+)?/[A-Za-z0-9._~/\-]*(#[A-Za-z0-9._~\-]*)?)$"
)

#: Every parameter of an address that is not SPARQL.
DESCRIBED: Final = {
    "rule": Described("a rule, by its name in /rules", "caatsa-231-a"),
    "party": Described(f"a person, agency or state, {_THING}", "SSB", pattern=_NAMED),
    "transaction": Described(f"a deal or delivery, {_THING}", "TurkeyS400Delivery", pattern=_NAMED),
    "as_of": Described("the day as of which to ask; today (UTC) without it", "2025-12-06", "date"),
    "viewpoint": Described(
        "whose claims to accept on top of what sources state as fact: sources (nobody else's),"
        " turkey, united-states, russia or everyone; the graph may have more",
        "turkey",
    ),
    "scenario": Described("a named supposition of the graph", "storage-in-turkey"),
    "with_as_of": Described("the day of the other side", "2020-12-13", "date"),
    "with_viewpoint": Described("the viewpoint of the other side", "united-states"),
    "with_scenario": Described("the scenario of the other side", "storage-in-turkey"),
    "target": Described(
        "a rule that is to apply, or with not: before it one that is not to", "not:caatsa-231-a"
    ),
    "matter": Described(
        f"what the options are for, {_THING}", "S400HandlingQuestion", pattern=_NAMED
    ),
    "timeout": Described(
        "seconds to take at the most",
        "2.5",
        pattern=r"^([1-9][0-9]{0,8}(\.[0-9]{0,9})?|0\.[0-9]{0,8}[1-9])$",
    ),
    "lang": Described("the language of labels, on a page for people", "tr", values=("en", "tr")),
    "format": Described(
        "the format of the answer; what Accept asks for without it",
        "json",
    ),
}


def parameters(needed: Sequence[str], optional: Sequence[str], example: str) -> Parameters:
    """The parameters of the request; an empty one counts as not given.

    Raises ``BadParameter`` for one that is unknown, missing or given twice.
    """
    known = (*needed, *optional)
    for name in request.args:
        if name not in known:
            raise BadParameter(f"there is no parameter {name!r}; there are: {', '.join(known)}")
        if len(request.args.getlist(name)) > 1:
            raise BadParameter(f"{name} is given more than once")
    given = {name: request.args[name] for name in known if request.args.get(name)}
    for name in needed:
        if name not in given:
            raise BadParameter(f"{name} is missing: {example}")
    return given


def on_a_day(given: Parameters, known: Collection[str]) -> tuple[Parameters, str | None]:
    """The parameters with the day that is meant, and that day where it is only today's (UTC)."""
    if _DAY in given or _DAY not in known:
        return given, None
    today = dt.datetime.now(dt.UTC).date().isoformat()
    return {**given, _DAY: today}, today
