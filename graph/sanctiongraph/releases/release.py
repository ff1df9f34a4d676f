"""A release: the dataset of a published graph with what one needs to use, check and cite it.

Everything in the folder depends on the graph, on the release it is compared with and on the options
alone: the same again gives the same bytes. The folder is there whole or not at all.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pyoxigraph import RdfFormat, Triple, serialize

from sanctiongraph.description.dataset import About, Dump, described
from sanctiongraph.description.figures import count
from sanctiongraph.durable import sync_folder, sync_tree
from sanctiongraph.errors import BadData, BadInput
from sanctiongraph.published import Published, Version
from sanctiongraph.releases.changelog import json_lines, markdown
from sanctiongraph.releases.news import Kind, News, compare
from sanctiongraph.releases.readme import readme
from sanctiongraph.releases.rights import RegisterRights, licence, registers_in
from sanctiongraph.releases.tables import write_parquet
from sanctiongraph.vocabulary import BASE, PREFIXES

SUMS: Final = "SHA256SUMS"
_DATASET: Final = "dataset.nq.gz"
_TABLE: Final = "dataset.parquet"
_FACTS: Final = "release.json"
_LEVEL: Final = 6
_CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Place:
    """Where a release will be found, and where its graph is served, for the description."""

    #: Address of the folder, with a slash behind it.
    address: str | None = None
    endpoint: str | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """A release that was made. ``news`` is ``None`` where it is compared with no other."""

    folder: Path
    version: str
    against: str | None
    news: News | None
    #: Size of each file, by name.
    files: dict[str, int]


def make_release(
    published: Published,
    target: Path,
    *,
    against: Path | None = None,
    place: Place | None = None,
    with_registers: bool = False,
    force: bool = False,
) -> Release:
    """Makes the folder ``sanctiongraph-<version>`` below ``target``.

    ``against`` is the folder of an earlier release. Raises ``BadInput`` where there is such a
    folder, or where the graph holds registers of others and nobody said that these may be passed
    on; ``BadData`` where the earlier release is damaged; ``MissingExtra`` without DuckDB.
    """
    version = published.version
    folder = target / f"sanctiongraph-{version.name}"
    if folder.exists() and not force:
        raise BadInput(f"{folder} is there already: give another folder, or --force to replace it")
    registers = registers_in(published.open())
    if registers and not with_registers:
        names = "; ".join(f"{one.label}: {one.licence}" for one in registers)
        raise BadInput(
            f"the graph holds what others publish ({names}): build without it, or give"
            " --with-registers where you may pass it on"
        )
    earlier = _version(against) if against is not None else None
    work = target / f".{folder.name}.unfinished"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    try:
        news = compare(against / _DATASET, published.dump) if against is not None else None
        _compress(published.dump, work / _DATASET)
        write_parquet(published.dump, work / _TABLE)
        (work / "LICENSE").write_text(licence(registers), "utf-8")
        (work / "void.ttl").write_bytes(_description(published, work, registers, place or Place()))
        (work / "CHANGELOG.md").write_text(markdown(version.name, earlier, news), "utf-8")
        with (work / "changes.jsonl").open("w", encoding="utf-8") as file:
            file.writelines(json_lines(news) if news else ())
        facts = _facts(version, earlier, news)
        (work / _FACTS).write_text(json.dumps(facts, indent=1) + "\n", "utf-8")
        (work / "README.md").write_text(readme(facts), "utf-8")
        sums = [f"{sha256_of(path)}  {path.name}\n" for path in sorted(work.iterdir())]
        (work / SUMS).write_text("".join(sums), "utf-8")
        sync_tree(work)
        if folder.exists():
            shutil.rmtree(folder)
        work.rename(folder)
        sync_folder(target)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    sizes = {path.name: path.stat().st_size for path in sorted(folder.iterdir())}
    return Release(folder, version.name, earlier, news, sizes)


def _description(
    published: Published, work: Path, registers: list[RegisterRights], place: Place
) -> bytes:
    version = published.version
    address = place.address or f"{BASE}release/{version.name}/"
    about = About(
        version=version.name,
        quads=version.triples,
        graphs=version.graphs,
        fingerprint="",  # the same graph may come of other files
        endpoint=place.endpoint,
        landing_page=address,
        dumps=tuple(_dump(work / name, address) for name in (_DATASET, _TABLE)),
        rights=tuple(f"{one.label}: {one.licence}" for one in registers),
    )
    return _turtle(described(count(published.open(), BASE), about))


def _facts(version: Version, against: str | None, news: News | None) -> dict[str, Any]:
    """What ``release.json`` says."""
    return {
        "version": version.name,
        "sha256": version.sha256,
        "quads": version.triples,
        "graphs": version.graphs,
        "claims": version.claims,
        "against": against,
        "changes": {kind.value: len(news.of(kind)) for kind in Kind} if news else None,
    }


def _version(folder: Path) -> str:
    """The version of an earlier release, whose dataset is as its sums say."""
    try:
        version = json.loads((folder / _FACTS).read_text("utf-8"))["version"]
        sums = (folder / SUMS).read_text("utf-8").splitlines()
        whole = f"{sha256_of(folder / _DATASET)}  {_DATASET}" in sums
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadData(f"{folder} is no whole release: {error}") from error
    if not whole:
        raise BadData(f"{folder} is damaged: {_DATASET} is not what {SUMS} says")
    return str(version)


def _turtle(triples: Iterable[Triple]) -> bytes:
    """The triples in their order; the engine writes the prefixes in another one each time."""
    written = serialize(triples, format=RdfFormat.TURTLE, prefixes=PREFIXES) or b""
    lines = written.splitlines(keepends=True)
    prefixes = sorted(line for line in lines if line.startswith(b"@prefix "))
    return b"".join([*prefixes, *lines[len(prefixes) :]])


def _compress(source: Path, target: Path) -> None:
    """Compresses a file, without its name and time, which would make other bytes of it."""
    with (
        source.open("rb") as plain,
        target.open("wb") as file,
        gzip.GzipFile("", "wb", _LEVEL, file, mtime=0) as packed,
    ):
        shutil.copyfileobj(plain, packed, _CHUNK)


def _dump(path: Path, address: str) -> Dump:
    is_table = path.name == _TABLE
    media = "application/vnd.apache.parquet" if is_table else "application/n-quads"
    size, sha256 = path.stat().st_size, sha256_of(path)
    return Dump(address + path.name, size, sha256, media, compressed=not is_table)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
