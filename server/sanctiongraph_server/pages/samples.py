"""Programs that ask the same query: for curl, Python, R and JavaScript, each with what it has at hand."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_RESULTS: Final = "application/sparql-results+json"
_GRAPH: Final = "text/turtle"


@dataclass(frozen=True, slots=True)
class Sample:
    """A program, and what it is written in."""

    name: str
    title: str
    text: str


def samples(endpoint: str, query: str, more: Mapping[str, str], *, graph: bool) -> list[Sample]:
    """The programs for a query with further parameters; ``graph`` says that its result is one."""
    fields = {**more, "query": query}
    accept = _GRAPH if graph else _RESULTS
    return [
        Sample("curl", "curl", _curl(endpoint, fields, accept)),
        Sample("python", "Python", _python(endpoint, fields, accept, graph)),
        Sample("r", "R", _r(endpoint, fields, accept)),
        Sample("javascript", "JavaScript", _javascript(endpoint, fields, accept, graph)),
    ]


def _curl(endpoint: str, fields: Mapping[str, str], accept: str) -> str:
    data = [
        f"  --data-urlencode {shlex.quote(f'{name}={value}')}" for name, value in fields.items()
    ]
    lines = [f"curl {shlex.quote(endpoint)}", f"  -H {shlex.quote(f'Accept: {accept}')}", *data]
    return " \\\n".join(lines) + "\n"


def _python(endpoint: str, fields: Mapping[str, str], accept: str, graph: bool) -> str:
    rows = "print(answer.read().decode())" if graph else _PYTHON_ROWS
    return f"""\
import json
from urllib.parse import urlencode
from urllib.request import Request, urlopen

query = {_python_text(fields["query"])}
fields = {_mapping(fields)}
request = Request({json.dumps(endpoint)}, urlencode(fields).encode(), {{"Accept": "{accept}"}})
with urlopen(request) as answer:
    {rows}
"""


_PYTHON_ROWS: Final = """\
for row in json.load(answer)["results"]["bindings"]:
        print({name: cell["value"] for name, cell in row.items()})"""


def _python_text(text: str) -> str:
    """A string as people write it: over lines where it has no sign that would have to be escaped."""
    if "\\" in text or '"""' in text or text.endswith('"'):
        return json.dumps(text)
    return f'"""{text}"""'


def _mapping(fields: Mapping[str, str]) -> str:
    parts = [
        f'"{name}": {"query" if name == "query" else json.dumps(value)}'
        for name, value in fields.items()
    ]
    return "{" + ", ".join(parts) + "}"


def _r(endpoint: str, fields: Mapping[str, str], accept: str) -> str:
    parts = [
        f"{name} = {'query' if name == 'query' else json.dumps(value)}"
        for name, value in fields.items()
    ]
    return f"""\
library(httr2)

query <- {json.dumps(fields["query"], ensure_ascii=False)}
answer <- request({json.dumps(endpoint)}) |>
  req_headers(Accept = "{accept}") |>
  req_body_form({", ".join(parts)}) |>
  req_perform()
resp_body_string(answer)
"""


def _javascript(endpoint: str, fields: Mapping[str, str], accept: str, graph: bool) -> str:
    rows = (
        "console.log(await answer.text());"
        if graph
        else "for (const row of (await answer.json()).results.bindings) console.log(row);"
    )
    return f"""\
const query = {_javascript_text(fields["query"])};
const answer = await fetch({json.dumps(endpoint)}, {{
  method: "POST",
  headers: {{ Accept: "{accept}" }},
  body: new URLSearchParams({_mapping(fields)}),
}});
{rows}
"""


def _javascript_text(text: str) -> str:
    return json.dumps(text) if any(sign in text for sign in "\\`$") else f"`{text}`"
