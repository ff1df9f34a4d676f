"""Canonical N-Quads: one text, and so one hash, for one dataset.

Quads with blank nodes (the ontology's lists) go through RDF Dataset Canonicalization (RDFC-1.0);
all others are their own canonical form. Lines are sorted by code point.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, Store, parse, serialize


def write_canonical(store: Store, path: Path) -> str:
    """Writes the store's canonical N-Quads to ``path``; returns their SHA-256 in hexadecimal."""
    store.dump(str(path), format=RdfFormat.N_QUADS)
    with path.open("rb") as file:
        lines = file.readlines()
    blank = [line for line in lines if b"_:" in line]
    if blank:
        lines = [line for line in lines if b"_:" not in line]
        labelled = Dataset(parse(b"".join(blank), format=RdfFormat.N_QUADS))
        labelled.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        lines += (serialize(labelled, format=RdfFormat.N_QUADS) or b"").splitlines(keepends=True)
    lines.sort()
    with path.open("wb") as file:
        file.writelines(lines)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
