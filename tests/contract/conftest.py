"""Real servers, one scripted server, one server of files, and clients that run in environments of their own."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from gate import gates
from sample_documents import everything

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
ENVIRONMENTS = ROOT / ".venvs"
KEY = "a key of the tests"
LIMITS = {
    "OCTAVO_LIMITS__MAX_PAGES": "8",
    "OCTAVO_LIMITS__MAX_FILE_BYTES": "2000000",
    "OCTAVO_LIMITS__MAX_BODY_BYTES": "4000000",
}
PATIENCE = 240
ENVIRONMENTS_OF_PYTHON = ("mistralai-1", "mistralai-2", "mistralai-3")
LISTERS = tuple(f"{environment}-lists" for environment in ENVIRONMENTS_OF_PYTHON)
OWNERS = (*ENVIRONMENTS_OF_PYTHON, *LISTERS, "litellm", "npm-1", "npm-2", "plain", "somebody")
"""Each environment is an owner of its own on servers with keys, another one where it lists all that it owns, and there
is one stranger."""

Client = Callable[..., Any]
Addresses = Mapping[str, object]


def without_settings() -> dict[str, str]:
    """The environment without anything that would change a server or send a client elsewhere."""
    lead = ("OCTAVO_", "MISTRAL_", "LITELLM_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
    return {name: value for name, value in os.environ.items() if not name.upper().startswith(lead)}


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def copyfile(self, source: Any, outputfile: Any) -> None:
        """Send the file; a server that has seen enough hangs up."""
        with suppress(ConnectionError):
            super().copyfile(source, outputfile)


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server of the sample documents."""
    folder = tmp_path_factory.mktemp("files")
    for name, content in everything().items():
        (folder / name).write_bytes(content)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def running(command: list[str], environment: Mapping[str, str], log: Path) -> Iterator[str]:
    """Address of a server that says `ready at ADDRESS`, while it runs."""
    with log.open("w") as errors:
        process = subprocess.Popen(
            command, env=without_settings() | dict(environment), stdout=subprocess.PIPE, stderr=errors, text=True
        )
    assert process.stdout
    try:
        for line in process.stdout:
            found = re.search(r"ready at (\S+)", line)
            if found:
                yield found[1]
                break
        else:
            pytest.fail(f"{command} did not start: {log.read_text()}")
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()


@pytest.fixture(scope="session")
def server(files: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of `octavo serve` with the engine that ships."""
    folder = tmp_path_factory.mktemp("server")
    command = [sys.executable, "-m", "octavo", "serve", "--port", "0", "--data-dir", str(folder / "data")]
    command += ["--allow-fetch", files.removeprefix("http://")]
    yield from running(command, LIMITS, folder / "log")


def scripted_by(folder: Path, **options: object) -> Iterator[str]:
    command = [sys.executable, str(HERE / "scripted_server.py"), str(folder), json.dumps(options)]
    fakes = {"PYTHONPATH": os.pathsep.join([str(ROOT / "tests/unit/api"), str(ROOT / "tests"), str(ROOT / "src")])}
    yield from running(command, fakes, folder / "log")


@pytest.fixture(scope="session")
def scripted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server with every kind of block and every error, which wants KEY."""
    yield from scripted_by(tmp_path_factory.mktemp("scripted"), keys={"tests": KEY})


def key_for(owner: str) -> str:
    """The key of an owner on servers with keys."""
    return f"key-of-{owner}"


@pytest.fixture(scope="session")
def key_of() -> Callable[[str], str]:
    """The key of one of OWNERS."""
    return key_for


@contextmanager
def octavo_serving(folder: Path, **settings: str) -> Iterator[str]:
    """Address of `octavo serve` with a key for each of OWNERS, which fetches from this machine."""
    command = [sys.executable, "-m", "octavo", "serve", "--port", "0", "--data-dir", str(folder / "data")]
    keys = ",".join(f"{owner}={key_for(owner)}" for owner in OWNERS)
    own = {f"OCTAVO_{name}": value for name, value in settings.items()}
    yield from running([*command, "--allow-fetch", "127.0.0.1"], {"OCTAVO_API_KEYS": keys, **own}, folder / "log")


@pytest.fixture(scope="session")
def batch_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server with keys whose engine reads nothing, so that what is tested is the wire."""
    small = {"LIMITS__MAX_FILE_BYTES": "2000000", "LIMITS__MAX_BODY_BYTES": "4000000"}
    with octavo_serving(tmp_path_factory.mktemp("batches"), ENGINES__MODEL="octavo-fake", **small) as address:
        yield address


@pytest.fixture(scope="session")
def gate() -> Iterator[str]:
    """Address of pictures that come when a test lets them: see `gate.py`."""
    with gates() as address:
        yield address


@pytest.fixture(scope="module")
def reading_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server with keys and the engine that ships, which keeps no pages: all that comes is read.

    Two pages at a time, so that a batch takes a while on any machine.
    """
    with octavo_serving(tmp_path_factory.mktemp("reading"), RETENTION="none", EXECUTOR__WORKERS="2") as address:
        yield address


@pytest.fixture(scope="session")
def run_at() -> Client:
    """Runs `clients/SCRIPT` in an environment, as that owner of the server at an address, with options."""

    def run(environment: str, script: str, server: str, *, patience: float = PATIENCE, **options: object) -> Any:
        return told_by(environment, script, {"server": server, "key": key_for(environment), **options}, patience)

    return run


@pytest.fixture(scope="session")
def python_of() -> Callable[[str], str]:
    """The Python of an environment."""
    return lambda environment: command_of(environment, HERE)[0][0]


@pytest.fixture(scope="session")
def run_batches(batch_server: str, gate: str) -> Client:
    """Runs `clients/SCRIPT` in an environment against the server of batches, once for all tests."""

    @cache
    def run(environment: str, script: str) -> Any:
        owner = f"{environment}-lists" if script == "batches_mistralai.py" else environment
        keys = {"key": key_for(owner), "stranger": key_for("somebody")}
        return told_by(environment, script, {"server": batch_server, "gate": gate, **keys})

    return run


@pytest.fixture(scope="session")
def run_client(server: str, scripted: str, files: str) -> Client:
    """Runs `clients/SCRIPT` in an environment, and returns what it found out; once for all tests."""
    addresses = {"server": server, "scripted": scripted, "files": files, "key": KEY, "docs": str(ROOT / "docs")}

    @cache
    def run(environment: str, script: str) -> Any:
        return told_by(environment, script, addresses)

    return run


def told_by(environment: str, script: str, addresses: Addresses, patience: float = PATIENCE) -> Any:
    """What a script of a client says in its last line."""
    command, folder = command_of(environment, HERE / "clients" / script)
    answer = subprocess.run(
        [*command, json.dumps(addresses)],
        cwd=folder,
        env=without_settings() | {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "PYTHONWARNINGS": "default"},
        input=(HERE / "clients" / script).read_bytes(),
        capture_output=True,
        timeout=patience,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr.decode()[-4000:]
    return json.loads(answer.stdout.splitlines()[-1])


def command_of(environment: str, script: Path) -> tuple[list[str], Path]:
    """How a script runs in an environment, and where; skips the test where that cannot be."""
    folder = ENVIRONMENTS / environment
    if environment.startswith("npm-"):
        node = shutil.which("node")
        if node is None:
            pytest.skip("node is not installed, so the TypeScript client cannot be run")
        # A script on standard input finds packages from the working directory.
        return require(folder, [node, "--input-type=module", "-"]), folder
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    return require(folder, [str(python), str(script)]), script.parent


def require(folder: Path, command: list[str]) -> list[str]:
    if not (folder / "packages.txt").is_file():
        pytest.skip(f"{folder.name} is not installed: run `sh scripts/client-envs {folder.name}`")
    return command
