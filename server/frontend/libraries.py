"""Fetches the browser libraries of the workbench from the npm registry, without Node.js.

``libraries.toml`` pins each version with the hash of its tarball, as npm writes it (Subresource
Integrity, ``sha512-...``). Only the files named there are taken. The build hook calls this at each
install and build; by hand it is ``python server/frontend/libraries.py``. Where the registry cannot be
reached the pages do without: then nothing is written, and what was there stays.

The registry is the one that npm itself would use: ``npm_config_registry`` or
``npm_config_@scope:registry`` in the environment, then the same names in ``.npmrc`` of the project
and of the user, then what npm says where it is installed. ``offline`` and ``cafile`` are read in the
same files. Credentials are not: a registry that asks for them does not serve here. Needs the
standard library only.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import re
import shutil
import ssl
import subprocess
import sys
import tarfile
import tomllib
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
ROOT: Final = HERE.parents[1]
TABLE: Final = HERE / "libraries.toml"
INTO: Final = HERE.parent / "sanctiongraph_server" / "pages" / "static" / "vendor"
#: Beside the files: which versions they are of.
STAMP: Final = "installed.json"

_SECONDS: Final = 30.0
_MOST_BYTES: Final = 50_000_000
_VARIABLE: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


class NotToBeHad(Exception):
    """The registry did not give a tarball, or not the one that was pinned."""


@dataclass(frozen=True, slots=True)
class Library:
    """A package of the registry; ``files`` are paths in it by the names that they get here."""

    name: str
    version: str
    integrity: str
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """What is to be fetched, and from where if npm's configuration does not say."""

    registry: str | None
    libraries: tuple[Library, ...]

    @classmethod
    def read(cls, path: Path = TABLE) -> Table:
        """The table of a file."""
        found = tomllib.loads(path.read_text("utf-8"))
        return cls(found.get("registry"), tuple(Library(**one) for one in found["library"]))


class NpmConfiguration:
    """What npm's environment variables and files say, in npm's order of precedence."""

    def __init__(
        self, environment: Mapping[str, str], project: Path, home: Path, npm: str | None = None
    ) -> None:
        """``npm`` is the command to ask for what the files leave open."""
        self._npm = npm
        variables = {name.lower(): value for name, value in environment.items() if value}
        self._environment = variables
        user = variables.get("npm_config_userconfig")
        self._files = [
            _npmrc(project / ".npmrc", environment),
            _npmrc(Path(user) if user else home / ".npmrc", environment),
        ]

    @classmethod
    def of_this_process(cls) -> NpmConfiguration:
        """Of the environment, this project and this user."""
        return cls(os.environ, ROOT, Path.home(), shutil.which("npm"))

    def get(self, name: str) -> str | None:
        """A setting, such as ``registry`` or ``@zazuko:registry``."""
        given = self._environment.get(f"npm_config_{name}")
        if given is not None:
            return given
        return next((file[name] for file in self._files if file.get(name)), None)

    def registry(self, package: str, default: str | None) -> str:
        """The registry of a package, with a slash at its end; a scope may have one of its own.

        Raises ``NotToBeHad`` where none is named and there is no npm to ask.
        """
        scope = package.partition("/")[0] if package.startswith("@") else None
        own = self.get(f"{scope}:registry") if scope else None
        found = own or self.get("registry") or default or self._by_npm()
        if not found:
            raise NotToBeHad(
                f"{package} is in the npm registry, and no address of it is given: set"
                " npm_config_registry, or registry= in .npmrc"
            )
        return found.rstrip("/") + "/"

    def _by_npm(self) -> str | None:
        if self._npm is None:
            return None
        command = [self._npm, "config", "get", "registry"]
        try:
            said = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=True)  # fmt: skip
        except (OSError, subprocess.SubprocessError):
            return None
        return said.stdout.strip() or None

    @property
    def offline(self) -> bool:
        """Whether nothing is to be fetched."""
        return (self.get("offline") or "").lower() in {"true", "1"}


def _npmrc(path: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """The settings of an ``.npmrc``, with ``${NAME}`` filled in; nothing where there is no file."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError:
        return {}
    found = {}
    for line in lines:
        name, equals, value = line.strip().partition("=")
        if equals and not name.startswith(("#", ";")):
            filled = _VARIABLE.sub(lambda one: environment.get(one[1], one[0]), value.strip())
            found[name.strip()] = filled.strip('"')
    return found


def install(
    into: Path = INTO,
    table: Table | None = None,
    npm: NpmConfiguration | None = None,
    say: Callable[[str], object] = print,
) -> bool:
    """Puts the files of all libraries there; whether all of them are there now.

    What is there already in the right version is left alone. A registry that cannot be reached, or
    that gives another tarball than the pinned one, is said and is no error: nothing is written then.
    """
    table = table or Table.read()
    npm = npm or NpmConfiguration.of_this_process()
    wanted = {one.name: f"{one.version} {one.integrity}" for one in table.libraries}
    if _installed(into) == wanted and all(
        (into / name).is_file() for one in table.libraries for name in one.files
    ):
        return True
    if npm.offline:
        say("browser libraries: npm is set to be offline; the pages do without them")
        return False
    try:
        fetched = {
            name: content
            for one in table.libraries
            for name, content in _files(one, _tarball(one, table, npm)).items()
        }
    except NotToBeHad as error:
        say(f"browser libraries: {error}; the pages do without them")
        return False
    into.mkdir(parents=True, exist_ok=True)
    for name, content in fetched.items():
        _replace(into / name, content)
    _replace(into / STAMP, json.dumps(wanted, indent=1).encode("utf-8"))
    said = ", ".join(f"{one.name} {one.version}" for one in table.libraries)
    say(f"browser libraries: {said}")
    return True


def _installed(into: Path) -> object:
    try:
        return json.loads((into / STAMP).read_text("utf-8"))
    except (OSError, ValueError):
        return None


def _tarball(library: Library, table: Table, npm: NpmConfiguration) -> bytes:
    """The tarball of a library, which is the one that was pinned."""
    base = npm.registry(library.name, table.registry)
    file = f"{library.name.rpartition('/')[2]}-{library.version}.tgz"
    address = f"{base}{library.name}/-/{file}"
    try:
        context = ssl.create_default_context(cafile=npm.get("cafile"))
        with urllib.request.urlopen(address, timeout=_SECONDS, context=context) as answer:
            content: bytes = answer.read(_MOST_BYTES + 1)
    except (OSError, ValueError, urllib.error.URLError) as error:
        raise NotToBeHad(f"{library.name} cannot be had from {base} ({error})") from error
    if len(content) > _MOST_BYTES or _integrity(content) != library.integrity:
        raise NotToBeHad(f"{address} is not what libraries.toml pins: its hash is another")
    return content


def _integrity(content: bytes) -> str:
    return "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode("ascii")


def _files(library: Library, tarball: bytes) -> dict[str, bytes]:
    """The files that are wanted of a tarball, by the names that they get; nothing is unpacked."""
    found = {}
    with tarfile.open(fileobj=io.BytesIO(tarball), mode="r:gz") as archive:
        for name, path in library.files.items():
            try:
                member = archive.extractfile(f"package/{path}")
            except KeyError:
                member = None
            if member is None:
                raise NotToBeHad(f"{library.name} {library.version} has no file {path}")
            found[name] = member.read()
    return found


def _replace(path: Path, content: bytes) -> None:
    """Writes a file whole or not at all: a server may be reading it."""
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.write_bytes(content)
    unfinished.replace(path)


if __name__ == "__main__":
    sys.exit(0 if install() else 1)
