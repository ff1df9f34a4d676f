"""How well a thing fits a name that somebody gives, feature by feature.

A score is from 0 to 100 and is the sum of its features, so that whoever reviews a match can see
why it came first.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz

from sanctiongraph.names.folding import compact, folded
from sanctiongraph.names.index import NameIndex, Thing
from sanctiongraph.vocabulary import PREFIXES

#: What each feature can add to a score at the most.
_NAME: Final = 88.0
_LABEL: Final = 4.0
_LASTING: Final = 5.0
_MENTIONS: Final = 3.0
#: Of a score, what is left where the type that was asked for is another.
_LEFT_OF_OTHERS: Final = 0.6
#: The feature that takes the rest away.
OTHER_TYPE: Final = "other type"
#: A match is offered as certain from this score on, where the next is this much below it.
_CERTAIN: Final = 90.0
_AHEAD: Final = 5.0
#: Below this a thing is not like the name.
_LEAST: Final = 45.0
#: What happens or holds for a time is less often meant by a name than what lasts.
_PASSING: Final = frozenset(
    PREFIXES["sg"] + name for name in ("Event", "Situation", "Source", "Viewpoint", "Scenario")
)


@dataclass(frozen=True, slots=True)
class Feature:
    """One reason for a score, and how many points it gave."""

    name: str
    points: float


@dataclass(frozen=True, slots=True)
class Match:
    """A thing that may be meant. ``certain``: no other comes near, and it fits."""

    thing: Thing
    score: float
    features: tuple[Feature, ...]
    certain: bool = False


def matches(
    index: NameIndex,
    text: str,
    *,
    classes: Collection[str] = (),
    strict: bool = False,
    most: int = 5,
) -> list[Match]:
    """The things that may be meant by a name, the best first.

    ``classes`` are what the thing should be one of; with ``strict`` it has to be.
    """
    found = []
    for thing in index.candidates(text):
        fits = thing.is_of(classes)
        if strict and not fits:
            continue
        match = compared(text, thing, fits)
        if match.score >= _LEAST * (1.0 if fits else _LEFT_OF_OTHERS):
            found.append(match)
    found.sort(key=lambda one: (-one.score, one.thing.iri))
    if found and found[0].score >= _CERTAIN:
        second = found[1].score if len(found) > 1 else 0.0
        if found[0].score - second >= _AHEAD:
            found[0] = Match(found[0].thing, found[0].score, found[0].features, certain=True)
    return found[:most]


def compared(text: str, thing: Thing, fits: bool = True) -> Match:
    """The score of one thing; ``fits`` says whether it is of the type that was asked for."""
    best, alias = max(
        ((alikeness(text, name.text), name.alias) for name in thing.names),
        key=lambda pair: (pair[0], not pair[1]),
        default=(0.0, True),
    )
    features = [
        Feature("name", round(_NAME * best, 2)),
        Feature("label", 0.0 if alias else round(_LABEL * best, 2)),
        Feature("lasting", 0.0 if thing.classes & _PASSING else _LASTING),
        Feature("mentions", round(_MENTIONS * min(1.0, math.log10(1 + thing.mentions) / 2), 2)),
    ]
    return summed(thing, features, fits)


def summed(
    thing: Thing, features: Iterable[Feature], fits: bool = True, certain: bool = False
) -> Match:
    """A match of these features; where the thing is of another type, of them and ``OTHER_TYPE``."""
    found = list(features)
    if not fits:
        total = sum(feature.points for feature in found)
        found.append(Feature(OTHER_TYPE, round(total * (_LEFT_OF_OTHERS - 1), 2)))
    score = round(sum(feature.points for feature in found), 2)
    return Match(thing, score, tuple(found), certain)


def alikeness(asked: str, name: str) -> float:
    """How alike two names are, from 0 to 1: as they are written, and word by word.

    >>> alikeness("F-35", "F35")
    1.0
    >>> alikeness("Donald J. Trump", "Donald Trump") > alikeness("Donald J. Trump", "Trump's envoy")
    True
    """
    if compact(asked) == compact(name):
        return 1.0
    left, right = folded(asked), folded(name)
    if not left or not right:
        return 0.0
    words = fuzz.token_set_ratio(left, right) + fuzz.token_sort_ratio(left, right)
    return min(0.98, words / 200)
