"""What graphs have told to the questions of rules, kept as long as they are looked at.

The rules ask some 250 questions for all cases as of a day, and most answers are the same for each
viewpoint and in each scenario: what is believed there beside the accepted graph does not matter to
them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from itertools import islice
from typing import Final

from pyoxigraph import DefaultGraph, Store

from sanctiongraph.assessment import Assessment, assess
from sanctiongraph.incremental.surroundings import Surroundings
from sanctiongraph.incremental.touching import Touched
from sanctiongraph.law.dates import Dates
from sanctiongraph.law.rules import Law, Rule
from sanctiongraph.law.telling import Told
from sanctiongraph.perspective import Perspective
from sanctiongraph.scenario import Scenario
from sanctiongraph.stores.graphstore import GraphStore

#: Rows of answers that are kept of a graph, some 50 MB; of one that tells more all is forgotten.
_MOST_ROWS: Final = 200_000
#: Triples of a viewpoint's graph beyond which all is asked of it: most would matter to something.
_MOST_TRIPLES: Final = 5_000
#: Viewpoints and scenarios of which anything is kept.
_MOST_KEPT: Final = 256

#: By the name of a viewpoint, and what is supposed on it.
_Kept = dict[tuple[str, Scenario | None], Told]


def remembered(perspective: Perspective) -> Told:
    """What a perspective has told, as of any day, with what others told that it would tell as well.

    What is asked of it is to be put there.
    """
    base, scenario = perspective.supposing or (perspective, None)
    kept = _of_store(base.store)
    key = base.viewpoint, scenario
    found = kept.pop(key, None)
    if found is None or found.rows > _MOST_ROWS:
        if scenario is None:
            found = _of_viewpoint(base)
        else:
            found = remembered(base).where(perspective.touched)
    kept[key] = found  # the last one asked is the last to be forgotten
    if len(kept) > _MOST_KEPT:
        del kept[next(iter(kept))]
    return found


def assessments(
    perspective: Perspective,
    law: Law,
    rule: Rule,
    as_of: dt.date,
    case: Mapping[str, str] | None = None,
    *,
    told: Told | None = None,
) -> list[Assessment]:
    """The rule applied from a perspective, as by ``assess``; what it told before is not asked again.

    It is asked about all cases, so of a large graph one case alone is better asked by ``assess``. Who
    asks many rules in a row holds on to what it ``told``, since of a large graph that is forgotten.
    """
    return assess(
        perspective.store,
        law,
        rule,
        as_of,
        case=case,
        graphs=perspective.graphs,
        told=remembered(perspective) if told is None else told,
    )


def let_go() -> None:
    """Forgets everything."""
    _of_store.cache_clear()
    _dates.cache_clear()


@lru_cache(maxsize=2)
def _of_store(_: GraphStore) -> _Kept:
    return {}


def _of_viewpoint(perspective: Perspective) -> Told:
    beyond = [one for one in perspective.graphs if not isinstance(one, DefaultGraph)]
    dates = _dates(perspective.store)
    if not beyond:
        return Told(dates)
    quads = (
        quad
        for graph in beyond
        for quad in perspective.store.quads_for_pattern(None, None, None, graph)
    )
    triples = frozenset(quad.triple for quad in islice(quads, _MOST_TRIPLES + 1))
    if len(triples) > _MOST_TRIPLES:
        return Told(dates)
    around = Surroundings(perspective.store, (DefaultGraph(),))
    accepted = remembered(Perspective(perspective.store))
    return accepted.where(Touched(triples, triples, around))


@lru_cache(maxsize=2)
def _dates(store: GraphStore) -> Dates | None:
    # A store across the network would be asked for all of them one after the other.
    return Dates(store) if isinstance(store, Store) else None
