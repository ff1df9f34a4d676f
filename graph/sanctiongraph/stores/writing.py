"""Changes of a store across the network: updates, and whole graphs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from sanctiongraph.errors import BadQuery, RemoteFailed
from sanctiongraph.stores.connection import Reply, shown
from sanctiongraph.stores.remote import RemoteStore

_N_TRIPLES: Final = "application/n-triples"


def update(store: RemoteStore, text: str, *, timeout: float | None = None) -> None:
    """Makes an update; its default graph is the accepted graph.

    Raises ``BadQuery`` where the store refuses it, ``RemoteFailed`` where it fails, ``DeadlineExceeded`` where it is not known
    in time whether it was made.
    """
    form: dict[str, str] = {"update": text}
    if accepted := store.dialect.accepted:
        form["default-graph-uri"] = accepted.value
    reply = store.connection.change("POST", store.addresses.update, form=form, timeout=timeout)
    if reply.status == 400:
        raise BadQuery(f"{shown(store.addresses.update)} refuses the update: {reply.text}")
    _check(reply, store.addresses.update, "did not make the update")


def put_graph(store: RemoteStore, name: str, lines: Iterable[bytes]) -> None:
    """Puts N-Triples into a graph in the place of what was in it; the empty name is the accepted one."""
    first, *rest = _pieces_of_graph(store, lines) or [b""]
    send(store, "PUT", name, first)
    for piece in rest:
        send(store, "POST", name, piece)


def add_to_graph(store: RemoteStore, name: str, lines: Iterable[bytes]) -> None:
    """Adds N-Triples to a graph."""
    for piece in _pieces_of_graph(store, lines):
        send(store, "POST", name, piece)


def send(
    store: RemoteStore, method: str, name: str, body: bytes = b"", timeout: float | None = None
) -> int:
    """One request of the Graph Store Protocol; returns the status, which may be 404 for a DELETE."""
    accepted = store.dialect.accepted
    graph = name or (accepted.value if accepted else "")
    reply = store.connection.change(
        method,
        store.addresses.graphs,
        parameters={"graph": graph} if graph else {"default": ""},
        content=body if method in {"PUT", "POST"} else None,
        headers={"Content-Type": _N_TRIPLES} if method in {"PUT", "POST"} else None,
        timeout=timeout,
    )
    if not (method == "DELETE" and reply.status == 404):
        _check(
            reply,
            store.addresses.graphs,
            f"did not take {method} of {graph or 'the default graph'}",
        )
    return reply.status


def pieces(lines: Iterable[bytes], longest: int) -> Iterator[bytes]:
    """The lines in pieces of at most ``longest`` bytes; a longer line is a piece by itself."""
    piece: list[bytes] = []
    size = 0
    for line in lines:
        if piece and size + len(line) > longest:
            yield b"".join(piece)
            piece, size = [], 0
        piece.append(line)
        size += len(line)
    if piece:
        yield b"".join(piece)


def _pieces_of_graph(store: RemoteStore, lines: Iterable[bytes]) -> list[bytes]:
    """The lines in pieces that the store takes.

    Lines with blank nodes are in the first whatever its size: a label means nothing in another.
    """
    blank: list[bytes] = []
    plain: list[bytes] = []
    for line in lines:
        (blank if b"_:" in line else plain).append(line)
    found = [*pieces(plain, store.dialect.longest_piece)]
    if blank:
        found[:1] = [b"".join([*blank, *found[:1]])]
    return found


def _check(reply: Reply, url: str, what: str) -> None:
    if not reply.fine:
        raise RemoteFailed(f"{shown(url)} {what} ({reply.status}): {reply.text}")
