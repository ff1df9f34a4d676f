"""Stylesheet and scripts, at addresses that name their content, so that they are kept for long."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from flask import Blueprint, Response

from sanctiongraph.errors import NotFound

#: A year: under the same address there is never anything else.
_KEPT: Final = "public, max-age=31536000, immutable"
#: Of an address that an older page had: what there is now, for this once.
_NOT_KEPT: Final = "public, no-cache"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file, and the address that it has."""

    name: str
    content: bytes
    digest: str
    content_type: str

    @property
    def address(self) -> str:
        """Below the gateway's root."""
        return f"/static/{self.digest}/{self.name}"


class Assets:
    """The files of a folder, read once; those of its folders have their path as name."""

    def __init__(self, folder: Traversable) -> None:
        self._found: Mapping[str, Asset] = {one.name: one for one in _read(folder, "")}

    @classmethod
    def ours(cls) -> Assets:
        """Those of the pages: ``static`` beside this module."""
        return cls(files(__package__) / "static")

    def __contains__(self, name: object) -> bool:
        return name in self._found

    def __getitem__(self, name: str) -> Asset:
        """Raises ``NotFound``."""
        try:
            return self._found[name]
        except KeyError:
            raise NotFound(f"there is no file {name!r} of the pages") from None

    def blueprint(self) -> Blueprint:
        """The addresses of the files."""
        found = Blueprint("assets", __name__)

        @found.get("/static/<digest>/<path:name>")
        def asset(digest: str, name: str) -> Response:
            one = self[name]
            kept = _KEPT if digest == one.digest else _NOT_KEPT
            headers = {"Cache-Control": kept}
            return Response(one.content, 200, headers, content_type=one.content_type)

        return found


def _read(folder: Traversable, path: str) -> list[Asset]:
    found: list[Asset] = []
    for one in folder.iterdir():
        if one.is_dir():
            found += _read(one, f"{path}{one.name}/")
        elif not one.name.startswith("."):
            content = one.read_bytes()
            digest = hashlib.sha256(content).hexdigest()[:16]
            found.append(Asset(path + one.name, content, digest, _type(one.name)))
    return found


def _type(name: str) -> str:
    guessed = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}.get(
        name.rpartition(".")[2]
    ) or (mimetypes.guess_type(name)[0] or "application/octet-stream")
    textual = guessed.startswith("text/") or guessed.endswith("+xml")
    return f"{guessed}; charset=utf-8" if textual else guessed
