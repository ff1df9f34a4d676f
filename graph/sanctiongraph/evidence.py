"""What a pattern matched for one case: ground triples, and whose word or which text each rests on.

A triple rests on the claims whose graphs hold it and that the perspective believes; on the
naming of things in the reference data; on the law or the vocabulary; or it was entailed, and then
it unfolds into the axiom and the triples that needed, down to what somebody asserted. A sum of
ownership unfolds into the shares and blockings that were added up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from pyoxigraph import Triple

from sanctiongraph.claims import Claim
from sanctiongraph.datenotes import BOUNDS, DateNote
from sanctiongraph.vocabulary import term

#: Stands for the axiom of a sum of ownership.
ADDED_UP: Final = "shares added up"


class Bears(Enum):
    """What a match says of a condition, or what else it is of."""

    ESTABLISHES = "establishes"
    REFUTES = "refutes"
    CASE = "case"
    MEASURE = "measure"


class Origin(Enum):
    """What a ground triple rests on."""

    CLAIM = "claim"
    NAMING = "naming"
    LAW = "law"
    VOCABULARY = "vocabulary"
    RECORD = "record"
    ENTAILED = "entailed"
    SUPPOSED = "supposed"


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground triple with what it rests on.

    ``claims`` where a claim asserts it, and ``unread`` the IRIs of those that assert it as well
    where they are too many to be read; ``axiom`` and ``premises`` where it was entailed.
    """

    triple: Triple
    origin: Origin
    claims: tuple[Claim, ...] = ()
    unread: tuple[str, ...] = ()
    axiom: str | None = None
    premises: tuple[Ground, ...] = ()
    date: DateNote | None = None

    @property
    def claim_iris(self) -> tuple[str, ...]:
        """All claims that assert it, read or not."""
        return (*(claim.iri for claim in self.claims), *self.unread)

    @property
    def leaves(self) -> Iterator[Ground]:
        """The asserted triples that it comes from: itself, or those of its premises."""
        if not self.premises:
            yield self
        for premise in self.premises:
            yield from premise.leaves

    @property
    def is_plumbing(self) -> bool:
        """Whether it is a type, a bound of a date, or which body a sum is of.

        A reader is not shown it for its own sake.
        """
        predicate = self.triple.predicate
        return predicate in (term("rdf:type"), term("sg:ofBody")) or predicate in BOUNDS


@dataclass(frozen=True, slots=True)
class Match:
    """One pattern that matched: what it bears on, the ground triples, and what had to be absent.

    Without ground triples the day alone decided. ``absent`` are the insides of the pattern's
    ``FILTER NOT EXISTS`` blocks, for which nothing was found.
    """

    bears: Bears
    pattern: str
    grounds: tuple[Ground, ...]
    absent: tuple[str, ...]
