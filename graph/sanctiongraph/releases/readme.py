"""The page of a release for whoever opens its folder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_PAGE: Final = """\
# sanctiongraph, version {version}

States, agencies, laws, arms deals and programmes, what sources claim about them, and what rules of sanctions law make of it: {quads:,} quads in {graphs:,} named graphs and the accepted graph, {claims:,} claims.

| file | what |
|---|---|
| `dataset.nq.gz` | the whole dataset, canonical N-Quads (RDFC-1.0); unpacked its SHA-256 is `{sha256}` |
| `dataset.parquet` | the same, a row a quad: `graph` (none for the accepted graph), `subject`, `predicate`, `object`, `kind` (`iri`, `literal`, `blank`), `datatype`, `language` |
| `void.ttl` | the description: VoID with partitions and linksets, DCAT 3, PROV |
| `CHANGELOG.md`, `changes.jsonl` | claims added, changed and withdrawn {against} |
| `release.json` | version and figures, for programs |
| `LICENSE` | under what it may be used |
| `SHA256SUMS` | `sha256sum -c SHA256SUMS` checks the other files |

Cite it with its version.
"""


def readme(facts: Mapping[str, Any]) -> str:
    """The page, with the figures of ``release.json``."""
    against = facts["against"]
    since = f"since version {against}" if against else "(compared with no earlier release)"
    return _PAGE.format(**{**facts, "against": since})
