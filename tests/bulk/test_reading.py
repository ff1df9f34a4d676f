"""Files into tables: whatever form a line has, the triples are those that the RDF parser reads."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, parse

from sanctiongraph.bulk.files import prefixes
from sanctiongraph.bulk.kinds import TYPE, Kind
from sanctiongraph.bulk.reading import read_file
from sanctiongraph.bulk.tables import Tables
from sanctiongraph.errors import BadData

_P, _Q, _C = "https://example.org/p", "urn:q:r", "https://example.org/C#c"
_KINDS = [Kind(_P), Kind(_Q), Kind(TYPE, _C)]
_GRAPH = NamedNode("https://example.org/g")
Terms = set[tuple[str, str, str]]


def _read(files: Iterable[Path], folder: Path, graphs: tuple[object, ...]) -> Terms:
    files = list(files)
    with Tables(_KINDS, [], 256, folder) as tables:
        for path, prefix in zip(files, prefixes(files), strict=True):
            read_file(tables, path, graphs, folder, prefix)  # type: ignore[arg-type]
        found: Terms = set()
        for kind in _KINDS:
            name = tables.name(kind)
            obj = "NULL" if kind.of_class else "(SELECT term FROM terms WHERE id = o)"
            rows = tables.run(f"SELECT (SELECT term FROM terms WHERE id = s), {obj} FROM {name}")
            assert len(rows) == len(set(rows))
            found |= {(s, kind.property, o or f"<{kind.of_class}>") for s, o in rows}
        return found


def _wanted(text: str, graphs: tuple[object, ...]) -> Terms:
    return {
        (str(quad.subject), quad.predicate.value, str(quad.object))
        for quad in parse(text, format=RdfFormat.N_QUADS)
        if quad.graph_name in graphs
        and (quad.predicate.value in (_P, _Q) or (quad.predicate.value, str(quad.object)) == (TYPE, f"<{_C}>"))
    }  # fmt: skip


_text = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=8) | st.sampled_from(
    ["", " ", "a b", '"', "\\", "a <b> c", "<b>", "_:b", ".", "a . b", "x@en", "1\t2", "\x01", "é"]
)  # fmt: skip
_literal = st.one_of(
    _text.map(Literal),
    _text.map(lambda text: Literal(text, language="en-gb")),
    _text.map(lambda text: Literal(text, datatype=NamedNode("http://www.w3.org/2001/XMLSchema#date"))),
)  # fmt: skip
_node = st.sampled_from(
    [NamedNode("https://example.org/a"), NamedNode("https://example.org/%C3%A9"),
     NamedNode("https://example.org/é"), NamedNode("urn:x"), BlankNode("b1"), BlankNode("c")]
)  # fmt: skip
_predicate = st.sampled_from(
    [NamedNode(one) for one in (_P, _Q, TYPE, "https://example.org/other")]
)
_quad = st.builds(
    Quad, _node, _predicate, _node | _literal | st.just(NamedNode(_C)),
    st.sampled_from([DefaultGraph(), _GRAPH, NamedNode("https://example.org/h")]),
)  # fmt: skip
_FORMS = (
    lambda line: line,
    lambda line: line.replace(" ", "\t", 1),
    lambda line: f"  {line} # said so",
    lambda line: f"{line}\r",
    lambda line: line.replace("@en-gb", "@en-GB"),
    lambda line: line.replace("https://example.org/a>", "https://example.org/\\u0061>"),
)


@given(st.lists(st.tuples(_quad, st.sampled_from(_FORMS)), max_size=8), st.booleans())
@settings(max_examples=60)
def test_any_form_of_line(quads: list[tuple[Quad, object]], named: bool) -> None:
    text = "# a comment\n\n" + "".join(f"{form(f'{quad} .')}\n" for quad, form in quads)  # type: ignore[operator]
    graphs = (DefaultGraph(), _GRAPH) if named else (DefaultGraph(),)
    with TemporaryDirectory() as name:
        path = Path(name) / "facts.nq"
        path.write_bytes(text.encode())
        assert _read([path], Path(name), graphs) == _wanted(text, graphs)


def test_a_typed_string_is_a_plain_one(tmp_path: Path) -> None:
    path = tmp_path / "facts.nt"
    path.write_text(f'<urn:x> <{_P}> "a b"^^<http://www.w3.org/2001/XMLSchema#string> .\n')
    assert _read([path], tmp_path, (DefaultGraph(),)) == {("<urn:x>", _P, '"a b"')}


def test_blank_nodes_of_two_files_are_two_things(tmp_path: Path) -> None:
    paths = [tmp_path / "one.nt", tmp_path / "two.nt"]
    for path in paths:
        path.write_text(f"_:b <{_P}> <urn:x> .\n_:b\t<{_Q}> <urn:x> .\n")
    found = _read(paths, tmp_path, (DefaultGraph(),))
    assert len({subject for subject, _, _ in found}) == 2
    assert len(found) == 4


@pytest.mark.parametrize(
    "line", ["<urn:x> <urn:y> .", '<urn:x> "p" <urn:z> .', '<urn:x> <urn:y> "a .', "<x> <urn:y> <urn:z> ."]
)  # fmt: skip
def test_what_is_no_triple_is_refused_with_its_line(line: str, tmp_path: Path) -> None:
    path = tmp_path / "facts.nt"
    path.write_text(f"<urn:x> <{_P}> <urn:z> .\n{line}\n")
    with pytest.raises(BadData, match=r"facts\.nt: line 2"):
        _read([path], tmp_path, (DefaultGraph(),))


@pytest.mark.parametrize(
    ("name", "message"), [("facts.ttl", "N-Triples"), ("none.nt", "no such file")]
)
def test_other_files_are_refused(name: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "facts.ttl").write_text("")
    with pytest.raises(BadData, match=message):
        _read([tmp_path / name], tmp_path, (DefaultGraph(),))


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "facts.nt"
    path.write_bytes(b'<urn:x> <urn:y> "\xff" .\n')
    with pytest.raises(BadData, match=r"facts\.nt"):
        _read([path], tmp_path, (DefaultGraph(),))
