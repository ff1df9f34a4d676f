"""The parts of a form that is sent as ``multipart/form-data``: RFC 7578."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import Message
from typing import Final

from werkzeug.exceptions import HTTPException
from werkzeug.sansio.multipart import (
    Data,
    Epilogue,
    Field,
    File,
    MultipartDecoder,
    NeedData,
)

from sanctiongraph.errors import BadParameter

MULTIPART: Final = "multipart/form-data"
_MOST_PARTS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Part:
    """A part with its type and file name, where it has them."""

    content_type: str | None
    filename: str | None
    body: bytes


def parts(body: bytes, content_type: str) -> list[Part]:
    """The parts in their order; raises ``BadParameter`` where there is none or the form is broken."""
    message = Message()
    message["content-type"] = content_type
    boundary = message.get_param("boundary")
    if not isinstance(boundary, str) or not boundary or not boundary.isascii():
        raise BadParameter(f"{MULTIPART} needs a boundary: it stands in Content-Type")
    try:
        found = _decoded(body, boundary.encode("ascii"))
    except (ValueError, HTTPException) as error:
        raise BadParameter(f"the form does not keep to {MULTIPART}: {error}") from error
    if not found:
        raise BadParameter("the form has no part")
    return found


def _decoded(body: bytes, boundary: bytes) -> list[Part]:
    decoder = MultipartDecoder(boundary, max_parts=_MOST_PARTS)
    decoder.receive_data(body)
    decoder.receive_data(None)
    found: list[Part] = []
    begun: Field | File | None = None
    held = bytearray()
    while not isinstance(event := decoder.next_event(), (Epilogue, NeedData)):
        if isinstance(event, (Field, File)):
            begun, held = event, bytearray()
        elif isinstance(event, Data) and begun is not None:
            held += event.data
            if not event.more_data:
                filename = begun.filename if isinstance(begun, File) else None
                found.append(Part(begun.headers.get("Content-Type"), filename, bytes(held)))
                begun = None
    return found
