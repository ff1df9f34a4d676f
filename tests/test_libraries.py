"""The browser libraries: from a registry, pinned by their hashes, and done without where it is not there."""

from __future__ import annotations

import base64
import hashlib
import http.server
import io
import sys
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "server" / "frontend"))
from libraries import STAMP, Library, NpmConfiguration, Table, install

CLOSED = "http://127.0.0.1:9/"


def tarball(**files: str) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    return packed.getvalue()


def integrity(content: bytes) -> str:
    return "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()


PACKED = tarball(one="first", two="second")
OTHER = tarball(one="another", two="second")


class Registry(http.server.ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files = {"/@scope/lib/-/lib-1.2.3.tgz": PACKED}
        self.asked: list[str] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(http.server.BaseHTTPRequestHandler):
    server: Registry

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        content = self.server.files.get(self.path)
        self.send_response(200 if content else 404)
        self.end_headers()
        self.wfile.write(content or b"")

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def registry() -> Iterator[Registry]:
    with Registry() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def table(registry: str | None, version: str = "1.2.3", content: bytes = PACKED) -> Table:
    files = {"kept.js": "one"}
    return Table(registry, (Library("@scope/lib", version, integrity(content), files),))


def npm(folder: Path, **environment: str) -> NpmConfiguration:
    return NpmConfiguration(environment, folder / "project", folder / "home")


def test_what_is_pinned_is_fetched_once(registry: Registry, tmp_path: Path) -> None:
    into, said = tmp_path / "vendor", []
    for _ in range(2):
        assert install(into, table(registry.address), npm(tmp_path), said.append)
    assert (into / "kept.js").read_text() == "first"
    assert sorted(path.name for path in into.iterdir()) == [STAMP, "kept.js"]
    assert registry.asked == ["/@scope/lib/-/lib-1.2.3.tgz"]
    assert said == ["browser libraries: @scope/lib 1.2.3"]
    (into / "kept.js").unlink()
    assert install(into, table(registry.address), npm(tmp_path), said.append)
    assert (into / "kept.js").is_file()


@pytest.mark.parametrize("wrong", ["hash", "version", "file", "closed", "no tarball"])
def test_nothing_is_written_where_it_is_not_to_be_had(
    registry: Registry, tmp_path: Path, wrong: str
) -> None:
    into, said = tmp_path / "vendor", []
    given = table(registry.address)
    if wrong == "hash":
        registry.files["/@scope/lib/-/lib-1.2.3.tgz"] = OTHER
    elif wrong == "version":
        given = table(registry.address, "9.9.9")
    elif wrong == "file":
        given = Table(
            registry.address,
            (Library("@scope/lib", "1.2.3", integrity(PACKED), {"kept.js": "three"}),),
        )
    elif wrong == "closed":
        given = table(CLOSED)
    else:
        registry.files["/@scope/lib/-/lib-1.2.3.tgz"] = b"<html>"
    assert not install(into, given, npm(tmp_path), said.append)
    assert not into.exists()
    (told,) = said
    assert told.endswith("the pages do without them")


def test_what_was_there_stays(registry: Registry, tmp_path: Path) -> None:
    into = tmp_path / "vendor"
    assert install(into, table(registry.address), npm(tmp_path))
    assert not install(into, table(CLOSED, "9.9.9"), npm(tmp_path), str)
    assert (into / "kept.js").read_text() == "first"


def test_the_registry_is_the_one_that_npm_would_use(registry: Registry, tmp_path: Path) -> None:
    project, home = tmp_path / "project", tmp_path / "home"
    for folder in (project, home):
        folder.mkdir()

    def chosen(**environment: str) -> str:
        return npm(tmp_path, **environment).registry("@scope/lib", "http://default/")

    assert chosen() == "http://default/"
    (home / ".npmrc").write_text("; a comment\nregistry=http://user/path\n")
    assert chosen() == "http://user/path/"
    (project / ".npmrc").write_text('registry = "http://${PLACE}/"\n')
    assert chosen(PLACE="project") == "http://project/"
    assert chosen(NPM_CONFIG_REGISTRY="http://environment") == "http://environment/"
    (home / ".npmrc").write_text("@scope:registry=http://scope/\n")
    assert chosen(NPM_CONFIG_REGISTRY="http://environment") == "http://scope/"
    assert npm(tmp_path, npm_config_registry="http://e").registry("lib", "d") == "http://e/"
    other = tmp_path / "other"
    other.write_text("@scope:registry=http://other/\n")
    assert chosen(npm_config_userconfig=str(other)) == "http://other/"

    (home / ".npmrc").write_text(f"registry={registry.address}\n")
    (project / ".npmrc").unlink()
    assert install(tmp_path / "vendor", table(CLOSED), npm(tmp_path), str)


def test_offline_nothing_is_asked(registry: Registry, tmp_path: Path) -> None:
    given = npm(tmp_path, npm_config_offline="true")
    assert not install(tmp_path / "vendor", table(registry.address), given, str)
    assert registry.asked == []


def test_npm_is_asked_for_what_the_files_leave_open(registry: Registry, tmp_path: Path) -> None:
    command = tmp_path / "npm"
    command.write_text(f"#!/bin/sh\necho {registry.address}\n")
    command.chmod(0o755)
    given = table(None)
    asking = NpmConfiguration({}, tmp_path, tmp_path, str(command))
    assert install(tmp_path / "vendor", given, asking, str)
    said: list[str] = []
    for silent in (None, str(tmp_path / "none")):
        alone = NpmConfiguration({}, tmp_path, tmp_path, silent)
        assert not install(tmp_path / "other", given, alone, said.append)
    assert all("npm_config_registry" in one for one in said)
    assert not (tmp_path / "other").exists()


def test_what_the_project_pins() -> None:
    """The table is whole, and no host is written in it."""
    found = Table.read()
    assert found.registry is None
    assert {one.name for one in found.libraries} == {"@zazuko/yasgui", "cytoscape"}
    for one in found.libraries:
        assert len(base64.b64decode(one.integrity.removeprefix("sha512-"))) == 64
