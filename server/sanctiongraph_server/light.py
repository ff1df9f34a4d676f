"""Values that travel between processes for every query, pickled with little work."""

from __future__ import annotations

from dataclasses import fields
from operator import attrgetter
from typing import Any, TypeVar

C = TypeVar("C", bound=type)


def light(cls: C) -> C:
    """Lets a dataclass of two and more fields be pickled as a call with their values.

    As ``dataclasses`` does it for one that is frozen and has slots, its fields are looked up for
    each value, both when it leaves and when it arrives.
    """
    values = attrgetter(*(field.name for field in fields(cls)))

    def reduced(self: Any) -> tuple[type, tuple[Any, ...]]:
        return cls, values(self)

    cls.__reduce__ = reduced  # type: ignore[assignment]
    return cls
