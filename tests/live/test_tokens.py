"""Tokens: kept as hashes, in a file for nobody else, good at once and until they are revoked."""

from __future__ import annotations

import hashlib
import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner

from sanctiongraph.cli import main
from sanctiongraph.errors import BadParameter, NotFound, SanctiongraphError
from sanctiongraph.tokens import TOKENS, Scope, TokenFile, create, revoke, tokens


def run(home: Path, *words: str) -> str:
    result = CliRunner().invoke(main, ["token", *words, "--home", str(home)])
    assert result.exit_code == 0, result.output
    return result.output


def test_only_a_hash_is_kept_and_nobody_else_can_read_it(tmp_path: Path) -> None:
    token, secret = create(tmp_path, Scope.WRITE, "laptop")
    path = tmp_path / TOKENS
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert secret not in path.read_text("utf-8")
    (kept,) = json.loads(path.read_text("utf-8"))
    assert kept["sha256"] == hashlib.sha256(secret.encode()).hexdigest() == token.sha256
    assert len(secret) >= 43  # 256 bits in base 64


def test_a_token_counts_at_once_and_until_it_is_revoked(tmp_path: Path) -> None:
    file = TokenFile(tmp_path)
    assert not file.any()
    token, secret = create(tmp_path, Scope.ADMIN)
    assert file.known(secret) == token
    assert file.known(secret + "x") is None
    assert file.known("") is None
    other, _ = create(tmp_path, Scope.ADMIN)
    assert (token.name, other.name) == ("admin-1", "admin-2")
    revoke(tmp_path, token.name)
    assert file.known(secret) is None
    assert tokens(tmp_path) == [other]
    with pytest.raises(NotFound, match="admin-2"):
        revoke(tmp_path, token.name)


def test_scopes_include_what_is_below_them() -> None:
    table = {(a.value, b.value): a.includes(b) for a in Scope for b in Scope}
    assert {pair for pair, yes in table.items() if yes} == {
        ("read", "read"),
        *(("write", name) for name in ("read", "write")),
        *(("admin", name) for name in ("read", "write", "admin")),
    }


@pytest.mark.parametrize("name", ["", "a b", "../x", "x" * 65, "-x"])
def test_names_that_are_none_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadParameter):
        create(tmp_path, Scope.READ, name)
    assert not (tmp_path / TOKENS).exists() or tokens(tmp_path) == []


def test_a_name_is_taken_once(tmp_path: Path) -> None:
    create(tmp_path, Scope.READ, "one")
    with pytest.raises(BadParameter, match="already"):
        create(tmp_path, Scope.WRITE, "one")


def test_tokens_created_at_once_are_all_kept(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: create(tmp_path, Scope.READ)[0], range(24)))
    assert {one.name for one in tokens(tmp_path)} == {one.name for one in made}
    assert len({one.name for one in made}) == 24


def test_a_damaged_file_is_told_and_lets_nobody_in(tmp_path: Path) -> None:
    _, secret = create(tmp_path, Scope.READ)
    (tmp_path / TOKENS).write_text('[{"name": "x"}]', "utf-8")
    with pytest.raises(SanctiongraphError, match="cannot be read"):
        TokenFile(tmp_path).known(secret)


def test_the_command_prints_a_token_once_lists_and_revokes(tmp_path: Path) -> None:
    secret = run(tmp_path, "create", "--scope", "write", "--quiet")
    assert secret.startswith("sg_")
    assert secret.count("\n") == 1
    assert TokenFile(tmp_path).known(secret.strip()) is not None
    told = run(tmp_path, "create", "--scope", "read", "--name", "reader")
    assert "Authorization: Bearer sg_" in told
    listed = run(tmp_path, "list")
    assert [line.split("\t")[:2] for line in listed.splitlines()] == [
        ["write-1", "write"],
        ["reader", "read"],
    ]
    assert secret.strip() not in listed
    run(tmp_path, "revoke", "write-1")
    assert TokenFile(tmp_path).known(secret.strip()) is None
