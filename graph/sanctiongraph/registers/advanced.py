"""The advanced XML of sanctions lists, in which OFAC publishes them: entries with their parties.

Layout: the Advanced Sanctions Data Model with its schema, as OFAC's "Sanctions List Data Formats"
has it. An entry names a party, and a party names places, documents and other parties by numbers;
all of those come before the entries.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element

from sanctiongraph.errors import BadData
from sanctiongraph.registers.elements import Record, records_in
from sanctiongraph.registers.parties import (
    References,
    Values,
    date_of,
    document_of,
    fields_of_party,
    id_of,
    place_of,
    text_of,
)
from sanctiongraph.registers.put_by import PutBy
from sanctiongraph.registers.rows import Bad, Item, Left, NoRow, Row, digest_of, fields_of
from sanctiongraph.registers.specs import MappingFile

#: What the records of each section are called in a report.
_CALLED: Final = {
    "DateOfIssue": "date of issue",
    "ReferenceValueSets": "set of reference values",
    "Locations": "location",
    "IDRegDocuments": "identity document",
    "DistinctParties": "party",
    "ProfileRelationships": "relationship",
}
_PROGRAMME: Final = "Program"
_CREATED: Final = "Created"
#: Parties of these kinds are things, and nobody acts for a thing.
_THINGS: Final = frozenset({"Vessel", "Aircraft"})


def advanced_items(path: Path, mapping: MappingFile) -> Iterator[Item]:
    """The records of a file: its entries as rows, each with all that is said of its party.

    Raises ``BadData`` where it is no XML, or none of this layout.
    """
    put_by = PutBy()
    references: References = {}
    number = 0
    for number, record in enumerate(records_in(path, "Sanctions"), 1):
        try:
            values = _taken(record, references, put_by)
        except BadData as error:
            yield Bad(record.line, 1, str(error), number)
            continue
        if values is None:
            called = _CALLED.get(record.section, f"left out: {record.section}")
            yield NoRow(record.line, 1, called, number)
        else:
            fields = fields_of(values, mapping.layout, mapping.fields)
            ordered = {name: sorted(found) for name, found in values.items()}
            yield Row(record.line, 1, fields, digest_of(ordered), number)
    for line, reason in put_by.left():
        number += 1
        yield Left(line, reason, number)


def _taken(record: Record, references: References, put_by: PutBy) -> Values | None:
    """The values of an entry; what is none is put by until an entry asks for it."""
    element = record.element
    match record.section:
        case "ReferenceValueSets":
            references[element.tag] = {id_of(one): one for one in element}
        case "Locations":
            put_by.location(id_of(element), place_of(element, references))
        case "IDRegDocuments":
            put_by.document(*document_of(element, references))
        case "DistinctParties":
            _party(record, references, put_by)
        case "ProfileRelationships":
            _relationship(record, references, put_by)
        case "SanctionsEntries":
            return _entry(element, references, put_by)
    return None


def _party(record: Record, references: References, put_by: PutBy) -> None:
    profiles = record.element.findall("Profile")
    if not profiles:
        raise BadData("the party has no profile")
    for profile in profiles:
        fields = fields_of_party(profile, references, put_by.place, put_by.documents)
        fields["comment"] = [record.element.findtext("Comment") or ""]
        put_by.party(id_of(profile), record.line, fields)


def _relationship(record: Record, references: References, put_by: PutBy) -> None:
    element = record.element
    party, other = element.get("From-ProfileID"), element.get("To-ProfileID")
    if not party or not other:
        raise BadData("the relationship lacks From-ProfileID or To-ProfileID")
    kind = text_of(references, "RelationType", element.get("RelationTypeID"))
    entry, former = element.get("SanctionsEntryID"), element.get("Former") == "true"
    put_by.relationship(record.line, id_of(element), entry, party, other, kind, former=former)


def _entry(element: Element, references: References, put_by: PutBy) -> Values:
    entry, profile = id_of(element), element.get("ProfileID")
    if not profile:
        raise BadData(f"entry {entry} has no ProfileID")
    party = put_by.party_of(profile)
    if party is None:
        raise BadData(f"party {profile} of entry {entry} is missing or was rejected")
    values = {**party, "entry": [entry], "profile": [profile]}
    values["list"] = [text_of(references, "List", element.get("ListID"))]
    values |= _events(element, references)
    for measure in element.findall("SanctionsMeasure"):
        kind = text_of(references, "SanctionsType", measure.get("SanctionsTypeID"))
        comment = (measure.findtext("Comment") or "").strip()
        if kind == _PROGRAMME:
            values.setdefault("programme", []).append(comment)
        else:
            values.setdefault("measure", []).append(f"{kind}: {comment}" if comment else kind)
    for kind, other, former, fields in put_by.relationships(entry, profile):
        if former:
            values.setdefault("formerly_related", []).append(other)
            continue
        values.setdefault("related", []).append(other)
        if _THINGS.isdisjoint([*party["kind"], *fields.get("kind", ())]):
            values.setdefault(kind, []).append(other)
    return values


def _events(element: Element, references: References) -> Values:
    """The dates of an entry by what happened on them, and its legal basis."""
    dates: Values = {}
    basis: list[str] = []
    for event in element.findall("EntryEvent"):
        kind = text_of(references, "EntryEventType", event.get("EntryEventTypeID"))
        if date := date_of(event.find("Date")):
            dates.setdefault("listed" if kind == _CREATED else kind, []).append(date)
        if event.get("LegalBasisID"):
            basis.append(text_of(references, "LegalBasis", event.get("LegalBasisID")))
    found: Values = {"legal_basis": basis}
    for name, each in dates.items():
        # A day for each programme that came later, too; on the list it is since the first.
        first, *later = sorted(each)
        found[name] = [first]
        found[f"{name} again"] = later
    return found
