"""What a page calls together: groups of facts by what they mean, told by the classes of the nodes.

A fact is a node that says something of a thing at a time: an office held, a deal, a measure, a
statement. The table is one of presentation: the vocabulary orders the same classes by what follows.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from sanctiongraph.errors import BadParameter
from sanctiongraph.vocabulary import PREFIXES, term


@dataclass(frozen=True, slots=True)
class Meaning:
    """A group: its name in addresses, its title, and the classes of what belongs to it."""

    name: str
    title: str
    classes: frozenset[NamedNode]


def _meaning(name: str, title: str, classes: str) -> Meaning:
    return Meaning(name, title, frozenset(term(f"sg:{one}") for one in classes.split()))


#: In the order of a page; the first that has a class of the node takes it.
MEANINGS: Final = (
    _meaning("offices", "Offices and memberships", "OfficeHolding TitleHolding Membership Office"),
    _meaning(
        "deals",
        "Deals, deliveries and equipment",
        "ArmsDeal DealEvent Transfer Possession OperationalStatus Stationing Operation Equipment"
        " Upgrade Destruction WeaponTest Ownership",
    ),
    _meaning(
        "measures",
        "Measures and official acts",
        "Measure MeasureSet Designation Imposition Listing Removal Invocation Determination Waiver"
        " Certification CongressionalReport Blocking BlockedOwnership Termination Enactment"
        " Delegation Disapproval Approval Passage Veto Authorisation Publication Signing"
        " LegalReading",
    ),
    _meaning("programmes", "Programmes", "Participation Programme Admission"),
    _meaning(
        "statements",
        "Statements, positions and talks",
        "Statement Stance Request Refusal Occasion Dispute Assurance Prerequisite",
    ),
    _meaning(
        "events",
        "Other events and situations",
        "Event Situation CourseOfAction Resolution Scenario",
    ),
)
#: What a page shows in another way.
APART: Final = frozenset(map(term, ("sg:Claim", "sg:Assessment", "sg:Source", "sg:Date")))


def check_group(name: str) -> None:
    """Raises ``BadParameter`` for a name in an address that is none of a group."""
    if name not in {one.name for one in MEANINGS}:
        offered = ", ".join(one.name for one in MEANINGS)
        raise BadParameter(f"group is {name!r}: it is one of {offered}")


def meaning_of(classes: Collection[object]) -> Meaning | None:
    """The group of a node with these classes; ``None`` for what is no fact."""
    if not APART.isdisjoint(classes):
        return None
    return next((one for one in MEANINGS if not one.classes.isdisjoint(classes)), None)


def is_own(node: NamedNode) -> bool:
    """Whether a term is the vocabulary's own, not one that it is aligned with."""
    return node.value.startswith(PREFIXES["sg"])
