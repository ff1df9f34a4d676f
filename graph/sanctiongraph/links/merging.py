"""Recording a merge of two things in the mapping set of identities, and taking it out again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from sanctiongraph.data import DataFolders
from sanctiongraph.drafting.knowledge import Knowledge, Known, knowledge
from sanctiongraph.errors import BadInput, NotFound
from sanctiongraph.links.identity import IDENTITY_FILE, merges
from sanctiongraph.links.sssom import Link, read_links, written
from sanctiongraph.vocabulary import PREFIXES, shorten

_METADATA = {
    "curie_map": {name: PREFIXES[name] for name in ("id", "sg", "skos", "semapv")},
    "license": "https://creativecommons.org/licenses/by/4.0/",
    "mapping_set_id": PREFIXES["id"].removesuffix("id/") + "links/identity",
    "mapping_set_title": "Things of sanctiongraph that were found to be one",
}


def proposed_merge(
    folders: DataFolders,
    merged: str,
    kept: str,
    evidence: str,
    author: str,
    confidence: float,
    on: dt.date,
) -> Link:
    """The link that merges one thing into another.

    Raises ``NotFound`` for a thing that nothing describes, ``BadInput`` where the two cannot be one,
    one of them is merged already, or there is no evidence.
    """
    already = merges(folders)
    for one in (_iri(merged), _iri(kept)):
        if one in already:
            raise BadInput(f"{shorten(one)} is merged into {shorten(already[one])} already")
    known = knowledge(folders)
    gone, stays = _thing(known, merged), _thing(known, kept)
    if gone.iri == stays.iri:
        raise BadInput(f"{shorten(gone.iri)} is one thing already")
    if not (gone.kinds <= stays.kinds or stays.kinds <= gone.kinds):
        raise BadInput(
            f"{shorten(gone.iri)} ({_kinds(gone)}) and {shorten(stays.iri)} ({_kinds(stays)}) are"
            " of different kinds: correct the kind that is wrong first"
        )
    if gone.iri in already.values():
        raise BadInput(f"others are merged into {shorten(gone.iri)}: merge the other way round")
    if not evidence.strip():
        raise BadInput("a merge needs evidence: say why the two are one")
    return Link(
        subject=gone.iri,
        subject_label=gone.label,
        predicate=PREFIXES["skos"] + "exactMatch",
        object=stays.iri,
        object_label=stays.label,
        justification=PREFIXES["semapv"] + "ManualMappingCuration",
        author=author,
        date=on,
        confidence=confidence,
        evidence=evidence,
    )


def record_merge(folders: DataFolders, link: Link) -> Path:
    """Writes a merge beside those that there are. Raises ``BadData`` for a file that does not parse."""
    path = folders.links / IDENTITY_FILE
    before: Iterable[Link] = read_links(path).links if path.exists() else ()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(written(_METADATA, [*before, link]), "utf-8")
    return path


def take_merge_out(folders: DataFolders, merged: str) -> Path:
    """Takes a merge out; with the last one the file goes. Raises ``NotFound`` where there is none."""
    path = folders.links / IDENTITY_FILE
    before = read_links(path).links if path.exists() else ()
    left = [link for link in before if link.subject != _iri(merged)]
    if len(left) == len(before):
        raise NotFound(f"{merged} is merged into nothing in {path}")
    if left:
        path.write_text(written(_METADATA, left), "utf-8")
    else:
        path.unlink()
    return path


def _thing(known: Knowledge, name: str) -> Known:
    found = known.things.get(_iri(name))
    if found is None or not found.iri.startswith(PREFIXES["id"]):
        raise NotFound(f"{name!r} is no thing of the graph: name it as in id:{name}")
    return found


def _iri(name: str) -> str:
    if name.startswith(PREFIXES["id"]):
        return name
    return PREFIXES["id"] + name.removeprefix("id:")


def _kinds(thing: Known) -> str:
    return ", ".join(sorted(shorten(one) for one in thing.kinds if one.startswith(PREFIXES["sg"])))
