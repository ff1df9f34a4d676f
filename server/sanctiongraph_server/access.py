"""Who may do what: tokens in ``Authorization: Bearer``; RFC 6750."""

from __future__ import annotations

from pathlib import Path

from flask import request

from sanctiongraph.errors import Forbidden, Unauthorized
from sanctiongraph.tokens import Scope, TokenFile


class Access:
    """Lets requests pass that carry a token with the scope needed."""

    def __init__(self, home: Path) -> None:
        self._tokens = TokenFile(home)

    def require(self, scope: Scope) -> None:
        """Returns where the request at work may do what needs this scope.

        Raises ``Forbidden`` where no token exists, so that writing is off, or the scope is too
        little; ``Unauthorized`` where no token came or one that is not known.
        """
        if not self._tokens.any():
            raise Forbidden(
                "writing is off until a token exists: on the server, run sanctiongraph token"
                " create --scope write, and send what it prints as Authorization: Bearer"
            )
        kind, _, value = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or not value.strip():
            raise Unauthorized("this needs a token, sent as Authorization: Bearer")
        token = self._tokens.known(value.strip())
        if token is None:
            raise Unauthorized("the token is not known here: it may have been revoked")
        if not token.scope.includes(scope):
            raise Forbidden(
                f"this needs a token of scope {scope.value}, and this one has {token.scope.value}"
            )
