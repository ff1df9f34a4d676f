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
