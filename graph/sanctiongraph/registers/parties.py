"""A party of the advanced XML as fields: names, kind, and each feature by what the file calls it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final
from xml.etree.ElementTree import Element

from sanctiongraph.errors import BadData

Values = dict[str, list[str]]
#: The elements of each set of reference values, by their numbers.
References = dict[str, dict[str, Element]]

_UNKNOWN: Final = "Unknown"
_LAST_NAME: Final = "Last Name"
_LOCATION: Final = "Location"
#: Parts of a place in the order in which an address is written; what has no name comes last.
_PARTS: Final = (
    "ADDRESS1", "ADDRESS2", "ADDRESS3", "CITY", "STATE/PROVINCE", "POSTAL CODE", "REGION",
)  # fmt: skip


def id_of(element: Element) -> str:
    """The number of an element. Raises ``BadData`` where it has none."""
    found = element.get("ID")
    if not found:
        raise BadData(f"the element {element.tag} has no ID")
    return found


def value_of(references: References, name: str, number: str | None) -> Element:
    """A reference value by its number. Raises ``BadData`` where there is none."""
    found = references.get(f"{name}Values", {}).get(number or "")
    if found is None:
        raise BadData(f"{name} {number or 'without a number'} is in no set of reference values")
    return found


def text_of(references: References, name: str, number: str | None) -> str:
    """The text of a reference value. Raises ``BadData`` where there is none."""
    return (value_of(references, name, number).text or "").strip()


def date_of(element: Element | None) -> str | None:
    """A date, as far as it is given."""
    if element is None:
        return None
    parts = [(element.findtext(name) or "").strip() for name in ("Year", "Month", "Day")]
    return "-".join(part.zfill(2) for part in parts if part) if parts[0] else None


def place_of(element: Element, references: References) -> Values:
    """A location: its address in one line, its state, and what it is in other scripts."""
    parts: dict[str, str] = {}
    others = []
    for part in element.findall("LocationPart"):
        kind = text_of(references, "LocPartType", part.get("LocPartTypeID"))
        for value in part.findall("LocationPartValue"):
            text = (value.findtext("Value") or "").strip()
            if value.get("Primary") == "false":
                others.append(text)
            elif text:
                parts[kind] = f"{parts[kind]}, {text}" if kind in parts else text
    state = _state(element, references)
    ordered = sorted(parts, key=lambda kind: _PARTS.index(kind) if kind in _PARTS else len(_PARTS))
    line = ", ".join([*(parts[kind] for kind in ordered), *state])
    return {"line": [line] if line else [], "others": others}


def _state(element: Element, references: References) -> list[str]:
    for name, attribute in (("LocationCountry", "Country"), ("LocationAreaCode", "AreaCode")):
        found = element.find(name)
        if found is not None:
            value = value_of(references, attribute, found.get(f"{attribute}ID"))
            return [value.get("Description") or (value.text or "").strip()]
    return []


def document_of(element: Element, references: References) -> tuple[str, str, str]:
    """An identity document: whose it is, what it is, and its number."""
    kind = text_of(references, "IDRegDocType", element.get("IDRegDocTypeID"))
    identity = element.get("IdentityID")
    if not identity:
        raise BadData("the document is nobody's: it has no IdentityID")
    return identity, kind, (element.findtext("IDRegistrationNo") or "").strip()


def fields_of_party(
    profile: Element,
    references: References,
    place: Callable[[str], Values],
    documents: Callable[[str], list[tuple[str, str]]],
) -> Values:
    """The fields of a party; ``place`` and ``documents`` are what came before it.

    Raises ``BadData`` where it names what is not there.
    """
    values: Values = {"kind": [_kind(profile, references)]}
    for identity in profile.findall("Identity"):
        parts = {
            group.get("ID"): text_of(references, "NamePartType", group.get("NamePartTypeID"))
            for group in identity.iter("NamePartGroup")
        }
        for alias in identity.findall("Alias"):
            for field, name in _names(alias, parts, references):
                values.setdefault(field, []).append(name)
        for kind, number in documents(identity.get("ID") or ""):
            values.setdefault(f"document: {kind}", []).append(number)
    for feature in profile.findall("Feature"):
        kind = text_of(references, "FeatureType", feature.get("FeatureTypeID"))
        for version in feature.findall("FeatureVersion"):
            for field, value in _feature(kind, version, references, place):
                values.setdefault(field, []).append(value)
    return values


def _kind(profile: Element, references: References) -> str:
    """What sort of party it is: by its own sort, else by the one above."""
    own = value_of(references, "PartySubType", profile.get("PartySubTypeID"))
    text = (own.text or "").strip()
    return text if text != _UNKNOWN else text_of(references, "PartyType", own.get("PartyTypeID"))


def _names(
    alias: Element, parts: dict[str | None, str], references: References
) -> Iterator[tuple[str, str]]:
    kind = text_of(references, "AliasType", alias.get("AliasTypeID"))
    for number, documented in enumerate(alias.findall("DocumentedName")):
        last: list[str] = []
        rest: list[str] = []
        for value in documented.iter("NamePartValue"):
            text = (value.text or "").strip()
            is_last = parts.get(value.get("NamePartGroupID")) == _LAST_NAME
            (last if is_last else rest).append(text)
        name = ", ".join(" ".join(some) for some in (last, rest) if some)
        if alias.get("Primary") == "true":
            status = text_of(references, "DocNameStatus", documented.get("DocNameStatusID"))
            # The same name in another script is another name of the party.
            first = status.startswith("Primary") or (not number and len(alias) == 1)
            yield ("name" if first else "alias"), name
        elif alias.get("LowQuality") == "true":
            yield "weak_alias", name
        else:
            yield ("former_name" if kind == "F.K.A." else "alias"), name


def _feature(
    kind: str, version: Element, references: References, place: Callable[[str], Values]
) -> Iterator[tuple[str, str]]:
    """The values of a feature, under what it is called; places are addresses."""
    comment = (version.findtext("Comment") or "").strip()
    if comment:
        yield f"{kind} (comment)", comment
    for location in version.findall("VersionLocation"):
        found = place(location.get("LocationID") or "")
        field = "address" if kind == _LOCATION else kind
        for line in found["line"]:
            yield field, line
        for other in found["others"]:
            yield f"{field} (other script)", other
    for detail in version.findall("VersionDetail"):
        number = detail.get("DetailReferenceID")
        text = text_of(references, "DetailReference", number) if number else detail.text or ""
        if text.strip():
            yield kind, text.strip()
    for period in version.findall("DatePeriod"):
        dates = [date_of(one) or "" for end in period for one in end]
        yield kind, "/".join(dict.fromkeys(one for one in dates if one))
