"""Errors of ours carried from one process to another: as plain values, and made again there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sanctiongraph.errors import SanctiongraphError

#: The name of its class, its message, and what else it has.
Values = dict[str, Any]


class Foreign(SanctiongraphError):
    """An error of a class that this process does not know, which it may pass on."""

    def __init__(self, values: Values) -> None:
        super().__init__(values["message"])
        self.values = values


def told(error: SanctiongraphError) -> Values:
    """An error as values; ``raised`` makes it again."""
    if isinstance(error, Foreign):
        return error.values
    return {"class": type(error).__name__, "message": str(error), "more": vars(error)}


def raised(values: Values) -> SanctiongraphError:
    """The error that ``told`` was given, or ``Foreign`` where this process does not know its class."""
    for cls in _classes(SanctiongraphError):
        if cls.__name__ == values["class"]:
            error = cls.__new__(cls, values["message"])
            error.args = (values["message"],)
            vars(error).update(values["more"])
            return error
    return Foreign(values)


def _classes(cls: type[SanctiongraphError]) -> Iterator[type[SanctiongraphError]]:
    yield cls
    for below in cls.__subclasses__():
        yield from _classes(below)
