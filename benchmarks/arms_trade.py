"""A made-up arms trade: deals and their events, suppliers, waivers, determinations and ownership.

Facts only, as triples of short names; ``write`` puts them into the forms that engines read. The
same seed gives the same facts. ``dense`` makes small graphs in which everything happens often and
on days where a rule turns, for tests; ``trade`` makes large ones in which exceptions are rare.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

#: Subject, property and object; the object is a short name, a day or a share in basis points.
Fact = tuple[str, str, "str | dt.date | int"]

_BASE = "https://w3id.org/sanctiongraph/"
_NAMESPACES = {"sg": _BASE + "ontology#", "id": _BASE + "id/", "us": _BASE + "law/us/pl/115/44/"}
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_LIMBS = (
    "WaiverServesNationalSecurity",
    "NoHarmToAlliance",
    "NoHarmToMilitaryOperations",
    "NoSetbackToDefenceCooperation",
    "NoHigherRiskToDefenceSystems",
    "FallingRussianShareOfArms",
    "CriticalSecurityCooperation",
)
_END_USES = (
    "CivilianUse",
    "LegallyRequiredClearance",
    "SustainmentOfExistingEquipment",
    "NASAActivity",
    "CivilSpaceLaunch",
)
#: Days before the day of the question, next to which some rule turns.
_PERIODS = (0, 1, 10, 12, 30, 60, 180)
_FIRST, _LAST = dt.date(2012, 1, 1), dt.date(2027, 12, 31)


@dataclass
class _World:
    """Draws facts. ``often`` multiplies how often the rare things happen."""

    rng: random.Random
    deals: int
    as_of: dt.date
    often: float
    edges: tuple[dt.date, ...]
    parties: int = field(init=False)
    companies: int = field(init=False)
    bodies: int = field(init=False)

    def __post_init__(self) -> None:
        self.parties = max(4, self.deals // 8)
        self.companies = max(6, self.deals // 6)
        self.bodies = max(12, self.deals // 3)

    def facts(self) -> Iterator[Fact]:
        yield from self._suppliers()
        for number in range(self.deals):
            yield from self._deal(f"id:Deal{number}")
        for number in range(self.parties):
            yield f"id:Party{number}", "a", "sg:Agency"
            yield from self._acts_on(f"id:Party{number}")
        if self._chance(0.3):
            yield from self._act("id:Cyber", "Certification", None, None)
            yield "id:Cyber", "sg:certifies", "id:RussianCyberEfforts"
        yield from self._ownership()

    def _chance(self, share: float) -> bool:
        return self.rng.random() < min(share * self.often, 0.8)

    def _day(self) -> dt.date:
        if self.edges and self.rng.random() < 0.7:
            return self.rng.choice(self.edges)
        return dt.date(2014, 1, 1) + dt.timedelta(days=self.rng.randrange(4_300))

    def _dated(self, thing: str, name: str) -> Iterator[Fact]:
        """A date: mostly a day, at times a month or so, at times open at one end."""
        node, day = f"{thing}-{name}", self._day()
        last = day + dt.timedelta(days=self.rng.choice((1, 30))) if self._chance(0.08) else day
        yield thing, f"sg:{name}", node
        yield node, "a", "sg:Date"
        if day == last or self.rng.random() < 0.9:
            yield node, "sg:earliest", day
        if day == last or self.rng.random() < 0.9:
            yield node, "sg:latest", last

    def _suppliers(self) -> Iterator[Fact]:
        """Companies in trees of ten below a holding; one holding in four is in a sector."""
        for number in range(self.companies):
            name = f"id:Company{number}"
            yield name, "a", "sg:Company"
            if number % 10:
                tie = "sg:partOf" if self.rng.random() < 0.7 else "sg:operatesFor"
                above = number - 1 if self.rng.random() < 0.4 else number - number % 10
                yield name, tie, f"id:Company{above}"
            elif self.rng.random() < 0.25:
                kind = "Defence" if self.rng.random() < 0.8 else "Intelligence"
                yield name, "sg:operatesInSector", f"id:Russian{kind}Sector"
            if self._chance(0.1):
                yield name, "sg:outsideSector", "id:RussianDefenceSector"
            if self._chance(0.01):
                yield from self._act(f"{name}Finding", "Determination", name, None)
                yield f"{name}Finding", "sg:about", "id:RussianCyberIntrusions"

    def _deal(self, deal: str) -> Iterator[Fact]:
        rng = self.rng
        party = f"id:Party{rng.randrange(self.parties)}"
        yield deal, "a", "sg:ArmsDeal"
        yield deal, "sg:recipient", party
        if self._chance(0.03):
            yield deal, "sg:recipient", f"id:Party{rng.randrange(self.parties)}"
        if rng.random() < 0.95:
            yield deal, "sg:supplier", f"id:Company{rng.randrange(self.companies)}"
        if self._chance(0.05):
            yield deal, "sg:supplier", rng.choice(("id:Company0", "id:Company1", "id:GRU"))
        if self._chance(0.04):
            yield deal, "sg:endUse", f"id:{rng.choice(_END_USES)}"
        for number in range(rng.randint(1, 5)):
            event = f"{deal}Event{number}"
            first = rng.choice(("Contract", "Order", "Delivery")) if number == 0 else ""
            yield event, "a", f"sg:{first or rng.choice(('Delivery', 'Payment'))}"
            yield event, "sg:ofDeal", deal
            if rng.random() < 0.95:
                yield from self._dated(event, "date")
            if self._chance(0.002):
                yield from self._act(f"{event}Leave", "Authorisation", party, "s236/a")
                yield f"{event}Leave", "sg:about", event
                aim = rng.choice(("IntelligenceActivity", "EntryUnderInternationalAgreement"))
                yield f"{event}Leave", "sg:aim", f"id:{aim}"
        if self._chance(0.15):
            act = rng.choice(("s231/a", "s231/a", "s231/a", "s231/b"))
            yield from self._act(f"{deal}Finding", "Determination", party, act)
            yield f"{deal}Finding", "sg:about", deal

    def _acts_on(self, party: str) -> Iterator[Fact]:
        """What the President, the Secretary and Congress did about a party."""
        if self._chance(0.1):
            yield f"{party}Measure", "a", "sg:Measure"
            yield f"{party}Measure", "sg:target", party
            yield f"{party}Measure", "sg:imposition", f"{party}Imposition"
            yield f"{party}Imposition", "sg:under", self.rng.choice(("us:s231/a", "us:s231/b"))
            yield from self._dated(f"{party}Measure", "holdsFrom")
        for name, kind, section, share in (
            ("WaiverB", "Waiver", "s231/b", 0.05),
            ("Waiver", "Waiver", "s236/b", 0.08),
            ("Report", "CongressionalReport", "s216", 0.08),
            ("Passage", "Passage", "s216", 0.02),
            ("Veto", "Veto", "s216", 0.02),
            ("Disapproval", "Disapproval", "s216", 0.02),
            ("Approval", "Approval", "s216", 0.02),
        ):
            if self._chance(share):
                yield from self._act(party + name, kind, party, section)
                if kind == "Waiver" and self.rng.random() < 0.2:
                    yield from self._dated(party + name, "holdsUntil")
        if self._chance(0.05):
            yield from self._act(f"{party}Reduction", "Certification", party, None)
            yield f"{party}Reduction", "sg:certifies", "id:SubstantialReduction"
        if self._chance(0.04):
            yield from self._act(f"{party}Limbs", "Certification", party, "s231/d")
            missed = self.rng.choice((*_LIMBS, None, None, None))
            for limb in _LIMBS:
                if limb != missed:
                    yield f"{party}Limbs", "sg:certifies", f"id:{limb}"

    def _act(self, act: str, kind: str, subject: str | None, section: str | None) -> Iterator[Fact]:
        yield act, "a", f"sg:{kind}"
        if subject:
            yield act, "sg:subject", subject
        if section:
            yield act, "sg:under", f"us:{section}"
        yield from self._dated(act, "date")

    def _ownership(self) -> Iterator[Fact]:
        """Bodies in groups of twelve, each owned by some of its group; rings occur."""
        yield "id:List0", "a", "sg:BlockingList"
        for number in range(self.bodies):
            body = f"id:Body{number}"
            yield body, "a", "sg:Company"
            place = number % 12
            if place < 3:  # the owners at the top: persons, so to speak
                if self.rng.random() < 0.5:
                    kind = self.rng.choice(("Blocking", "Designation"))
                    yield f"{body}Listed", "a", f"sg:{kind}"
                    yield f"{body}Listed", "sg:target", body
                    if kind == "Designation":
                        listed = "id:List0" if self.rng.random() < 0.7 else "id:List1"
                        yield f"{body}Listed", "sg:list", listed
                    yield from self._times(f"{body}Listed")
                continue
            left = 10_000
            for owner in self.rng.sample(range(place), self.rng.randint(1, min(3, place))):
                share = min(left, self.rng.choice((1_000, 2_500, 4_999, 5_000, 5_001)))
                if share:
                    left -= share
                    yield from self._holding(
                        f"{body}By{owner}", number - place + owner, body, share
                    )
            if place < 11 and left >= 1_000 and self._chance(0.05):  # a ring: a later one owns it
                yield from self._holding(f"{body}ByLater", number - place + 11, body, 1_000)

    def _holding(self, name: str, owner: int, owned: str, share: int) -> Iterator[Fact]:
        yield name, "a", "sg:Ownership"
        yield name, "sg:owner", f"id:Body{owner}"
        yield name, "sg:owned", owned
        yield name, "sg:share", share
        yield from self._times(name)

    def _times(self, situation: str) -> Iterator[Fact]:
        if self.rng.random() < 0.6:
            yield from self._dated(
                situation, self.rng.choice(("holdsFrom", "holdsFrom", "holdsOn"))
            )
        if self.rng.random() < 0.15:
            yield from self._dated(situation, "holdsUntil")


def trade(deals: int, as_of: dt.date, seed: int = 1) -> Iterator[Fact]:
    """A large graph of about 26 triples a deal."""
    return _World(random.Random(seed), deals, as_of, 1, ()).facts()


def dense(deals: int, as_of: dt.date, seed: int) -> Iterator[Fact]:
    """A small graph full of exceptions, on and next to the days where a rule turns."""
    days = [as_of - dt.timedelta(days=period) for period in _PERIODS]
    days += [dt.date(2017, 8, 2), dt.date(2018, 1, 29), dt.date(2018, 8, 13), dt.date(2014, 8, 13)]
    days += [dt.date(2019, 7, 10), dt.date(2019, 9, 7)]
    edges = tuple(day + dt.timedelta(days=step) for day in days for step in (-1, 0, 1))
    return _World(random.Random(seed), deals, as_of, 8, edges).facts()


@dataclass(frozen=True, slots=True)
class Files:
    """The facts as files: N-Triples, and what Datalog and ASP engines read beside or instead.

    ``calendar`` numbers the days, so that no engine has to compare or subtract dates; ``shares``
    has the shares in basis points, for engines that cannot sum decimals.
    """

    folder: Path

    @property
    def triples(self) -> Path:
        """All facts, dates and shares as RDF has them."""
        return self.folder / "facts.nt"

    @property
    def calendar(self) -> Path:
        """Day, its number, and month and day as one number."""
        return self.folder / "calendar.csv"

    @property
    def shares(self) -> Path:
        """Ownership and share."""
        return self.folder / "shares.csv"

    @property
    def today(self) -> Path:
        """The number of the day that is asked about."""
        return self.folder / "today.csv"

    @property
    def asp(self) -> Path:
        """The same facts as terms of answer set programming, days as numbers."""
        return self.folder / "facts.lp"


def write(facts: Iterator[Fact], as_of: dt.date, folder: Path) -> tuple[Files, int]:
    """Writes all forms below a folder; returns them and how many triples there are."""
    files, count = Files(folder), 0
    with (
        files.triples.open("w", encoding="utf-8") as triples,
        files.asp.open("w", encoding="utf-8") as asp,
        files.shares.open("w", encoding="utf-8") as shares,
    ):
        for fact in facts:
            triples.write(_ntriple(fact))
            asp.write(_term(fact))
            if fact[1] == "sg:share":
                shares.write(f"{_iri(fact[0])},{fact[2]}\n")
            count += 1
        asp.write(f"today({as_of.toordinal()}).\n")
    files.today.write_text(f"{as_of.toordinal()}\n", "utf-8")
    files.calendar.write_text("".join(_calendar()), "utf-8")
    return files, count


def _calendar() -> Iterator[str]:
    for number in range(_FIRST.toordinal(), _LAST.toordinal() + 1):
        day = dt.date.fromordinal(number)
        yield f"{day},{number},{day.month * 100 + day.day}\n"


def _iri(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"<{_TYPE}>" if name == "a" else f"<{_NAMESPACES[prefix]}{local}>"


def _ntriple(fact: Fact) -> str:
    subject, name, value = fact
    if isinstance(value, str):
        text = _iri(value)
    elif isinstance(value, dt.date):
        text = f'"{value}"^^<{_XSD}date>'
    else:
        text = f'"{value / 10_000}"^^<{_XSD}decimal>'
    return f"{_iri(subject)} {_iri(name)} {text} .\n"


def _term(fact: Fact) -> str:
    subject, name, value = fact
    if isinstance(value, dt.date):
        return f'{name[3:]}("{subject}",{value.toordinal()},{value.month * 100 + value.day}).\n'
    if isinstance(value, int):
        return f'share("{subject}",{value}).\n'
    if name == "a":
        return f'a("{subject}",{_constant(value)}).\n'
    return f'{_constant(name)}("{subject}","{value}").\n'


def _constant(name: str) -> str:
    local = name.partition(":")[2]
    return local[0].lower() + local[1:]
