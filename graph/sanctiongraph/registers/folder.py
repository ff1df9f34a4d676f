"""The operator's folder of registers: one folder a register, with its ledger and what the build reads.

``<register>/ledger.sqlite`` is the import's own; ``claims.nq`` and ``entities.nq`` are what it says,
for the build; ``version.json`` is their digest; ``open.tsv`` are doubtful matches to review,
``decided.tsv`` the decisions on them, and ``rejected.tsv`` the rows of the last file that were not taken.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sanctiongraph.errors import BadData, BuildBusy, NotFound


@dataclass(frozen=True, slots=True)
class RegisterFolder:
    """Where one register is kept."""

    path: Path

    @property
    def name(self) -> str:
        """The register's name."""
        return self.path.name

    @property
    def ledger(self) -> Path:
        """Rows with their history."""
        return self.path / "ledger.sqlite"

    @property
    def mapping(self) -> Path:
        """The mapping by which it was imported last."""
        return self.path / "mapping.yaml"

    @property
    def quads(self) -> Path:
        """What the build reads."""
        return self.path / "register.nq"

    @property
    def version(self) -> Path:
        """The digest of what the build reads, and what it holds."""
        return self.path / "version.json"

    @property
    def open(self) -> Path:
        """Doubtful matches, to be reviewed."""
        return self.path / "open.tsv"

    @property
    def decided(self) -> Path:
        """What was decided about them."""
        return self.path / "decided.tsv"

    @property
    def rejected(self) -> Path:
        """Rows and values of the last file that were not taken, with the reason."""
        return self.path / "rejected.tsv"

    def sha256(self) -> str:
        """The digest of what the build reads. Raises ``BadData`` where it was never written whole."""
        try:
            found: str = json.loads(self.version.read_text("utf-8"))["sha256"]
        except (OSError, ValueError, KeyError) as error:
            raise BadData(f"{self.version}: {error}: import the register again") from error
        return found


def registers_in(folder: Path | None) -> list[RegisterFolder]:
    """The registers that were imported to their end, by name."""
    if folder is None or not folder.is_dir():
        return []
    found = (RegisterFolder(path) for path in sorted(folder.iterdir()) if path.is_dir())
    return [one for one in found if one.version.is_file()]


def register_in(folder: Path, name: str) -> RegisterFolder:
    """A register that was imported. Raises ``NotFound``."""
    found = {one.name: one for one in registers_in(folder)}
    if name not in found:
        raise NotFound(f"no register {name!r} in {folder}; there are: {', '.join(found) or 'none'}")
    return found[name]


@contextlib.contextmanager
def locked(folder: RegisterFolder) -> Iterator[None]:
    """Holds a register's folder, which is made where there is none. Raises ``BuildBusy``."""
    folder.path.mkdir(parents=True, exist_ok=True)
    with (folder.path / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BuildBusy(
                f"another import into {folder.path} is at work: wait for it to end"
            ) from error
        yield
