"""Made-up facts in which the patterns of all rules match often, by halves and across each other.

Every pattern is written out some times with its variables filled from small pools, so that what one
rule needs meets what another one does; dates lie on and next to the days on which a rule turns.
"""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Iterable, Iterator

from sanctiongraph.law.groups import Group, read_group, variable
from sanctiongraph.law.rules import Law
from sanctiongraph.law.truthtable import columns_of
from sanctiongraph.vocabulary import PREFIXES

_BASE = PREFIXES["id"] + "drawn/"
_TYPE = f"<{PREFIXES['rdf']}type>"
_XSD = PREFIXES["xsd"]
_AMOUNTS = (999_999, 1_000_000, 14_000_000, 24_999_999, 25_000_000, 50_000_000, 99_999_999,
            100_000_000, 200_000_000, 300_000_000)  # fmt: skip
_SHARES = ("0.2", "0.25", "0.4999", "0.5", "0.50", "0.5001", "0.6", "1")
_STEPS = (0, 1, 10, 11, 12, 14, 15, 16, 29, 30, 31, 59, 60, 61, 179, 180, 181, 365, 366)
#: Parties that some rule names.
_PARTIES = ("Turkey", "Turkey", "Japan", "GRU")
_CONSTANT = re.compile(r'"(\d{4}-\d\d-\d\d)"')


def facts(law: Law, as_of: dt.date, seed: int, times: int = 3) -> Iterator[str]:
    """Lines of N-Triples. The same seed gives the same lines."""
    rng = random.Random(seed)
    patterns = sorted(_patterns(law))
    days = [as_of - dt.timedelta(days=step) for step in _STEPS]
    days += [dt.date.fromisoformat(day) for text in patterns for day in _CONSTANT.findall(text)]
    cases: list[dict[str, str]] = []
    for rule in law.rules.values():
        for _ in range(times):
            values: dict[str, str] = {}
            yield from _written(read_group(rule.case_pattern), values, rng, days)
            cases.append({name: values[name] for name in rule.asks if name in values})
    for text in patterns:
        for _ in range(rng.randrange(times)):
            values = dict(rng.choice(cases)) if rng.random() < 0.7 else {}
            yield from _written(read_group(text), values, rng, days)


def _patterns(law: Law) -> set[str]:
    rules = law.rules.values()
    columns = (patterns for rule in rules for _, patterns in columns_of(law, rule))
    return {text for patterns in columns for text in patterns}


def _written(
    group: Group, values: dict[str, str], rng: random.Random, days: Iterable[dt.date]
) -> Iterator[str]:
    for subject, prop, obj in group.triples:
        if rng.random() < 0.05:
            continue  # so that a pattern matches by a part of it
        ends = (
            _term(subject, "", values, rng, days),
            _term(prop, "", values, rng, days),
            _term(obj, prop, values, rng, days),
        )
        yield f"{' '.join(ends)} .\n"
    for one in group.filters:
        if one.group and rng.random() < 0.4:
            yield from _written(one.group, values, rng, days)


def _term(
    token: str, prop: str, values: dict[str, str], rng: random.Random, days: Iterable[dt.date]
) -> str:
    name = variable(token)
    if name is None:
        prefix, colon, local = token.partition(":")
        if token == "a":
            return _TYPE
        return f"<{PREFIXES[prefix]}{local}>" if colon and prefix in PREFIXES else token
    if name not in values:
        values[name] = _value(name, prop, rng, days)
    return values[name]


def _value(name: str, prop: str, rng: random.Random, days: Iterable[dt.date]) -> str:
    if prop in ("sg:earliest", "sg:latest"):
        day = rng.choice(list(days)) + dt.timedelta(days=rng.choice((-1, 0, 0, 0, 1)))
        return f'"{day}"^^<{_XSD}date>'
    if name == "amount":
        number = rng.choice(_AMOUNTS)
        kind = rng.choice(("integer", "integer", "decimal"))
        return f'"{number}{".0" if kind == "decimal" else ""}"^^<{_XSD}{kind}>'
    if name == "share":
        return f'"{rng.choice(_SHARES)}"^^<{_XSD}decimal>'
    if name in ("side", "otherSide"):
        return f"<{PREFIXES['sg']}{rng.choice(('supplier', 'recipient'))}>"
    if name == "party" and rng.random() < 0.2:
        return f"<{PREFIXES['id']}{rng.choice(_PARTIES)}>"
    return f"<{_BASE}{name}{rng.randrange(20 if name in ('party', 'transaction') else 5)}>"
