"""How a register is read, as data: a YAML file in the form that ``docs/registers.md`` describes.

Everything is checked when the file is read, so that an import does not fail on its thousandth row
for a slip in the mapping; an unknown key is refused, since it would be left out silently.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import yaml

from sanctiongraph.data import DataFolders
from sanctiongraph.errors import BadData, NotFound
from sanctiongraph.registers.form import Section
from sanctiongraph.registers.specs import (
    Certain,
    Choice,
    Described,
    Field,
    Form,
    Joined,
    Layout,
    MappingFile,
    Near,
    NodeSpec,
    RecordSpec,
    Say,
    ThingSpec,
)

_NAME: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class _Texts(yaml.SafeLoader):
    """Reads every value as text: a column may be called No, and a code may be NO or 007."""


_Texts.yaml_implicit_resolvers = {
    sign: [(tag, pattern) for tag, pattern in resolvers if tag == "tag:yaml.org,2002:merge"]
    for sign, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def mappings(folders: DataFolders) -> dict[str, Path]:
    """The mappings that come with the program, by the register's name."""
    return {path.stem: path for path in sorted(folders.mappings.glob("*.yaml"))}


def shipped_mapping(folders: DataFolders, name: str) -> MappingFile:
    """A mapping that comes with the program. Raises ``NotFound``, ``BadData``."""
    found = mappings(folders)
    if name not in found:
        raise NotFound(f"there is no mapping {name!r}; there are: {', '.join(found) or 'none'}")
    return read_mapping(found[name])


def read_mapping(path: Path, register: str | None = None) -> MappingFile:
    """The mapping in a file, for the register it names or another name.

    Raises ``BadData`` with the place in the file for all that cannot be meant.
    """
    try:
        content = path.read_bytes()
        document = yaml.load(content, _Texts)
    except (OSError, yaml.YAMLError, ValueError) as error:
        raise BadData(f"{path}: {error}") from error
    top = Section(document, str(path))
    name = register or top.text("register")
    top.has("register")
    if not _NAME.fullmatch(name):
        raise BadData(f"{path}: register {name!r}: use small letters, digits and hyphens")
    publisher = top.section("publisher")
    described = [_described(one) for one in top.sections("described")]
    who = publisher.iri("iri")
    if publisher.has("label"):
        described.insert(0, Described(who, publisher.iri("class"), publisher.text("label")))
    publisher.done()
    found = MappingFile(
        register=name,
        label=top.text("label"),
        address=top.text("address"),
        licence=top.text("licence"),
        publisher=who,
        described=tuple(described),
        verification=top.iri("verification"),
        layout=_layout(top.section("layout")),
        fields=top.named("fields", _field),
        required=top.texts("required"),
        key=top.texts("key"),
        entry=top.text("entry"),
        records=tuple(_record(one) for one in top.sections("records")),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    top.done()
    if not found.key or not found.records:
        raise BadData(f"{path}: give a key and at least one record")
    return found


def _described(one: Section) -> Described:
    found = Described(one.iri("iri"), one.iri("class"), one.text("label"))
    one.done()
    return found


def _layout(one: Section) -> Layout:
    found = Layout(
        format=one.one_of("format", ("csv", "json-lines", "advanced-xml")),
        encodings=one.texts("encodings") or ("utf-8",),
        delimiter=one.optional("delimiter") or ",",
        header=one.texts("header"),
        columns=one.texts("columns"),
        empty=frozenset(one.texts("empty")),
        end=one.optional("end"),
        join=one.flag("join"),
        joined=one.named("joined", _joined),
    )
    one.done()
    if found.format == "csv" and not (found.columns or found.header):
        raise BadData(f"{one.where}: give the columns, or the header line with their names")
    if found.header and found.columns and len(found.header) != len(found.columns):
        raise BadData(
            f"{one.where}: the header has {len(found.header)} cells for {len(found.columns)} columns"
        )
    return found


def _joined(one: Section) -> Joined:
    columns, by, optional = one.texts("columns"), one.text("by"), one.flag("optional")
    together = _lists(one, "together")
    for name in (by, *(column for listed in together.values() for column in listed)):
        if name not in columns:
            raise BadData(f"{one.where}: there is no column {name}")
    return Joined(columns, by, optional, together)


def _lists(one: Section, key: str) -> Mapping[str, tuple[str, ...]]:
    """Lists of texts by their names; none where the key is not there."""
    inner = one.section(key) if one.has(key) else None
    return {name: inner.texts(name) for name in inner.names()} if inner else {}


def _field(one: Section) -> Field:
    unless = {name: frozenset(values) for name, values in _lists(one, "unless").items()}
    return Field(one.text("from"), one.optional("split"), one.pattern("find"), unless)


def _choice(one: Section, key: str) -> Choice:
    """A term, or a section with a field and a table."""
    if not isinstance(one.raw(key), dict):
        return Choice(None, {}, one.iri(key))
    inner = one.section(key)
    found = Choice(inner.text("field"), inner.table("table"), inner.optional_iri("else"))
    inner.done()
    return found


def _thing(one: Section) -> ThingSpec:
    key = one.text("key")
    return ThingSpec(
        kind=one.text("kind"),
        key=key,
        label=one.texts("label") or (key,),
        names=one.texts("names"),
        kinds=_choice(one, "class"),
        like=one.iris("like"),
        certain=Certain(one.one_of("certain", [each.value for each in Certain])),
        identifiers=one.texts("identifiers"),
        named=one.optional("named"),
        coded=one.optional_iri("coded"),
        refers=one.flag("refers"),
        fits=one.pattern("fits"),
        unnamed=one.pattern("unnamed"),
    )


def _near(one: Section) -> Near:
    return Near(one.text("field"), one.number("years"), one.iris("events"))


def _node(one: Section) -> NodeSpec:
    near = one.section("near") if one.has("near") else None
    return NodeSpec(
        kind=one.iri("class"),
        label=one.optional("label"),
        each=one.optional("each"),
        where=one.optional("where"),
        same=one.iris("same"),
        near=_near(near) if near else None,
    )


def _say(one: Section) -> Say:
    field, table = one.optional("field"), one.has("table")
    choice = Choice(field, one.table("table"), one.optional_iri("else")) if table else None
    found = Say(
        property=one.iri("property"),
        thing=one.optional("thing"),
        node=one.optional("node"),
        iri=one.optional("iri"),
        field=field,
        choice=choice,
        form=Form(one.one_of("as", [each.value for each in Form], "text")),
        mark=one.optional("mark"),
        pattern=one.optional("pattern"),
    )
    one.done()
    if sum(value is not None for value in (found.thing, found.node, found.iri, found.field)) != 1:
        raise BadData(f"{one.where}: give one of thing, node, iri and field")
    return found


def _record(one: Section) -> RecordSpec:
    spoken = one.section("say")
    found = RecordSpec(
        when={name: frozenset(values) for name, values in _lists(one, "when").items()},
        required=one.texts("required"),
        things=one.named("things", _thing),
        nodes=one.named("nodes", _node),
        say={name: tuple(_say(each) for each in spoken.sections(name)) for name in spoken.names()},
        wording=one.text("wording"),
        marked=one.optional("marked"),
    )
    one.done()
    _consistent(found, one.where)
    return found


def _consistent(record: RecordSpec, where: str) -> None:
    subjects = {*record.things, *record.nodes}
    for subject, said in record.say.items():
        if subject not in subjects:
            raise BadData(f"{where}: say: {subject} is neither a thing nor a node")
        for one in said:
            if one.thing is not None and one.thing not in record.things:
                raise BadData(f"{where}: say: {subject}: there is no thing {one.thing}")
            if one.node is not None and one.node not in record.nodes:
                raise BadData(f"{where}: say: {subject}: there is no node {one.node}")
            if one.mark is not None and record.marked is None:
                raise BadData(f"{where}: say: {subject}: a mark needs the wording 'marked'")
