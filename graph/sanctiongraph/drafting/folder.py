"""A source's folder: begun for a text, found again by name, its draft written beside it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import Literal

from sanctiongraph.data import DataFolders
from sanctiongraph.dates import bounds
from sanctiongraph.errors import BadInput, NotFound
from sanctiongraph.names.folding import folded
from sanctiongraph.reading import (
    DRAFT_CLAIMS,
    DRAFT_ENTITIES,
    TO_FILL,
    DataFile,
    Kind,
    claim_graphs,
    read_file,
)
from sanctiongraph.sourcetext import SourceText, read_text
from sanctiongraph.vocabulary import PREFIXES, term

#: What a source may be; the ontology's classes of sources.
KINDS: Final = ("PressReport", "OfficialDocument", "Register", "Commentary")
_NAME: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_PREFIXES: Final = f"""@prefix sg: <{PREFIXES["sg"]}> .
@prefix id: <{PREFIXES["id"]}> .
@prefix rdfs: <{PREFIXES["rdfs"]}> .
@prefix skos: <{PREFIXES["skos"]}> .
"""


@dataclass(frozen=True, slots=True)
class SourceFolder:
    """The folder of one source."""

    path: Path

    @property
    def name(self) -> str:
        """The name by which commands call the source."""
        return self.path.name

    @property
    def metadata(self) -> Path:
        """What is known of the source itself."""
        return self.path / "source.ttl"

    @property
    def entities(self) -> Path:
        """The things that only this source needs."""
        return self.path / "entities.ttl"

    @property
    def claims(self) -> Path:
        """The reviewed claims."""
        return self.path / "claims.trig"

    @property
    def draft_claims(self) -> Path:
        """The claims proposed."""
        return self.path / DRAFT_CLAIMS

    @property
    def draft_entities(self) -> Path:
        """The things proposed."""
        return self.path / DRAFT_ENTITIES


@dataclass(frozen=True, slots=True)
class Description:
    """What is known of a source when its folder is begun. Empty is left to be filled."""

    kind: str = "PressReport"
    label: str = ""
    published: str = ""
    url: str = ""
    language: str = "en"


def begin(
    folders: DataFolders, text: Path, name: str = "", about: Description | None = None
) -> SourceFolder:
    """Makes the folder of a new source for a text, with metadata to fill.

    Raises ``BadInput`` for a text that is none, a name that is none or is taken, and a kind or date
    that cannot be used.
    """
    about = about or Description()
    name = name or "-".join(folded(text.stem).split())
    if not _NAME.fullmatch(name):
        raise BadInput(f"{name!r} is no name of a source: small letters and digits with - between")
    if about.kind not in KINDS:
        raise BadInput(f"{about.kind!r} is no kind of source: one of {', '.join(KINDS)}")
    if about.published:
        bounds(about.published)
    if not re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", about.language):
        raise BadInput(f"{about.language!r} is no language: en, tr ...")
    if about.url and not re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+", about.url):
        raise BadInput(f"{about.url!r} is no address of a page")
    content = _text(text)
    folder = SourceFolder(folders.sources / name)
    if folder.path.exists():
        raise BadInput(f"{folder.path} is there already: give the source another name with --name")
    try:
        folder.path.mkdir(parents=True)
        folder.metadata.write_text(_metadata(name, text.name, content, about), "utf-8")
        folder.entities.write_text(
            "# Things that only this source speaks of: their names and kinds. What is said about"
            f" them is in claims.trig.\n{_PREFIXES}",
            "utf-8",
        )
    except OSError as error:
        raise BadInput(f"{folder.path} cannot be written: {error}") from error
    return folder


def source_folder(folders: DataFolders, name: str) -> SourceFolder:
    """The folder of a source that there is. Raises ``NotFound``."""
    folder = SourceFolder(folders.sources / name.removeprefix("source:"))
    if not _NAME.fullmatch(folder.name) or not folder.metadata.is_file():
        found = sorted(path.parent.name for path in folders.sources.glob("*/source.ttl"))
        raise NotFound(f"there is no source {name!r} below {folders.sources}: {', '.join(found)}")
    return folder


def text_of(folder: SourceFolder, texts: Path | None) -> SourceText:
    """The text of a source, from the folder where the operator keeps texts.

    Raises ``NotFound`` where it is not at hand or is another text, ``BadData`` for metadata that
    does not parse.
    """
    values = {
        quad.predicate: quad.object.value
        for quad in read_file(DataFile(folder.metadata, Kind.METADATA))
        if isinstance(quad.object, Literal)
    }
    name = values.get(term("sg:textFile"), "")
    if not name:
        raise NotFound(f"{folder.metadata} names no text file: write sg:textFile")
    if texts is None:
        raise NotFound(f"where is {name}? Give its folder with --source-text")
    path = texts / name
    if not path.is_file():
        raise NotFound(f"the text is not at hand: {path} is absent")
    found = _text(path)
    if found.sha256 != values.get(term("sg:textSha256")):
        raise NotFound(f"{path} is another text than {folder.metadata} has: its SHA-256 differs")
    return found


def has_publication(folder: SourceFolder) -> bool:
    """Whether the metadata has the date ``#published`` that claims of the source can share."""
    node = f"{PREFIXES['source']}{folder.name}#published"
    quads = read_file(DataFile(folder.metadata, Kind.METADATA))
    return any(getattr(quad.subject, "value", "") == node for quad in quads)


def next_number(folder: SourceFolder) -> int:
    """The first number that no reviewed claim of the source has."""
    if not folder.claims.is_file():
        return 1
    claims = claim_graphs(read_file(DataFile(folder.claims, Kind.CLAIMS)))
    numbers = [last for name in claims if (last := name.rpartition("/")[2]).isdecimal()]
    return max(map(int, numbers), default=0) + 1


def _text(path: Path) -> SourceText:
    try:
        found = read_text(path)
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} is no text in UTF-8: {error}") from error
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error}") from error
    if not found.text.strip():
        raise BadInput(f"{path} has no text")
    if "\r" in found.text or "\x00" in found.text:
        raise BadInput(
            f"{path} has carriage returns or null characters: save it with line feeds only, since"
            " places count every character"
        )
    return found


def _metadata(name: str, file: str, content: SourceText, about: Description) -> str:
    label = about.label or f"{TO_FILL} what the text is, in our own words"
    published = about.published or f"../{dt.date.today().isoformat()}"
    lines = [
        f"source:{name} a sg:{about.kind} ;",
        f"    rdfs:label {quoted(label)}@en ;",
        f"    schema:inLanguage {quoted(about.language)} ;",
        f"    sg:textFile {quoted(file)} ;",
        f'    sg:textSha256 "{content.sha256}" ;',
        *([f'    schema:url "{about.url}"^^xsd:anyURI ;'] if about.url else []),
        f'    sg:seen "{TO_FILL} how much of the source the text is, such as: the whole text" ;',
        "    sg:publishedOn here:published .",
        "",
        "# The date that the claims share. Where the text does not give it, say why it is inferred.",
        "here:published a sg:Date ;",
        f"    sg:edtf {quoted(published)}" + (" ." if about.published else " ;"),
    ]
    if not about.published:
        lines.append(f'    sg:inferred "{TO_FILL} the date, or why it is inferred" .')
    return (
        "# What is known of the source. Its text is not part of the project.\n"
        f"@prefix sg: <{PREFIXES['sg']}> .\n"
        f"@prefix rdfs: <{PREFIXES['rdfs']}> .\n"
        f"@prefix source: <{PREFIXES['source']}> .\n"
        f"@prefix here: <{PREFIXES['source']}{name}#> .\n"
        f"@prefix schema: <{PREFIXES['schema']}> .\n"
        f"@prefix xsd: <{PREFIXES['xsd']}> .\n\n" + "\n".join(lines) + "\n"
    )


def quoted(text: str) -> str:
    """A string as Turtle writes it."""
    return str(Literal(text))
