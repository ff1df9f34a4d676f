"""What is wrong with the links: items on two things, types and labels that do not agree.

Types and labels are compared with what a link says of its object and, where an extract of the
other dataset is at hand, with the labels there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Store

from sanctiongraph.data import DataFolders
from sanctiongraph.links.endpoint import Extract
from sanctiongraph.links.identity import is_merge
from sanctiongraph.links.sssom import Link, link_sets
from sanctiongraph.links.verified import verified_items
from sanctiongraph.names.folding import folded
from sanctiongraph.reading import Kind, data_files, read_file
from sanctiongraph.vocabulary import PREFIXES, shorten, term

_ITEMS: Final = PREFIXES["wd"]
_TYPE: Final = term("rdf:type")
_NAMES: Final = (term("rdfs:label"), term("skos:altLabel"), term("skos:notation"))
#: What an object may be for a subject of a class; a class that is not here may be linked to anything.
OBJECT_KINDS: Final[Mapping[str, frozenset[str]]] = {
    "sg:State": frozenset({"state", "country", "country code"}),
    "sg:Location": frozenset({"city", "place"}),
    "sg:Person": frozenset({"person", "sanctions list entry", "sanctions list entity"}),
    "sg:Agency": frozenset({"organisation", "sanctions list entry", "sanctions list entity"}),
    "sg:Legislature": frozenset({"organisation"}),
    "sg:Company": frozenset({"organisation", "sanctions list entry", "sanctions list entity"}),
    "sg:NewsOrganisation": frozenset({"organisation"}),
    "sg:InternationalOrganisation": frozenset({"organisation"}),
    "sg:Office": frozenset({"office"}),
    "sg:WeaponSystem": frozenset({"weapon-system"}),
    "sg:WeaponCategory": frozenset({"concept"}),
    "sg:Programme": frozenset({"programme"}),
}


@dataclass(frozen=True, slots=True)
class LinkFinding:
    """One thing that is wrong with a link, and what to do about it."""

    file: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file.name}: line {self.line}: {self.message}"


def check_links(
    folders: DataFolders, extract: Path | None = None, verified: Path | None = None
) -> list[LinkFinding]:
    """All that is wrong with the links below ``folders``, in their order.

    ``extract`` is a file of the other dataset's triples with labels (``rdfs:label`` and
    ``skos:altLabel``); ``verified`` a table of the items of Wikidata that a link may lead to. Raises
    ``BadData`` for a file of links that does not parse, and ``BadInput`` for such an extract or table.
    """
    items = verified_items(verified) if verified else None
    names, types = _things(folders)
    known = _labels_in(Extract.of([extract]).store) if extract else {}
    findings: list[LinkFinding] = []
    exact: dict[str, list[tuple[Path, Link]]] = defaultdict(list)
    for links_of in link_sets(folders.links):
        path, seen = links_of.path, set[tuple[str, str]]()
        for link in links_of.links:
            if is_merge(link):
                for end in (link.subject, link.object):
                    if end not in names:
                        message = f"{shorten(end)} is described nowhere - correct the name, or describe it"
                        findings.append(LinkFinding(path, link.line, message))
                continue
            messages = [*_of_one(link, names, types, known)]
            if items is not None and link.object.startswith(_ITEMS) and link.object not in items:
                messages.append(f"{shorten(link.object)} is not verified - take the link out")
            if (link.subject, link.object) in seen:
                messages.append(f"{shorten(link.subject)} is linked to it twice - keep one link")
            seen.add((link.subject, link.object))
            findings += [LinkFinding(path, link.line, message) for message in messages]
            if link.exact:
                exact[link.object].append((path, link))
    for obj, links in exact.items():
        subjects = sorted({shorten(link.subject) for _, link in links})
        for path, link in links if len(subjects) > 1 else ():
            message = f"{shorten(obj)} is the same as {' and '.join(subjects)} - keep one of them"
            findings.append(LinkFinding(path, link.line, message))
    return sorted(findings, key=lambda one: (one.file.name, one.line, one.message))


def _of_one(
    link: Link,
    names: Mapping[str, set[str]],
    types: Mapping[str, set[str]],
    known: Mapping[str, set[str]],
) -> Iterator[str]:
    subject = shorten(link.subject)
    if link.subject not in names:
        yield f"{subject} is described nowhere - correct the name, or describe it"
        return
    if link.subject_category and link.subject_category not in types[link.subject]:
        there = ", ".join(sorted(types[link.subject])) or "nothing"
        yield f"{subject} is {there} and not {link.subject_category} - correct subject_category"
    allowed = [OBJECT_KINDS[kind] for kind in types[link.subject] if kind in OBJECT_KINDS]
    if link.exact and allowed and link.object_category not in frozenset().union(*allowed):
        offered = ", ".join(sorted(frozenset().union(*allowed)))
        yield (
            f"{subject} cannot be the same as a {link.object_category or 'thing of unknown kind'}"
            f" - it is one of: {offered}"
        )
    if not link.exact:
        return
    theirs = known.get(link.object, set()) | ({link.object_label} if link.object_label else set())
    if theirs and not _all_forms(theirs) & _all_forms(names[link.subject]):
        yield (
            f"no label of {subject} is one of {shorten(link.object)} ("
            f"{', '.join(sorted(theirs)[:4])}) - add the label as skos:altLabel, or correct the link"
        )


def _things(folders: DataFolders) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Names in all languages and types, of each thing and term that the files describe."""
    names: dict[str, set[str]] = defaultdict(set)
    types: dict[str, set[str]] = defaultdict(set)
    kinds = {Kind.ONTOLOGY, Kind.LAW, Kind.ENTITIES, Kind.METADATA}
    for file in data_files(folders):
        if file.kind in kinds:
            for quad in read_file(file):
                _note(quad, names, types)
    return names, types


def _note(quad: Quad, names: dict[str, set[str]], types: dict[str, set[str]]) -> None:
    if not isinstance(quad.subject, NamedNode):
        return
    if quad.predicate in _NAMES and isinstance(quad.object, Literal):
        names[quad.subject.value].add(quad.object.value)
    elif quad.predicate == _TYPE and isinstance(quad.object, NamedNode):
        types[quad.subject.value].add(shorten(quad.object.value))


def _labels_in(store: Store) -> dict[str, set[str]]:
    """The labels and aliases of each thing in a store, in all languages."""
    found: dict[str, set[str]] = defaultdict(set)
    for name in _NAMES:
        for quad in store.quads_for_pattern(None, name, None, None):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
                found[quad.subject.value].add(quad.object.value)
    return found


def _all_forms(labels: Iterable[str]) -> set[str]:
    return {form for label in labels for form in _forms(label)}


def _forms(label: str) -> set[str]:
    """A label as it is compared, without what is in brackets; a register's ``SURNAME, Given`` too."""
    name = label.partition(" (")[0]
    surname, comma, given = name.partition(", ")
    forms = {name, f"{given} {surname}"} if comma else {name}
    return {folded(one).removeprefix("the ") for one in forms}
