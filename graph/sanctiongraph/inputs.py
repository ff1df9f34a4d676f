"""The files that a build was made from, kept beside it, and what has changed since.

Below ``inputs/`` each file stands under its own path, a link to that of the build before where it
is the same. What each file asserts is counted, since a quad goes only when the last file that
asserts it does: digests are kept of quads that several files assert, and of all background.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pyoxigraph import Quad

from sanctiongraph.asserted import Asserted
from sanctiongraph.data import DataFolders
from sanctiongraph.dataset import said_in
from sanctiongraph.durable import write_file
from sanctiongraph.incremental.change import Change, NotBoundedError
from sanctiongraph.links.identity import Merges, merges
from sanctiongraph.reading import Kind, claim_graphs, data_files
from sanctiongraph.record import digest

_FOLDER: Final = "inputs"
_MANIFEST: Final = "inputs.json"
_COUNTS: Final = "counts"
#: Files of these kinds may come and go; what the others say decides how everything is derived.
_FREE: Final = {Kind.ENTITIES, Kind.METADATA, Kind.CLAIMS, Kind.SCENARIOS, Kind.WIKIDATA}

Hashes = dict[str, str]


@dataclass(frozen=True, slots=True)
class Inputs:
    """The files of a build by their paths below the data folder, with the SHA-256 of each.

    ``program`` stands for everything else that decides the dataset.
    """

    program: str
    files: Hashes
    merged: Merges

    @classmethod
    def of(cls, folders: DataFolders, program: str) -> Inputs:
        """Those of the data folders as they are."""
        files = {
            file.path.relative_to(folders.root).as_posix(): _sha256(file.path)
            for file in data_files(folders)
            if file.kind is not Kind.REGISTER
        }
        return cls(program, files, merges(folders))

    @classmethod
    def read(cls, build: Path) -> Inputs:
        """Those of a build. Raises ``NotBoundedError`` where it keeps none."""
        try:
            return cls(**json.loads((build / _MANIFEST).read_text("utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise NotBoundedError("the build that is published kept no files") from error

    def write(self, build: Path, folders: DataFolders, before: Path | None = None) -> None:
        """Keeps them beside a build; the same as in ``before`` are linked."""
        known = Inputs.read(before).files if before else {}
        for name, sha256 in self.files.items():
            path = build / _FOLDER / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if before and known.get(name) == sha256:
                os.link(before / _FOLDER / name, path)
            else:
                shutil.copyfile(folders.root / name, path)
        content = {"program": self.program, "files": self.files, "merged": dict(self.merged)}
        (build / _MANIFEST).write_text(json.dumps(content, indent=0) + "\n", "utf-8")


@dataclass(frozen=True, slots=True)
class Counts:
    """How many files assert each quad, of those that more than one does, and state each background.

    Quads by their digests.
    """

    asserted: Counter[bytes]
    background: Counter[bytes]

    @classmethod
    def of(cls, parts: Iterable[Asserted]) -> Counts:
        """Those of what each file says."""
        asserted, background = Counter[bytes](), Counter[bytes]()
        for part in parts:
            asserted.update({digest(quad) for quad in part.quads})
            background.update({digest(quad) for quad in part.background})
        return cls(Counter({one: n for one, n in asserted.items() if n > 1}), background)

    @classmethod
    def read(cls, build: Path) -> Counts:
        """Those of a build. Raises ``NotBoundedError`` where it keeps none."""
        try:
            asserted, background = json.loads((build / _COUNTS).read_text("ascii"))
        except (OSError, ValueError) as error:
            raise NotBoundedError("the build that is published kept no counts") from error
        return cls(
            *(
                Counter({bytes.fromhex(k): n for k, n in some.items()})
                for some in (asserted, background)
            )
        )

    def write(self, build: Path) -> None:
        """Keeps them beside a build."""
        plain = [{k.hex(): n for k, n in some.items()} for some in (self.asserted, self.background)]
        write_file(build / _COUNTS, json.dumps(plain).encode("ascii"))


@dataclass(frozen=True, slots=True)
class Changed:
    """What has changed since a build: how many files, what they assert, and the counts as they are."""

    files: tuple[str, ...]
    change: Change
    counts: Counts


def changed_since(
    build: Path,
    folders: DataFolders,
    now: Inputs,
    asserts: Callable[[Quad], bool],
    has_graph: Callable[[str], bool],
) -> Changed:
    """What the files assert otherwise than they did for a build.

    ``asserts`` tells whether a file asserted a quad, ``has_graph`` whether there was a graph. Raises
    ``NotBoundedError`` where it is more than files of sources and reference that have changed, and
    ``BadData`` as a build does.
    """
    before = Inputs.read(build)
    if before.program != now.program or before.merged != now.merged:
        raise NotBoundedError("the program, the registers or which things are one have changed")
    counts = Counts.read(build)
    names = sorted(
        name
        for name in {*before.files, *now.files}
        if before.files.get(name) != now.files.get(name)
    )
    old = list(_said(replace(folders, root=build / _FOLDER), names, now.merged))
    new = list(_said(folders, names, now.merged))
    claims = {graph for part in old for graph in claim_graphs(part.quads)}
    come = [graph for part in new for graph in claim_graphs(part.quads)]
    if len(come) != len(set(come)):
        raise NotBoundedError("two files have one claim")
    gone_n, come_n = (Counter[Quad](q for p in some for q in set(p.quads)) for some in (old, new))
    gone_b, come_b = (
        Counter[Quad](q for p in some for q in set(p.background)) for some in (old, new)
    )
    if any(has_graph(one) for one in set(come) - claims):
        raise NotBoundedError("a claim may be in a file that has not changed as well")
    added, removed = set[Quad](), set[Quad]()
    for quad in {*gone_n, *come_n}:
        key = digest(quad)
        was = max(counts.asserted[key], int(asserts(quad)))
        count = was - gone_n[quad] + come_n[quad]
        if bool(count) != bool(was):
            (added if count else removed).add(quad)
        _set(counts.asserted, key, count if count > 1 else 0)
    stated, no_longer = set[Quad](), set[Quad]()
    for quad in {*gone_b, *come_b}:
        key = digest(quad)
        was = counts.background[key]
        count = was - gone_b[quad] + come_b[quad]
        if bool(count) != bool(was):
            (stated if count else no_longer).add(quad)
        _set(counts.background, key, count)
    # What was asserted as background, and is still stated, becomes derived.
    stated |= {quad for quad in removed if counts.background[digest(quad)]}
    change = Change(frozenset(added), frozenset(removed), frozenset(stated), frozenset(no_longer))
    return Changed(tuple(names), change, counts)


def _said(folders: DataFolders, names: list[str], merged: Merges) -> Iterator[Asserted]:
    wanted = set(names)
    for file in data_files(replace(folders, imported=None)):
        if file.path.relative_to(folders.root).as_posix() in wanted:
            if file.kind not in _FREE:
                raise NotBoundedError(f"{file.path.name} has changed")
            yield said_in(file, merged)


def _set(counts: Counter[bytes], key: bytes, count: int) -> None:
    if count:
        counts[key] = count
    else:
        counts.pop(key, None)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
