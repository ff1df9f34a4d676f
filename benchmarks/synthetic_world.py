"""The invented things of a made-up graph, and what is claimed about them.

The same seed gives the same things and claims. Few speakers make most of the claims, and few things
are in most of them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

#: Companies in a chain of owners.
_CHAIN = 8
#: Kinds of entity: class, how many claims there are to one, the fewest and the most.
KINDS = {
    "State": ("sg:State", 40, 12, 195),
    "Agency": ("sg:Agency", 12, 12, None),
    "Company": ("sg:Company", 12, 8, None),
    "Person": ("sg:Person", 10, 12, None),
    "Office": ("sg:Office", 20, 8, None),
    "Group": ("sg:UnnamedGroup", 20, 4, None),
    "System": ("sg:WeaponSystem", 50, 7, None),
    "Programme": ("sg:Programme", 100, 2, None),
    "Location": ("sg:Location", 50, 4, None),
    "Act": ("sg:Act", 150, 4, None),
}
_MODALITIES = ("ReportedSpeech",) * 5 + ("Position",) * 2 + (
    "Forecast",
    "Requirement",
    "Option",
    "QuotedSpeech",
)  # fmt: skip
_MEASURE_TYPES = ("ExportLicenceDenial", "AssetFreeze", "VisaBan", "LoanProhibition")
_QUALITIES = ("Unfair", "Sovereign", "WithinReach", "Unacceptable")


@dataclass
class World:
    """The invented things, and what is claimed about them."""

    rng: random.Random
    claims: int
    counts: dict[str, int] = field(init=False)
    aspects: tuple[Callable[[], tuple[str, str]], ...] = field(init=False)

    def __post_init__(self) -> None:
        self.counts = {}
        for kind, (_, share, fewest, most) in KINDS.items():
            count = max(fewest, self.claims // share)
            self.counts[kind] = min(count, most) if most else count
        self.aspects = (
            *(self._deal, self._deal, self._delivery, self._contract, self._number_ordered),
            *(self._measure, self._measure, self._measure_from, self._imposition),
            *(self._office, self._participation, self._possession, self._designation),
            *(self._talks, self._statement, self._stance, self._stance),
            *(self._ownership, self._ownership, self._blocking),
        )

    def entities(self, kind: str) -> Iterator[str]:
        """The entities of a kind in Turtle, each with its links to others."""
        for number in range(self.counts[kind]):
            name = f"{kind}{number}"
            yield (
                f"id:{name} a {KINDS[kind][0]} ;\n"
                f'    rdfs:label "{words(name)}"@en , "{words(name)} (uydurma)"@tr ;\n'
                f'    skos:altLabel "{kind[0]}-{number}"@en{self._links(kind, number)} .\n\n'
            )

    def _links(self, kind: str, number: int) -> str:
        match kind:
            case "Agency" if number % 3:  # every third is a ministry, the others are below one
                return f" ; sg:partOf id:Agency{number - number % 3}"
            case "Agency":
                return f" ; sg:agencyOf {self.some('State')}"
            case "Company":
                sector = f"id:DefenceSector{number % 7}"
                return f" ; sg:operatesInSector {sector} ; sg:locatedIn {self.some('State')}"
            case "Group":
                return f" ; sg:speaksFor {self.some('Agency')}"
            case "Office":
                return f" ; sg:officeOf {self.some('Agency')}"
            case "System":
                return f" ; sg:madeIn {self.some('State')} ; sg:maker {self.some('Company')}"
            case "Programme":
                return f" ; sg:develops {self.some('System')}"
            case "Act":
                return f" ; sg:lawOf {self.some('State')}"
        return ""

    def some(self, kind: str) -> str:
        """A thing of a kind, the first ones much more often than the last."""
        return f"id:{kind}{self._skewed(self.counts[kind])}"

    def speaker(self, source: str) -> tuple[str, str]:
        """Who makes a claim of this source, and with which modality."""
        if self.rng.random() < 0.77:
            return source, "Fact"
        kind = self.rng.choice(("Person", "Person", "State", "Agency", "Group"))
        return self.some(kind), self.rng.choice(_MODALITIES)

    def assertion(self) -> tuple[str, str]:
        """What some claim asserts in Turtle, and its wording."""
        return self.rng.choice(self.aspects)()

    def day(self) -> str:
        """A date between 1990 and 2026, of differing precision."""
        year, month, day = (
            self.rng.randint(1990, 2026),
            self.rng.randint(1, 12),
            self.rng.randint(1, 28),
        )
        draw = self.rng.random()
        if draw < 0.7:
            return f"{year}-{month:02}-{day:02}" + ("~" if draw < 0.05 else "")
        return f"{year}-{month:02}" if draw < 0.9 else str(year)

    def _skewed(self, count: int) -> int:
        return int(count * self.rng.random() ** 3)

    def _thing(self, kind: str, share: int) -> tuple[str, random.Random]:
        """One of the things that several claims are about, and dice that always fall the same for it."""
        number = self._skewed(max(3, self.claims // share))
        return f"id:{kind}{number}", random.Random(number)

    def _fixed(self, dice: random.Random, kind: str) -> str:
        return f"id:{kind}{int(self.counts[kind] * dice.random() ** 2)}"

    def _deal(self) -> tuple[str, str]:
        deal, dice = self._thing("Deal", 8)
        supplier, recipient = self._fixed(dice, "State"), self._fixed(dice, "Agency")
        item = self._fixed(dice, "System")
        text = f"{deal} a sg:ArmsDeal ; sg:supplier {supplier} ; sg:recipient {recipient} ; sg:item {item} ."
        return text, f"{words(supplier)} sold {words(item)} to {words(recipient)}."

    def _number_ordered(self) -> tuple[str, str]:
        deal, _ = self._thing("Deal", 8)
        number = self.rng.randint(1, 200)
        text = f'{deal} a sg:ArmsDeal ; sg:numberOrdered {number} ; sg:unitCounted "pieces" .'
        return text, f"{number} pieces were ordered in {words(deal)}."

    def _contract(self) -> tuple[str, str]:
        deal, _ = self._thing("Deal", 8)
        value = self.rng.randint(1, 9_000) * 1_000_000
        text = (
            f"{deal}Contract a sg:Contract ; sg:ofDeal {deal} ; sg:value {value}.0 ; "
            f'sg:currency "USD" ; {self._when()} .'
        )
        return text, f"A contract of {words(deal)} over {value} US dollars was signed."

    def _delivery(self) -> tuple[str, str]:
        deal, _ = self._thing("Deal", 8)
        number = self.rng.randint(1, 9)
        text = (
            f"{deal}Delivery{number} a sg:Delivery ; sg:ofDeal {deal} ; sg:follows {deal}Contract ; "
            f"sg:numberDelivered {number} ; {self._when()} ."
        )
        return text, f"{number} pieces of {words(deal)} were delivered."

    def _measure(self) -> tuple[str, str]:
        measure, dice = self._thing("Measure", 5)
        target, by = self._fixed(dice, "Company"), self._fixed(dice, "State")
        text = (
            f"{measure} a sg:Measure ; sg:target {target} ; sg:imposedBy {by} ; "
            f"sg:measureType sg:{dice.choice(_MEASURE_TYPES)} ; sg:under {self._fixed(dice, 'Act')} ."
        )
        return text, f"{words(by)} has a measure in force against {words(target)}."

    def _measure_from(self) -> tuple[str, str]:
        measure, _ = self._thing("Measure", 5)
        until = f' ; sg:holdsUntil [ sg:edtf "{self.day()}" ]' if self.rng.random() < 0.3 else ""
        return (
            f'{measure} a sg:Measure ; sg:holdsFrom [ sg:edtf "{self.day()}" ]{until} .',
            f"{words(measure)} has been in force for some time.",
        )

    def _imposition(self) -> tuple[str, str]:
        measure, dice = self._thing("Measure", 5)
        by = self._fixed(dice, "State")
        text = (
            f"{measure} sg:imposition {measure}Imposition . {measure}Imposition a sg:Imposition ; "
            f"sg:actor {by} ; sg:target {self._fixed(dice, 'Company')} ; {self._when()} ."
        )
        return text, f"{words(by)} imposed {words(measure)}."

    def _designation(self) -> tuple[str, str]:
        entry, dice = self._thing("Designation", 10)
        target = self._fixed(dice, "Company")
        text = (
            f"{entry} a sg:Designation ; sg:target {target} ; sg:list id:List{dice.randint(1, 9)} ; "
            f'sg:entryNumber "{dice.randint(1, 99_999)}" .'
        )
        return text, f"{words(target)} stands on a list."

    def _ownership(self) -> tuple[str, str]:
        """Companies in chains, each owned by the one before it, the first by a person."""
        number = self._skewed(self.counts["Company"])
        place, dice = number % _CHAIN, random.Random(number)
        above = number // _CHAIN % self.counts["Person"]
        owner = f"id:Company{number - 1}" if place else f"id:Person{above}"
        share = dice.choice(("0.26", "0.5", "0.51", "1.0"))
        text = (
            f"id:Company{number}Ownership a sg:Ownership ; sg:owner {owner} ; "
            f"sg:owned id:Company{number} ; sg:share {share} ; "
            f'sg:holdsFrom [ sg:edtf "{dice.randint(1990, 2020)}" ] .'
        )
        return text, f"{words(owner)} owns a share in Company {number}."

    def _blocking(self) -> tuple[str, str]:
        person = self._skewed(self.counts["Person"])
        text = (
            f"id:Person{person}Blocking a sg:Blocking ; sg:target id:Person{person} ; "
            f'sg:holdsFrom [ sg:edtf "{random.Random(person).randint(1995, 2025)}" ] .'
        )
        return text, f"The property of Person {person} is blocked."

    def _office(self) -> tuple[str, str]:
        holding, dice = self._thing("OfficeHolding", 15)
        holder, office = self._fixed(dice, "Person"), self._fixed(dice, "Office")
        text = (
            f"{holding} a sg:OfficeHolding ; sg:holder {holder} ; sg:office {office} ; "
            f'sg:holdsOn [ sg:edtf "{self.day()}" ] .'
        )
        return text, f"{words(holder)} holds {words(office)}."

    def _participation(self) -> tuple[str, str]:
        participation, dice = self._thing("Participation", 40)
        party, programme = self._fixed(dice, "State"), self._fixed(dice, "Programme")
        text = f"{participation} a sg:Participation ; sg:party {party} ; sg:programme {programme} ."
        return text, f"{words(party)} takes part in {words(programme)}."

    def _possession(self) -> tuple[str, str]:
        possession, dice = self._thing("Possession", 40)
        equipment, system = f"{possession}Pieces", self._fixed(dice, "System")
        text = (
            f"{possession} a sg:Possession ; sg:possessor {self._fixed(dice, 'Agency')} ; "
            f"sg:equipment {equipment} . {equipment} a sg:Equipment ; sg:ofSystem {system} ."
        )
        return text, f"Pieces of {words(system)} are in somebody's hands."

    def _talks(self) -> tuple[str, str]:
        talks, dice = self._thing("Talks", 30)
        one, other = self._fixed(dice, "State"), self._fixed(dice, "State")
        text = f"{talks} a sg:Talks ; sg:participant {one} , {other} ; sg:location {self._fixed(dice, 'Location')} ."
        return text, f"{words(one)} and {words(other)} are in talks."

    def _statement(self) -> tuple[str, str]:
        statement, dice = self._thing("Statement", 20)
        actor = self._fixed(dice, "Person")
        text = f"{statement} a sg:Statement ; sg:actor {actor} ; sg:about {self._thing('Deal', 8)[0]} ; {self._when()} ."
        return text, f"{words(actor)} made a statement."

    def _stance(self) -> tuple[str, str]:
        stance, dice = self._thing("Stance", 15)
        holder, about = self._fixed(dice, "Person"), self._thing("Measure", 5)[0]
        text = f"{stance} a sg:Stance ; sg:heldBy {holder} ; sg:about {about} ; sg:quality id:{dice.choice(_QUALITIES)} ."
        return text, f"{words(holder)} has a view of {words(about)}."

    def _when(self) -> str:
        return f'sg:date [ sg:edtf "{self.day()}" ]'


def words(name: str) -> str:
    """A thing's name as words: ``id:Agency7`` as ``Agency 7``."""
    plain = name.removeprefix("id:")
    letters = plain.rstrip("0123456789")
    return f"{letters} {plain[len(letters) :]}".strip()
