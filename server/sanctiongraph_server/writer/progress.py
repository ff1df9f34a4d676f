"""How far writing, publishing and deriving have come: counts that threads wait for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Counts:
    """Changes since the keeper began. A change that may have been made counts as made."""

    made: int = 0
    #: Those that are in the newest snapshot, or more.
    published: int = 0
    #: Those from which everything derived has followed, or could not follow.
    derived: int = 0


class Progress:
    """The counts, and the name of the snapshot up to which everything has followed."""

    def __init__(self, derived: str) -> None:
        self._counts = Counts()
        self._changed = threading.Condition()
        self.derived_name = derived
        #: Why nothing could be derived, the last time.
        self.error: str | None = None

    @property
    def counts(self) -> Counts:
        """The counts as they are now."""
        return self._counts

    def made(self) -> None:
        """One more change was made, or may have been."""
        self._set(lambda old: Counts(old.made + 1, old.published, old.derived))

    def published(self, count: int) -> None:
        """That many changes are published."""
        self._set(lambda old: Counts(old.made, max(old.published, count), old.derived))

    def derived(self, count: int, name: str) -> None:
        """Everything has followed from that many changes, in the snapshot of that name."""
        self.derived_name, self.error = name, None
        self._set(lambda old: Counts(old.made, old.published, max(old.derived, count)))

    def failed(self, count: int, why: str) -> None:
        """From that many changes nothing can be derived."""
        self.error = why
        self._set(lambda old: Counts(old.made, old.published, max(old.derived, count)))

    def wait(self, until: Callable[[Counts], bool], timeout: float | None = None) -> bool:
        """Waits until the counts are so; returns whether they are."""
        with self._changed:
            return self._changed.wait_for(lambda: until(self._counts), timeout)

    def _set(self, new: Callable[[Counts], Counts]) -> None:
        with self._changed:
            self._counts = new(self._counts)
            self._changed.notify_all()
