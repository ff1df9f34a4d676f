"""A made-up register of arms transfers in the layout of SIPRI's: preamble, unnamed columns of "?".

Few suppliers have most of the deals, and few weapons are in most of them. The same seed gives the
same file.
"""

from __future__ import annotations

import csv
import random
from pathlib import Path

_PREAMBLE = (
    "A made-up register of arms transfers, in the layout of SIPRI's trade register",
    "A '?' in a column indicates uncertain data.",
    "",
    "Source: made up.",
    "Data generated: 1 Jan 2024 0:00:00 AM",
)
_COLUMNS = (
    "Recipient", "Supplier", "Year of order", " ", "Number ordered", " ", "Weapon designation",
    "Weapon description", "Number delivered", " ", "Year(s) of delivery", "status", "Comments",
    "SIPRI TIV per unit", "SIPRI TIV for total order", "SIPRI TIV of delivered weapons",
)  # fmt: skip
_DESCRIPTIONS = ("APC", "SAM system", "fighter aircraft", "frigate", "mortar", "tank", "radar")


def write(path: Path, rows: int, seed: int = 1) -> None:
    """Writes so many deals."""
    rng = random.Random(seed)
    weapons = max(5, rows // 6)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("".join(f"{line}\n" for line in _PREAMBLE))
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(_COLUMNS)
        for _ in range(rows):
            lines.writerow(_row(rng, weapons))


def _row(rng: random.Random, weapons: int) -> tuple[object, ...]:
    weapon = int(weapons * rng.random() ** 2)
    ordered, each = rng.randint(1, 400), round(random.Random(weapon).uniform(0.1, 60), 2)
    delivered = ordered if rng.random() < 0.8 else rng.randint(0, ordered)
    year = rng.randint(1950, 2020)
    years = (
        sorted({year + rng.randint(0, 4) for _ in range(rng.randint(1, 3))}) if delivered else []
    )
    return (
        f"Recipient {int(190 * rng.random() ** 2)}",
        f"Supplier {int(60 * rng.random() ** 3)}",
        year, _doubt(rng), ordered, _doubt(rng),
        f"W-{weapon}", _DESCRIPTIONS[weapon % len(_DESCRIPTIONS)], delivered, _doubt(rng),
        "; ".join(map(str, years)), "New" if rng.random() < 0.7 else "Second hand",
        f"Ordered with lot {rng.randint(1, 99)}" if rng.random() < 0.3 else "",
        each, round(each * ordered, 2), round(each * delivered, 2),
    )  # fmt: skip


def _doubt(rng: random.Random) -> str:
    return "?" if rng.random() < 0.25 else ""
