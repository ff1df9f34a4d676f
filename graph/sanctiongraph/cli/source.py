"""``sanctiongraph source``: a text made a source of the graph, step by step."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from sanctiongraph.check import Report, check
from sanctiongraph.cli.check import text_of as report_text
from sanctiongraph.cli.options import DATA, SOURCE_TEXT
from sanctiongraph.data import DataFolders, data_folders
from sanctiongraph.drafting.comparison import Said, source_difference
from sanctiongraph.drafting.draft import Draft, draft
from sanctiongraph.drafting.folder import (
    KINDS,
    Description,
    SourceFolder,
    begin,
    has_publication,
    next_number,
    source_folder,
    text_of,
)
from sanctiongraph.drafting.knowledge import knowledge
from sanctiongraph.drafting.measure import measure
from sanctiongraph.drafting.model import Model, with_model
from sanctiongraph.drafting.trig import claims_trig, entities_ttl
from sanctiongraph.errors import BadInput
from sanctiongraph.links.endpoint import Extract
from sanctiongraph.links.propose import Proposer, category
from sanctiongraph.links.sssom import Link, link_sets
from sanctiongraph.names.index import Name, Thing
from sanctiongraph.settings import from_environment
from sanctiongraph.vocabulary import PREFIXES, shorten

_NAME = click.argument("name")


@click.group("source")
def source_group() -> None:
    """Make a text a source of the graph: new, draft, check, diff (docs/adding-a-source.md)."""


@source_group.command("new")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@DATA
@click.option("--name", default="", help="Name of the source; else made of the file's name.")
@click.option("--kind", type=click.Choice(KINDS), default=KINDS[0], show_default=True)
@click.option("--label", default="", help="What the text is, in our own words.")
@click.option("--published", default="", help="When it was published, as EDTF: 2021-11-14.")
@click.option("--url", default="", help="Where it is found.")
@click.option("--language", default="en", show_default=True)
def new_command(
    file: Path, data: Path | None, name: str, kind: str, label: str, published: str, url: str, language: str
) -> None:  # fmt: skip
    """Begin the folder of a source for the text in FILE, with metadata to fill."""
    folders = data_folders(data or from_environment().data)
    folder = begin(folders, file, name, Description(kind, label, published, url, language))
    click.echo(f"{folder.path}: fill {folder.metadata.name}, then")
    click.echo(f"sanctiongraph source draft {folder.name} --source-text {file.resolve().parent}")


@source_group.command("draft")
@_NAME
@DATA
@SOURCE_TEXT
@click.option(
    "--extract",
    "extracts",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="File with triples of Wikidata, to propose links of new things from; may be repeated.",
)
@click.option("--model", "ask_model", is_flag=True, help="Ask SANCTIONGRAPH_MODEL_URL as well.")
@click.option("--force", is_flag=True, help="Write over a draft that is there.")
def draft_command(
    name: str,
    data: Path | None,
    source_text: Path | None,
    extracts: tuple[Path, ...],
    ask_model: bool,
    force: bool,
) -> None:
    """Propose the claims and the new things of a source, as TriG and Turtle to edit."""
    settings = from_environment()
    folders = data_folders(data or settings.data)
    folder = source_folder(folders, name)
    if folder.draft_claims.exists() and not force:
        raise BadInput(f"{folder.draft_claims} is there already: --force writes over it")
    text = text_of(folder, source_text or settings.source_text)
    known = knowledge(folders, [folder.name] if folder.claims.exists() else [])
    made = draft(known, text.text)
    if ask_model:
        if not settings.model_url or not settings.model:
            raise BadInput("set SANCTIONGRAPH_MODEL_URL and SANCTIONGRAPH_MODEL to ask a model")
        model = Model(settings.model_url, settings.model, settings.model_key)
        made, refused = with_model(made, text.text, known, model)
        for one in refused:
            click.echo(f"dropped, paragraph {one.paragraph}: {one.reason}", err=True)
    links = _links(folders, made, extracts)
    content = claims_trig(
        made, folder.name, text, published=has_publication(folder), first=next_number(folder)
    )
    folder.draft_claims.write_text(content, "utf-8")
    folder.draft_entities.write_text(entities_ttl(made, links, folder.name), "utf-8")
    click.echo(_summary(folder, made))


@source_group.command("check")
@_NAME
@DATA
@SOURCE_TEXT
@click.option("--reasoner", is_flag=True, help="HermiT as well, which takes some seconds.")
@click.pass_context
def check_command(
    context: click.Context,
    name: str,
    data: Path | None,
    source_text: Path | None,
    reasoner: bool,
) -> None:
    """Check a source and its draft, as the whole graph's check does, and tell only what is theirs.

    Ends with 1 where something has to be cured.
    """
    settings = from_environment()
    folders = data_folders(data or settings.data)
    folder = source_folder(folders, name)
    report = check(
        folders,
        source_text or settings.source_text,
        reasoner=reasoner,
        draft_of=folder.name,
    )
    own = folder.path.relative_to(folders.root)
    findings = tuple(
        one
        for one in report.findings
        if (one.file is not None and one.file.is_relative_to(own))
        or (one.file is None and f"source:{folder.name}" in one.message)
    )
    shown = Report(
        findings, report.files, report.sources, report.claims, report.triples, report.seconds
    )
    click.echo(report_text(shown))
    context.exit(1 if shown.failures else 0)


@source_group.command("diff")
@_NAME
@DATA
@click.option("--assessments", is_flag=True, help="Assess with and without it: takes seconds.")
def diff_command(name: str, data: Path | None, assessments: bool) -> None:
    """Show what a source adds to the graph, what it confirms and what it contradicts."""
    folders = data_folders(data or from_environment().data)
    folder = source_folder(folders, name)
    found = source_difference(folders, folder.name, assessments=assessments)
    new, confirmed = _by_claim(found.new), _by_claim(found.confirmed)
    click.echo(
        f"{found.claims} claims: {len(new)} say something new, {len(confirmed)} confirm what other"
        f" sources say, {len({one.claim for one in found.contradictions})} contradict;"
        f" {len(found.entities)} new things"
    )
    for title, group in (("adds", new), ("confirms", confirmed)):
        click.echo(f"\n{title}")
        for claim, said in group.items():
            click.echo(f"  {shorten(claim)}")
            for one in said:
                others = f"  ({', '.join(map(shorten, one.others))})" if one.others else ""
                triple = f"{shorten(one.subject)} {shorten(one.property)} {shorten(one.value)}"
                click.echo(f"    {triple}{others}")
    click.echo("\ncontradicts" if found.contradictions else "\ncontradicts nothing")
    for contradiction in found.contradictions:
        click.echo(
            f"  {contradiction.kind}: {shorten(contradiction.claim)} has"
            f" {shorten(contradiction.value)}, {shorten(contradiction.other)}"
            f" {shorten(contradiction.other_value)}"
        )
    for iri in found.entities:
        click.echo(f"new thing {shorten(iri)}")
    for change in found.assessments or ():
        sign = "+" if change.added else "-"
        click.echo(
            f"{sign} {shorten(change.rule)} on {shorten(change.party)}, {shorten(change.viewpoint)}:"
            f" {shorten(change.outcome)}, level {shorten(change.level)}"
        )
    if assessments and not found.assessments:
        click.echo("no assessment changes")


@source_group.command("measure")
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@DATA
@SOURCE_TEXT
def measure_command(names: tuple[str, ...], data: Path | None, source_text: Path | None) -> None:
    """Compare a source's reviewed claims with a draft made without them, as a Markdown table."""
    settings = from_environment()
    folders = data_folders(data or settings.data)
    click.echo("| source | kind | recall | precision |")
    click.echo("| --- | --- | --- | --- |")
    for name in names:
        folder = source_folder(folders, name)
        text = text_of(folder, source_text or settings.source_text)
        for one in measure(folders, folder.name, text.text):
            click.echo(
                f"| {folder.name} | {one.kind} | {one.recall:.2f} ({one.found} of {one.wanted})"
                f" | {one.precision:.2f} ({one.right} of {one.proposed}) |"
            )


def _links(
    folders: DataFolders, made: Draft, extracts: Sequence[Path]
) -> Mapping[str, Sequence[Link]]:
    """Links proposed for the new things, from extracts of another dataset."""
    if not extracts:
        return {}
    taken = {
        link.subject: link.object
        for links in link_sets(folders.links)
        for link in links.links
        if link.exact and link.object.startswith(PREFIXES["wd"])
    }
    things = [
        Thing(one.thing.iri, (Name(one.thing.label, "en", False),), one.thing.kinds, 0)
        for one in made.newcomers
        if one.kind != "UnnamedGroup"
    ]
    by_iri = {thing.iri: thing for thing in things}
    dataset = Extract.of(extracts)
    found: dict[str, list[Link]] = defaultdict(list)
    for one in Proposer(dataset.store, dataset, taken).proposals(things):
        thing = by_iri[one.thing]
        found[one.thing].append(one.link(thing.label(), category(thing), dt.date.today()))
    return found


def _summary(folder: SourceFolder, made: Draft) -> str:
    spoken = sum(1 for one in made.claims if one.speakers)
    asserted = sum(1 for one in made.claims if one.assertions)
    return (
        f"{len(made.claims)} claims proposed, {spoken} of them somebody's word, {asserted} with"
        f" triples; {len(made.mentions)} mentions; {len(made.newcomers)} new things\n"
        f"edit {folder.draft_claims} and {folder.draft_entities}, then\n"
        f"sanctiongraph source check {folder.name}"
    )


def _by_claim(said: Sequence[Said]) -> dict[str, list[Said]]:
    found: dict[str, list[Said]] = defaultdict(list)
    for one in said:
        found[one.claim].append(one)
    return dict(found)
