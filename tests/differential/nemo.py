"""Runs the rules beside this in Nemo."""

from __future__ import annotations

from pathlib import Path

import nmo_python

from benchmarks.arms_trade import Files

_HERE = Path(__file__).parent


def reason(files: Files, *programs: str) -> nmo_python.NemoEngine:
    """An engine that has reasoned over the facts with these programs, one behind the other."""
    text = "\n".join((_HERE / f"{name}.rls").read_text("utf-8") for name in programs)
    for path in (files.triples, files.calendar, files.shares, files.today):
        text = text.replace(f'"{path.name}"', f'"{path}"')
    engine = nmo_python.NemoEngine(nmo_python.load_string(text))
    engine.reason()
    return engine


def rows(engine: nmo_python.NemoEngine, relation: str) -> set[tuple[str, ...]]:
    """The rows of a relation: IRIs and texts without their brackets and quotes."""
    return {tuple(str(cell).strip('<>"') for cell in row) for row in engine.result(relation)}
