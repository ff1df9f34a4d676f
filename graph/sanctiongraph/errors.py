"""The one error hierarchy.

``SanctiongraphError``
    ``BadInput``          what the caller gave cannot be used; the message says what to do
        ``BadDate``           not an EDTF date
        ``BadQuery``          SPARQL that does not parse, or that this endpoint does not take
        ``BadParameter``      a parameter of a library query: unknown, missing or of the wrong type
        ``BadData``           a data file that does not parse or breaks a rule of its layout
    ``NotFound``          no query, thing or claim of that name
    ``Forbidden``         understood, and not allowed here
    ``NotBuilt``          there is no published graph to open
    ``BuildBusy``         another build holds the folder
    ``MissingExtra``      a command needs an optional part of the installation
    ``EvaluationFailed``  the engine failed on a query that parsed
    ``Stopped``           work that was begun was ended before its end
        ``DeadlineExceeded``  it took longer than it may
        ``MemoryExceeded``    it needed more memory than it may
        ``ResultTooLarge``    its result is longer than it may be
        ``ClientGone``        nobody waits for it any more
        ``WorkerLost``        its process ended, for a reason that is not known
    ``Overloaded``        too much waits already
    ``Unauthorized``      a token is needed, and none or an unknown one came
    ``TooManyRequests``   one client asks more often than it may
    ``RemoteFailed``      another server, asked for this answer, did not give it
        ``StoreAway``         the store that holds the graph is not reached, or not ready

Nothing here knows HTTP: the gateway maps these classes to statuses in one table.
"""

from __future__ import annotations


class SanctiongraphError(Exception):
    """Base of all errors that this package raises on purpose; ``str(error)`` is for the user."""


class BadInput(SanctiongraphError):
    """What the caller gave cannot be used."""


class BadDate(BadInput):
    """A string that is not an Extended Date/Time Format date."""


class BadQuery(BadInput):
    """SPARQL that does not parse, or that is not a query."""


class BadParameter(BadInput):
    """A parameter of a library query that is unknown, missing or of the wrong type."""


class BadData(BadInput):
    """A data file that does not parse or breaks a rule of its layout."""


class NotFound(SanctiongraphError):
    """No query, thing or claim of that name."""


class Forbidden(SanctiongraphError):
    """Understood, and not allowed here."""


class NotBuilt(SanctiongraphError):
    """There is no published graph to open."""


class BuildBusy(SanctiongraphError):
    """Another build is at work in the same folder."""


class MissingExtra(SanctiongraphError):
    """A command needs an optional part of the installation."""


class EvaluationFailed(SanctiongraphError):
    """The engine failed on a query that parsed."""


class Stopped(SanctiongraphError):
    """Work that was begun was ended before its end."""


class DeadlineExceeded(Stopped):
    """Work took longer than it may; ``seconds`` is what it had."""

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


class MemoryExceeded(Stopped):
    """Work needed more memory than it may."""


class ResultTooLarge(Stopped):
    """A result is longer than it may be."""


class ClientGone(Stopped):
    """Nobody waits for the answer any more."""


class WorkerLost(Stopped):
    """The process that did the work ended, for a reason that is not known."""


class Overloaded(SanctiongraphError):
    """Too much waits already; ``retry_after`` is in seconds."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unauthorized(SanctiongraphError):
    """A token is needed, and none or an unknown one came."""


class TooManyRequests(SanctiongraphError):
    """One client asks more often than it may; ``retry_after`` is in seconds."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class RemoteFailed(SanctiongraphError):
    """Another server, asked for this answer, did not give it."""


class StoreAway(RemoteFailed):
    """The store that holds the graph is not reached, breaks off or is not ready: later it may be."""
