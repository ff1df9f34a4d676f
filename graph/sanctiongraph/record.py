"""Which quads of a store are there only because they follow: the record of what was derived.

A store does not tell what somebody asserted from what was derived from it. So beside each build,
and beside the live store, there is a file with a digest of every quad that was derived and that
nobody asserts. What is in the store and not in the record is asserted. So what a client adds
counts as asserted wherever it stands, and in the default graph as well; only what was there already
as derived stays derived, since adding it changes nothing.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, Quad, Store

from sanctiongraph.asserted import Asserted
from sanctiongraph.digests import SIZE, Digests
from sanctiongraph.vocabulary import ONTOLOGY_GRAPH, REFERENCE_GRAPH

#: Name of the file.
DERIVED: Final = "derived"
#: Name of a file beside it where no derived quad can have a reason that ``incremental`` overlooks.
PLAIN: Final = "plain"
#: A line of N-Quads whose subject or object is a blank node.
_BLANK: Final = re.compile(rb"_:|\S+ \S+ _:")


def digest(quad: Quad) -> bytes:
    """The digest of a quad. Blank nodes count by their names in the store."""
    return _of_line(str(quad).encode("utf-8"))


def asserted_in(store: Store, record: Digests) -> Asserted:
    """What is asserted in a store with this record.

    The background of reference claims is derived, but only a build knows which claims are
    reference: it is kept.
    """
    found = Asserted([], [])
    derived = frozenset(record)  # every quad is looked up
    for quad in store:
        if digest(quad) not in derived:
            found.quads.append(quad)
        elif quad.graph_name == REFERENCE_GRAPH:
            found.background.append(quad)
    return found


def record_of_build(dump: Path, store: Store, said: Asserted) -> Iterator[bytes]:
    """The digests for a build: ``dump`` is its dataset, ``store`` was loaded from it."""
    asserted = {digest(quad) for quad in said.quads}
    with dump.open("rb") as file:
        for line in file:
            if _BLANK.match(line) is None:
                one = _of_line(line.removesuffix(b" .\n"))
                if one not in asserted:
                    yield one
    # Loading names blank nodes anew. The ontology alone has any.
    ends = {
        end
        for quad in store.quads_for_pattern(None, None, None, ONTOLOGY_GRAPH)
        for end in (quad.subject, quad.object)
        if isinstance(end, BlankNode)
    }
    for end in ends:
        for quads in (
            store.quads_for_pattern(end, None, None, None),
            store.quads_for_pattern(None, None, end, None),
        ):
            yield from (digest(quad) for quad in quads if quad.graph_name != ONTOLOGY_GRAPH)


def _of_line(line: bytes) -> bytes:
    return hashlib.blake2b(line, digest_size=SIZE).digest()
