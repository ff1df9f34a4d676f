"""The engine without any server: a failure that it shows by itself is its own."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import QueryResultsFormat, QueryTriples, RdfFormat, Store

from .http import Response
from .rdf import RESULTS
from .servers import Server
from .target import Target

_NOWHERE = "http://127.0.0.1:9"
_OWN = RESULTS | {"text/csv": QueryResultsFormat.CSV}


class Alone(Target):
    """Stands for a server, as far as queries and updates go."""

    def __init__(self, root: Path) -> None:
        super().__init__(Server("pyoxigraph", _NOWHERE, _NOWHERE, _NOWHERE, _NOWHERE), root)
        self._store = Store()

    def query(self, text: str, accept: str) -> Response:
        """The answer as a server would give it."""
        media_type = accept.partition(",")[0]
        try:
            results = self._store.query(text)
            if isinstance(results, QueryTriples):
                media_type = "text/turtle"
                body = results.serialize(format=RdfFormat.TURTLE)
            else:
                media_type = media_type if media_type in _OWN else next(iter(_OWN))
                body = results.serialize(format=_OWN[media_type])
        except (SyntaxError, ValueError, RuntimeError) as error:
            return Response(400, {}, f"{type(error).__name__}: {error}".encode())
        return Response(200, {"content-type": media_type}, body or b"")

    def update(self, text: str) -> Response:
        """What a server would answer."""
        self.forget()
        try:
            self._store.update(text)
        except SyntaxError as error:
            return Response(400, {}, str(error).encode())
        except (ValueError, RuntimeError, OSError) as error:
            return Response(500, {}, str(error).encode())
        return Response(204, {}, b"")
