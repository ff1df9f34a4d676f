"""Writes the parts of the pages under docs/ that are made from the data, not typed.

``python docs/generate.py`` rewrites them; ``--check`` only says whether they are up to date.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from pyoxigraph import NamedNode, Store

from sanctiongraph.binding import bind
from sanctiongraph.data import data_folders
from sanctiongraph.dataset import dataset
from sanctiongraph.results import Table
from sanctiongraph.vocabulary import PREFIXES

DOCS = Path(__file__).parent
#: The sources that have a page, each of its name.
SOURCES = tuple(path.stem for path in sorted((DOCS / "sources").glob("*.md")))

BY_MODALITY = """
SELECT (STR(?label) AS ?modality) (COUNT(?claim) AS ?claims) WHERE {
  ?claim sg:source $source ; sg:modality ?m . ?m rdfs:label ?label . FILTER(LANG(?label) = "en")
} GROUP BY ?label ORDER BY DESC(?claims) ?modality
"""
BY_SPEAKER = """
SELECT ?speaker (COUNT(DISTINCT ?claim) AS ?claims) WHERE {
  ?claim sg:source $source ; sg:speaker ?who . ?who rdfs:label ?label . FILTER(LANG(?label) = "en")
  OPTIONAL { ?claim sg:via ?via . ?via rdfs:label ?viaLabel . FILTER(LANG(?viaLabel) = "en") }
  BIND(IF(?who = $source, "the article itself",
       IF(BOUND(?viaLabel), CONCAT(STR(?label), ", via ", STR(?viaLabel)), STR(?label))) AS ?speaker)
} GROUP BY ?speaker ORDER BY DESC(?claims) ?speaker
"""
BY_PARAGRAPH = """
SELECT ?paragraph (COUNT(?claim) AS ?claims) WHERE {
  ?claim sg:source $source ; sg:paragraph ?paragraph
} GROUP BY ?paragraph ORDER BY ?paragraph
"""
READINGS = """
SELECT ?claim ?paragraph ?reading WHERE {
  ?claim sg:source $source ; sg:paragraph ?paragraph ; sg:reading ?reading
} ORDER BY ?claim
"""


def markdown(store: Store, query: str, source: str) -> str:
    """A query's answer about a source as a Markdown table."""
    bound = bind(query, {"source": NamedNode(PREFIXES["source"] + source)})
    table = Table.of(store.query(bound, prefixes=PREFIXES))  # type: ignore[arg-type]
    lines = ["| " + " | ".join(table.columns) + " |", "|" + " --- |" * len(table.columns)]
    lines += [
        "| " + " | ".join(str(cell).replace(f"claim:{source}/", "") for cell in row) + " |"
        for row in table.values()
    ]
    return "\n".join(lines)


def filled(page: str, store: Store, source: str) -> str:
    """The page with the text between each pair of markers made anew."""
    queries = {
        "by-modality": BY_MODALITY,
        "by-speaker": BY_SPEAKER,
        "by-paragraph": BY_PARAGRAPH,
        "readings": READINGS,
    }
    for name, query in queries.items():
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        made = markdown(store, query, source)
        page = pattern.sub(lambda match, made=made: f"{match[1]}{made}\n{match[2]}", page)  # type: ignore[misc]
    return page


def main() -> int:
    """Rewrites the pages, or with ``--check`` compares them; 1 where a page is out of date."""
    store = dataset(data_folders())
    stale = 0
    for source in SOURCES:
        path = DOCS / "sources" / f"{source}.md"
        page = path.read_text("utf-8")
        made = filled(page, store, source)
        if "--check" not in sys.argv[1:]:
            path.write_text(made, "utf-8")
        elif made != page:
            sys.stderr.write(f"{path} is out of date: make docs\n")
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main())
