"""Sections of a YAML file, asked for what they should hold; what nobody asked for is refused."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from sanctiongraph.errors import BadData
from sanctiongraph.vocabulary import PREFIXES

T = TypeVar("T")

_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*://[^\s<>\"{}|\\^`]+")


class Section:
    """A mapping of a YAML document. Everything raises ``BadData`` with the place in the file."""

    def __init__(self, content: Any, where: str) -> None:
        if not isinstance(content, dict) or not all(isinstance(key, str) for key in content):
            raise BadData(f"{where}: this should have named parts, and has none")
        self._content: dict[str, Any] = content
        self.where = where
        self._asked: set[str] = set()

    def has(self, key: str) -> bool:
        """Whether it is given."""
        self._asked.add(key)
        return self._content.get(key) not in (None, "")

    def raw(self, key: str) -> Any:
        """The value as it is."""
        self._asked.add(key)
        return self._content.get(key)

    def names(self) -> list[str]:
        """The names of its parts."""
        return list(self._content)

    def text(self, key: str) -> str:
        """A text that has to be there."""
        found = self.optional(key)
        if not found:
            raise BadData(f"{self.where}: {key} is missing")
        return found

    def optional(self, key: str) -> str | None:
        """A text, or nothing."""
        value = self.raw(key)
        if value is not None and not isinstance(value, str):
            raise BadData(f"{self.where}: {key} should be one text")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; one alone is as good as a list of one."""
        value = self.raw(key)
        listed = [] if value is None else value if isinstance(value, list) else [value]
        if not all(isinstance(one, str) for one in listed):
            raise BadData(f"{self.where}: {key} should be a list of texts")
        return tuple(listed)

    def iri(self, key: str) -> str:
        """The IRI of a prefixed name that has to be there."""
        return iri_of(self.text(key), f"{self.where}: {key}")

    def optional_iri(self, key: str) -> str | None:
        """The IRI of a prefixed name, or nothing."""
        return self.iri(key) if self.has(key) else None

    def iris(self, key: str) -> tuple[str, ...]:
        """The IRIs of a list of prefixed names."""
        return tuple(iri_of(one, f"{self.where}: {key}") for one in self.texts(key))

    def number(self, key: str) -> int:
        """A whole number that has to be there."""
        value = self.raw(key)
        if not isinstance(value, str) or not value.isascii() or not value.isdigit():
            raise BadData(f"{self.where}: {key} is {value!r}: give a whole number")
        return int(value)

    def flag(self, key: str) -> bool:
        """Whether it is set; it is not where it is not given."""
        value = self.raw(key)
        if value not in (None, "true", "false"):
            raise BadData(f"{self.where}: {key} is {value!r}: give true or false")
        return bool(value == "true")

    def one_of(self, key: str, offered: Iterable[str], default: str | None = None) -> str:
        """One of the words offered."""
        value = self.optional(key) or default
        words = list(offered)
        if value not in words:
            raise BadData(f"{self.where}: {key} is {value!r}: give one of {', '.join(words)}")
        return value

    def pattern(self, key: str) -> re.Pattern[str] | None:
        """A regular expression, or nothing."""
        text = self.optional(key)
        try:
            return re.compile(text) if text is not None else None
        except re.error as error:
            raise BadData(f"{self.where}: {key}: {error}") from error

    def table(self, key: str) -> Mapping[str, str]:
        """Terms by values."""
        inner = self.section(key)
        return {name: inner.iri(name) for name in inner.names()}

    def section(self, key: str) -> Section:
        """A part with named parts of its own."""
        return Section(self.raw(key), f"{self.where}: {key}")

    def sections(self, key: str) -> list[Section]:
        """A list of such parts."""
        value = self.raw(key)
        if value is not None and not isinstance(value, list):
            raise BadData(f"{self.where}: {key} should be a list")
        return [Section(one, f"{self.where}: {key} {n}") for n, one in enumerate(value or [], 1)]

    def named(self, key: str, read: Callable[[Section], T]) -> Mapping[str, T]:
        """Parts by their names, each read by ``read``; none where the key is not there."""
        if not self.has(key):
            return {}
        inner = self.section(key)
        found = {}
        for name in inner.names():
            part = inner.section(name)
            found[name] = read(part)
            part.done()
        return found

    def done(self) -> None:
        """Refuses what nobody has asked for: it is a slip of the pen, or of a newer version."""
        for key in self._content:
            if key not in self._asked:
                near = difflib.get_close_matches(key, self._asked, n=1)
                hint = f": did you mean {near[0]}?" if near else ""
                raise BadData(f"{self.where}: {key} is not known here{hint}")


def iri_of(name: str, where: str) -> str:
    """The IRI of a prefixed name or an absolute IRI. Raises ``BadData``."""
    prefix, colon, local = name.partition(":")
    if colon and prefix in PREFIXES:
        return PREFIXES[prefix] + local
    if _ABSOLUTE.fullmatch(name):
        return name
    raise BadData(f"{where}: {name!r} is no IRI and no name with a known prefix")
