"""What follows from the accepted graph under the vocabulary's axioms: OWL 2 RL, as SPARQL updates.

Every axiom of the ontology becomes one rule; the rules run until nothing new follows. Patterns
are plain triple patterns, never property paths. The rules are those of OWL 2 RL/RDF (W3C OWL 2
Profiles, section 4.3) that the ontology's axioms call for; an axiom of a kind that has no rule
here stops the build, so nothing is silently left out. Entailed ``owl:Thing`` types and the
reflexive triples are left out: they answer nobody's question.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, NamedNode, Quad, Store

from sanctiongraph.errors import BadData
from sanctiongraph.vocabulary import ENTAILED_GRAPH, ONTOLOGY_GRAPH, PREFIXES, local_name

_RDF: Final = PREFIXES["rdf"]
_RDFS: Final = PREFIXES["rdfs"]
_OWL: Final = PREFIXES["owl"]
_TYPE: Final = f"<{_RDF}type>"

#: Kinds of axiom that need no forward rule: declarations, and constraints that can only be
#: violated (HermiT checks those in ``sanctiongraph check``).
_NO_RULE: Final = {
    _OWL + name
    for name in ("members", "disjointWith", "versionInfo", "deprecated", "propertyDisjointWith")
}
#: Axioms whose rule holds for named terms only.
_NAMED_ONLY: Final = {
    _RDFS + "subClassOf",
    _RDFS + "subPropertyOf",
    _RDFS + "domain",
    _RDFS + "range",
    _OWL + "inverseOf",
}
_CHARACTERISTICS: Final = {
    _OWL + "TransitiveProperty": ("?x {p} ?y . ?y {p} ?z", "?x {p} ?z"),
    _OWL + "SymmetricProperty": ("?x {p} ?y", "?y {p} ?x"),
}
_CONSTRAINT_TYPES: Final = {
    _OWL + name
    for name in ("Ontology", "Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty",
                 "AllDisjointClasses", "AsymmetricProperty", "IrreflexiveProperty",
                 "NamedIndividual")
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """One axiom as a rule: what must match, what follows, and the axiom in words."""

    premises: str
    conclusion: str
    axiom: str

    def finds_more(self) -> str:
        """The SPARQL query whether it concludes anything that the graph lacks."""
        return f"ASK {{ {self.premises} FILTER NOT EXISTS {{ {self.conclusion} }} }}"

    def update(self) -> str:
        """The SPARQL update that adds what the rule concludes and the graph lacks."""
        return (
            f"INSERT {{ {self.conclusion} . GRAPH {ENTAILED_GRAPH} {{ {self.conclusion} }} }} "
            f"WHERE {{ {self.premises} FILTER NOT EXISTS {{ {self.conclusion} }} }}"
        )


def rules_of(ontology: Iterable[Quad]) -> list[Rule]:
    """The rules for the axioms among these quads, subclass and subproperty chains closed.

    Raises ``BadData`` for an axiom of a kind that has no rule.
    """
    quads = list(ontology)
    lists = _Lists(quads)
    object_properties = {
        quad.subject for quad in quads if quad.object == NamedNode(_OWL + "ObjectProperty")
    }
    rules: list[Rule] = []
    for kind, pattern in (
        (_RDFS + "subClassOf", "?x {t} {c}"),
        (_RDFS + "subPropertyOf", "?x {c} ?y"),
    ):
        for lower, upper in sorted(_closure(_pairs(quads, kind))):
            premises = pattern.format(t=_TYPE, c=lower)
            rules.append(
                Rule(premises, pattern.format(t=_TYPE, c=upper), _said(lower, kind, upper))
            )
    for quad in quads:
        subject, predicate, obj = quad.subject, quad.predicate.value, quad.object
        if predicate in _NAMED_ONLY and not (
            isinstance(subject, NamedNode) and isinstance(obj, NamedNode)
        ):
            raise BadData(
                f"{_said_in(quad)}: no rule entails an axiom about an expression without a name"
            )
        if predicate == _RDFS + "domain":
            rules.append(Rule(f"?x {subject} ?y", f"?x {_TYPE} {obj}", _said_in(quad)))
        elif predicate == _RDFS + "range" and subject in object_properties:
            rules.append(Rule(f"?x {subject} ?y", f"?y {_TYPE} {obj}", _said_in(quad)))
        elif predicate == _OWL + "inverseOf":
            rules.append(Rule(f"?x {subject} ?y", f"?y {obj} ?x", _said_in(quad)))
            rules.append(Rule(f"?x {obj} ?y", f"?y {subject} ?x", _said_in(quad)))
        elif predicate == _OWL + "propertyChainAxiom":
            chain = lists.items(obj)
            if len(chain) < 2 or any(step.startswith("_:") for step in chain):
                raise BadData(
                    f"{_said_in(quad)}: a chain is a list of two or more named properties"
                )
            steps = " . ".join(f"?x{n} {step} ?x{n + 1}" for n, step in enumerate(chain))
            text = f"{_short(str(subject))} from the chain " + ", ".join(_short(s) for s in chain)
            rules.append(Rule(steps, f"?x0 {subject} ?x{len(chain)}", text))
        elif predicate == _RDF + "type" and isinstance(obj, NamedNode):
            if obj.value in _CHARACTERISTICS:
                premises, conclusion = _CHARACTERISTICS[obj.value]
                p = str(subject)
                rules.append(Rule(premises.format(p=p), conclusion.format(p=p), _said_in(quad)))
            elif obj.value.startswith(_OWL) and obj.value not in _CONSTRAINT_TYPES:
                raise BadData(f"{_said_in(quad)}: no rule entails this kind of axiom")
        elif predicate.startswith(_OWL) and predicate not in _NO_RULE:
            raise BadData(f"{_said_in(quad)}: no rule entails this kind of axiom")
    return rules


def entail(store: Store) -> int:
    """Adds what follows to the default graph and to ``graph/entailed``; returns how many triples.

    The ontology is read from ``graph/ontology`` of the same store.
    """
    rules = rules_of(store.quads_for_pattern(None, None, None, ONTOLOGY_GRAPH))
    readers: dict[str, list[Rule]] = {}
    for rule in rules:
        for kind in _kinds(rule.premises):
            readers.setdefault(kind, []).append(rule)
    before = len(store)
    waiting = dict.fromkeys(rules)
    while waiting:
        rule = next(iter(waiting))
        del waiting[rule]
        if store.query(rule.finds_more()):  # the size of a store is not asked: it is counted anew
            store.update(rule.update())
            (kind,) = _kinds(rule.conclusion)
            waiting |= dict.fromkeys(readers.get(kind, ()))
    return (len(store) - before) // 2


def _kinds(pattern: str) -> set[str]:
    """What kinds of triple a rule reads or adds: by class where it says a class, else by property."""
    triples = (triple.split() for triple in pattern.split(" . "))
    return {obj if prop == _TYPE else prop for _, prop, obj in triples}


def _pairs(quads: list[Quad], predicate: str) -> set[tuple[str, str]]:
    return {
        (str(quad.subject), str(quad.object))
        for quad in quads
        if quad.predicate.value == predicate
        and isinstance(quad.subject, NamedNode)
        and isinstance(quad.object, NamedNode)
    }


def _closure(pairs: set[tuple[str, str]]) -> set[tuple[str, str]]:
    closed = set(pairs)
    while True:
        more = {(a, d) for a, b in closed for c, d in pairs if b == c} - closed
        if not more:
            return {(a, b) for a, b in closed if a != b}
        closed |= more


class _Lists:
    """The RDF lists of a graph."""

    def __init__(self, quads: list[Quad]) -> None:
        self._first = {q.subject: q.object for q in quads if q.predicate.value == _RDF + "first"}
        self._rest = {q.subject: q.object for q in quads if q.predicate.value == _RDF + "rest"}

    def items(self, head: object) -> list[str]:
        found: list[str] = []
        while isinstance(head, BlankNode) and head in self._first:
            found.append(str(self._first[head]))
            head = self._rest[head]
        return found


def _short(term: str) -> str:
    return local_name(term.strip("<>"))


def _said_in(axiom: Quad) -> str:
    return _said(str(axiom.subject), axiom.predicate.value, str(axiom.object))


def _said(subject: str, predicate: str, obj: str) -> str:
    return f"{_short(subject)} {local_name(predicate)} {_short(obj)}"
