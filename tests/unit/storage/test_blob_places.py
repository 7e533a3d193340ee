from __future__ import annotations

from pathlib import Path

import pytest

from octavo.domain.errors import InvalidSettings
from octavo.storage.blobs import open_blobs
from octavo.storage.bucket_blobs import BucketBlobs
from octavo.storage.local_blobs import LocalBlobs


def test_a_path_and_a_file_url_name_the_same_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "ä folder"
    open_blobs(str(folder)).put("one", [b"bytes"])
    monkeypatch.chdir(tmp_path)
    for place in (folder.as_uri(), f"file://localhost{tmp_path}/%C3%A4%20folder", f"FILE://{folder}", "ä folder"):
        blobs = open_blobs(place)
        assert isinstance(blobs, LocalBlobs)
        assert list(blobs.names()) == ["one"]


def test_a_relative_folder_stays_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    blobs = open_blobs("blobs")
    blobs.put("one", [b"bytes"])
    monkeypatch.chdir("/")
    assert b"".join(blobs.read("one")) == b"bytes"


@pytest.fixture
def without_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AZURE_STORAGE_ACCOUNT_NAME", "AWS_ENDPOINT", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("without_provider")
@pytest.mark.parametrize("url", ["s3://bucket", "S3://bucket/some/prefix/", "s3a://bucket/p", "gs://bucket/p"])
def test_a_bucket_is_asked_for_nothing_yet(url: str) -> None:
    assert isinstance(open_blobs(url), BucketBlobs)


def test_a_container_needs_its_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_NAME", "account")
    assert isinstance(open_blobs("az://container/prefix"), BucketBlobs)
    assert isinstance(open_blobs("abfss://container@account.dfs.core.windows.net/prefix"), BucketBlobs)


PLACES = [
    "",
    "\0",
    "ftp://host/folder",
    "http://host/bucket",
    "memory://",
    "s3:",
    "s3://",
    "s3:///prefix",
    "s3://bu cket/p",
    "s3://[bucket/p",
    "s3://bucket/p?versionId=1",
    "s3://bucket/p#1",
    "s3://key:very-secret@bucket/p",
    "gs://very-secret@bucket/p",
    "az://container/p",
    "file://host/folder",
    "file:folder",
    "file:///folder?x",
    "file:",
    "file:///%00",
]


@pytest.mark.usefixtures("without_provider")
@pytest.mark.parametrize("place", PLACES)
def test_where_no_blobs_can_be_the_setting_is_named_and_no_secret(place: str) -> None:
    with pytest.raises(InvalidSettings, match="OCTAVO_STORAGE__URL") as caught:
        open_blobs(place)
    assert "very-secret" not in str(caught.value)


@pytest.mark.usefixtures("without_provider")
def test_a_setting_of_the_provider_that_cannot_be_is_told_without_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ALLOW_HTTP", "very-secret")
    with pytest.raises(InvalidSettings, match="OCTAVO_STORAGE__URL") as caught:
        open_blobs("s3://bucket/p")
    assert "very-secret" not in str(caught.value)
