"""Proofs as people and programs read them: plain values and JSON, RDF in PROV-O, English text.

One module a form; each takes a ``Proof`` and the ``Reasoner`` that made it.
"""

from __future__ import annotations

from sanctiongraph.explain.plain import plain, to_json
from sanctiongraph.explain.prov import to_jsonld, to_ntriples, to_turtle
from sanctiongraph.explain.text import to_text

__all__ = ["plain", "to_json", "to_jsonld", "to_ntriples", "to_text", "to_turtle"]
