"""What every `FileRepository` promises, on each database."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from octavo.domain.errors import FileNotFound, KeyReused, StorageFailed
from octavo.domain.file import FileFilter, FilePurpose, FileSource, Listing, Repeatable, SampleType, Visibility
from ports.databases import Home, home, postgres
from ports.ledger_things import NOBODY, make_blob, make_file, unused

__all__ = ["home", "postgres"]
DAY = 24 * 3600
ALL = FileFilter()


def test_a_secret_is_made_once(home: Home) -> None:
    secret = home.files().secret()
    assert len(secret) == 32
    home.close()
    home.open()
    assert home.files().secret() == secret


def test_a_secret_is_one_even_if_many_ask_first(home: Home) -> None:
    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(lambda _: home.files().secret(), range(8)))) == 1


def test_a_file_comes_back_as_it_was(home: Home) -> None:
    files = home.files()
    file = make_file(
        home,
        name='ünïcode \x00 \ud800 \u2426 {"quoted\\"} %_',
        purpose=FilePurpose.OCR,
        sample_type=SampleType.OCR_INPUT,
        source=FileSource.MISTRAL,
        visibility=Visibility.USER,
        expires_at=int(home.clock()) + 5,
        num_lines=2**40,
        mimetype="application/pdf",
    )
    plain = make_file(home)
    assert files.add(file) == file
    files.add(plain)
    assert files.get("alice", file.id) == files.find(file.id) == file
    assert files.get("alice", plain.id) == plain


def test_another_owners_file_is_as_one_that_is_not(home: Home) -> None:
    files = home.files()
    file = files.add(make_file(home))
    for ask in (files.get, files.delete):
        with pytest.raises(FileNotFound) as unknown:
            ask("alice", NOBODY)
        with pytest.raises(FileNotFound) as others:
            ask("bob", file.id)
        assert str(others.value) == str(unknown.value).replace(NOBODY, file.id)
    assert files.get("alice", file.id) == file
    assert files.list("bob", ALL, Listing()) == ()
    assert files.count("bob", ALL) == 0


@pytest.mark.parametrize("odd", ["", "no-uuid", "\x00", "\ud800", "x" * 100_000, "'; DROP TABLE files; --", "%"])
def test_an_id_that_is_none_is_not_found(home: Home, odd: str) -> None:
    files = home.files()
    for ask in (lambda: files.get("alice", odd), lambda: files.find(odd), lambda: files.delete("alice", odd)):
        with pytest.raises(FileNotFound):
            ask()


def test_files_are_listed_newest_first_in_pages(home: Home) -> None:
    files = home.files()
    made = [files.add(make_file(home, created_at=1000)) for _ in range(3)]
    older = files.add(make_file(home, created_at=999))
    order = (*reversed(made), older)
    assert files.list("alice", ALL, Listing()) == order
    assert files.list("alice", ALL, Listing(page=1, size=3)) == order[3:]
    assert files.list("alice", ALL, Listing(page=0, size=2)) == order[:2]
    assert files.list("alice", ALL, Listing(page=10**30, size=100)) == ()
    assert files.count("alice", ALL) == 4


def test_files_are_chosen_by_what_they_are(home: Home) -> None:
    files = home.files()
    first = files.add(make_file(home, mimetype="application/pdf", purpose=FilePurpose.OCR))
    second = files.add(make_file(home, sample_type=SampleType.BATCH_RESULT, source=FileSource.MISTRAL))
    for chosen, found in (
        (FileFilter(purpose=FilePurpose.OCR), {first}),
        (FileFilter(sample_types=(SampleType.BATCH_RESULT,)), {second}),
        (FileFilter(sample_types=(SampleType.BATCH_RESULT, SampleType.BATCH_REQUEST)), {first, second}),
        (FileFilter(sources=(FileSource.UPLOAD, FileSource.REPOSITORY)), {first}),
        (FileFilter(mimetypes=("application/pdf", "image/png")), {first}),
        (FileFilter(purpose=FilePurpose.OCR, sources=(FileSource.MISTRAL,)), set()),
    ):
        assert set(files.list("alice", chosen, Listing())) == found
        assert files.count("alice", chosen) == len(found)


@pytest.mark.parametrize(
    ("search", "names"),
    [
        ("REPORT", {"Report 1.pdf", "old report.pdf"}),
        ("%", {"100%.pdf"}),
        ("_", {"a_b.pdf"}),
        ("äpf", {"ÄPFEL.pdf"}),
        ("STRASSE", {"Straße.pdf"}),
        ("\\", set()),
        ("\x00", set()),
        (".pdf", {"Report 1.pdf", "old report.pdf", "100%.pdf", "a_b.pdf", "ÄPFEL.pdf", "Straße.pdf"}),
        ("x" * 60_000, set()),
    ],
)
def test_a_part_of_the_name_is_searched_in_any_case(home: Home, search: str, names: set[str]) -> None:
    files = home.files()
    for name in ("Report 1.pdf", "old report.pdf", "100%.pdf", "a_b.pdf", "ÄPFEL.pdf", "Straße.pdf"):
        files.add(make_file(home, name=name))
    chosen = FileFilter(search=search)
    assert {file.name for file in files.list("alice", chosen, Listing())} == names
    assert files.count("alice", chosen) == len(names)


def test_a_file_whose_time_is_up_is_gone_and_swept(home: Home) -> None:
    files = home.files()
    file = files.add(make_file(home, expires_at=int(home.clock()) + 10))
    stays = files.add(make_file(home))
    assert files.expire(10) == 0
    home.clock.now += 10
    for ask in (lambda: files.get("alice", file.id), lambda: files.find(file.id)):
        with pytest.raises(FileNotFound):
            ask()
    assert files.list("alice", ALL, Listing()) == (stays,)
    assert files.count("alice", ALL) == 1
    assert unused(files) == set()
    assert files.expire(10) == 1
    assert files.expire(10) == 0
    assert unused(files) == {file.blob.name}


def test_no_more_files_expire_than_asked(home: Home) -> None:
    files = home.files()
    for _ in range(5):
        files.add(make_file(home, expires_at=1))
    assert [files.expire(2) for _ in range(4)] == [2, 2, 1, 0]


def test_a_blob_is_unused_when_its_last_file_goes(home: Home) -> None:
    files = home.files()
    first = files.add(make_file(home))
    second = files.add(make_file(home, blob=first.blob, owner="bob"))
    files.delete("alice", first.id)
    assert unused(files) == set()
    with pytest.raises(FileNotFound):
        files.get("alice", first.id)
    files.delete("bob", second.id)
    assert unused(files) == {first.blob.name}
    assert unused(files) == {first.blob.name}
    files.forget([first.blob.name])
    assert unused(files) == set()


def test_a_blob_that_never_came_into_use_is_told_after_a_day(home: Home) -> None:
    files = home.files()
    make_blob(home, "left")
    files.add(make_file(home, blob=make_blob(home, "used")))
    home.clock.now += DAY - 1
    make_blob(home, "late")
    assert unused(files) == set()
    home.clock.now += 1
    assert unused(files) == {"left"}


def test_only_so_many_unused_blobs_are_told(home: Home) -> None:
    for number in range(5):
        make_blob(home, f"blob-{number}")
    home.clock.now += DAY
    assert len(home.files().unused(3)) == 3


def test_a_blob_that_is_about_to_be_removed_never_comes_into_use_again(home: Home) -> None:
    files = home.files()
    file = files.add(make_file(home))
    files.delete("alice", file.id)
    make_blob(home, "old")
    home.clock.now += DAY
    assert unused(files) == {file.blob.name, "old"}
    for blob in (file.blob, replace(file.blob, name="old"), replace(file.blob, name="never-announced")):
        with pytest.raises(StorageFailed):
            files.add(make_file(home, blob=blob))
    assert files.count("alice", ALL) == 0
    files.announce("old")
    assert unused(files) == {file.blob.name, "old"}


def test_forgetting_a_blob_that_is_in_use_changes_nothing(home: Home) -> None:
    files = home.files()
    file = files.add(make_file(home))
    files.forget([file.blob.name, "unknown"])
    files.delete("alice", file.id)
    assert unused(files) == {file.blob.name}


def test_the_same_request_makes_one_file(home: Home) -> None:
    files = home.files()
    again = Repeatable(key="key" * 2000, body="body")
    file = files.add(make_file(home), again)
    second = make_file(home)
    assert files.add(second, again) == file
    assert files.count("alice", ALL) == 1
    assert unused(files) == {second.blob.name}
    with pytest.raises(KeyReused):
        files.add(make_file(home), replace(again, body="other"))
    assert files.add(make_file(home, owner="bob"), again).owner == "bob"
    home.clock.now += DAY
    assert files.add(make_file(home), again) != file


def test_a_request_that_comes_again_is_known_before_anything_is_made(home: Home) -> None:
    files = home.files()
    again = Repeatable(key="key" * 2000, body="body")
    assert files.repeated("alice", again) is None
    file = files.add(make_file(home), again)
    assert files.repeated("alice", again) == file
    assert files.repeated("bob", again) is None
    with pytest.raises(KeyReused):
        files.repeated("alice", replace(again, body="other"))
    assert files.repeated("alice", replace(again, key="other")) is None
    home.clock.now += DAY
    assert files.repeated("alice", replace(again, body="other")) is None
    other = files.add(make_file(home), again)
    files.delete("alice", other.id)
    assert files.repeated("alice", again) is None


def test_a_request_whose_file_was_deleted_makes_a_new_one(home: Home) -> None:
    files, again = home.files(), Repeatable(key="key", body="body")
    files.delete("alice", files.add(make_file(home), again).id)
    new = files.add(make_file(home), again)
    assert files.get("alice", new.id) == new
    assert files.add(make_file(home), again) == new


def test_the_same_request_at_the_same_time_makes_one_file(home: Home) -> None:
    again = Repeatable(key="key", body="body")
    made = [make_file(home) for _ in range(8)]
    with ThreadPoolExecutor(8) as threads:
        told = set(threads.map(lambda file: home.files().add(file, again), made))
    assert len(told) == home.files().count("alice", ALL) == 1


def test_a_key_that_failed_is_free(home: Home) -> None:
    files, again = home.files(), Repeatable(key="key", body="body")
    file = make_file(home)
    with pytest.raises(StorageFailed):
        files.add(replace(file, blob=replace(file.blob, name="unknown")), again)
    assert files.add(file, replace(again, body="other")) == file


def test_a_call_that_is_tried_again_makes_one_file(home: Home) -> None:
    file = make_file(home)
    assert home.files().add(file) == home.files().add(file) == file
    home.files().delete("alice", file.id)
    assert unused(home.files()) == {file.blob.name}


def test_a_blob_that_many_use_at_once_is_counted_right(home: Home) -> None:
    blob = make_blob(home)
    made = [make_file(home, blob=blob, id=str(uuid.uuid4())) for _ in range(20)]
    with ThreadPoolExecutor(10) as threads:
        list(threads.map(home.files().add, made))
        list(threads.map(lambda file: home.files().delete("alice", file.id), made[1:]))
    assert unused(home.files()) == set()
    home.files().delete("alice", made[0].id)
    assert unused(home.files()) == {blob.name}
