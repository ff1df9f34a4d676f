"""What one address answers, as the tables of addresses have it, before it is a description."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from sanctiongraph.errors import (
    BadInput,
    DeadlineExceeded,
    MemoryExceeded,
    NotBuilt,
    NotFound,
    ResultTooLarge,
    SanctiongraphError,
    WorkerLost,
)
from sanctiongraph_server.parameters import Described

JSON: Final = "application/json"
PAGE: Final = "text/html"
SVG: Final = "image/svg+xml"
#: What any address of the graph may answer, and those that work something out from it beside it.
OF_THE_GRAPH: Final = (NotBuilt,)
OF_WORK: Final = (
    *OF_THE_GRAPH,
    BadInput,
    NotFound,
    DeadlineExceeded,
    MemoryExceeded,
    ResultTooLarge,
    WorkerLost,
)


@dataclass(frozen=True, slots=True)
class Operation:
    """What one address answers to GET, and to POST where that takes a body."""

    name: str
    summary: str
    #: Media types, each with the name of the schema where there is one.
    answers: dict[str, str | None]
    needed: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    #: An address with parameters that has an answer.
    example: str = ""
    errors: tuple[type[SanctiongraphError], ...] = ()
    #: Whether the answer has an entity tag and may be confirmed with 304.
    tagged: bool = True
    #: Parameters that are its own, by name; the others are in ``parameters.DESCRIBED``.
    own: Mapping[str, Described] = field(default_factory=dict)
    #: Those of them that are parts of the path.
    in_path: tuple[str, ...] = ()
    #: Whether it may lead to another address, with 303.
    elsewhere: bool = False
    #: Whether what is wrong with a request may be told on a page.
    pages_of_errors: bool = False
    description: str = ""
    #: Parameters that may come in a form by POST instead.
    in_form: tuple[str, ...] = ()
    #: Media types of a body by POST that takes the place of the parameter ``instead_of``.
    bodies: tuple[str, ...] = ()
    instead_of: str = ""
