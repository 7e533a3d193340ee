"""Pages to look at, from a real server: made beside reading, by processes that may do nothing else."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from batch_desk import Desk
from octavo_server import PATIENCE, Server, children, eventually, gone, serving
from PIL import Image
from scripted_batch import SETTINGS, noted
from test_hostile_pdfs import TERRIBLE, a_million_annotations, states_without_end
from worker_scenes import procfs

from papers import protected_pdf, text_image, text_pdf
from raw_pdf import RawPdf
from shown_pages import opened

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
KEYS = "alice=a,bob=b"


def speaking(server: Server, key: str = "a") -> httpx.Client:
    headers = {"authorization": f"Bearer {key}"} if key else {}
    return httpx.Client(base_url=server.url, headers=headers, trust_env=False, timeout=PATIENCE)


def upload(client: httpx.Client, path: Path) -> str:
    answer = client.post("/v1/files", files={"file": (path.name, path.read_bytes())}, data={"purpose": "ocr"})
    answer.raise_for_status()
    return f"/v1/files/{answer.json()['id']}"


def image(answer: httpx.Response) -> Image.Image:
    assert answer.status_code == 200, answer.text
    return opened(answer.content)


def spooled(folder: Path) -> list[Path]:
    return [path for path in (folder / "data" / "spool").rglob("*") if path.is_file()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shown")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    with serving(folder, API_KEYS=KEYS, EXECUTOR__VIEW_TIMEOUT="3") as found:
        yield found


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    with speaking(server) as found:
        yield found


@pytest.fixture
def plain(client: httpx.Client, tmp_path: Path) -> str:
    return upload(client, text_pdf(tmp_path / "plain.pdf", [["One"], ["Two"], ["Three"]]))


def test_boxes_of_the_answer_lie_on_the_image(tmp_path: Path) -> None:
    """A page that is read and shown turned: what was found lies where the image has ink, and nothing else does."""
    sheet = Image.open(text_image(tmp_path / "a.png", ["Lying on its side", "and yet it is read"], (900, 500)))
    sheet.rotate(-90, expand=True).save(tmp_path / "lying.png")
    with serving(tmp_path, ENGINES__MODEL="octavo-1") as server, speaking(server, "") as client:
        file = upload(client, tmp_path / "lying.png")
        document = {"type": "file", "file_id": file.rpartition("/")[2]}
        (page,) = client.post("/v1/ocr", json={"document": document}).json()["pages"]
        turned = page["octavo"]["turned"]
        assert turned == 90
        shown = image(client.get(f"{file}/pages/0?width=450&turned={turned}")).convert("L")
    scale = shown.width / page["dimensions"]["width"]
    assert shown.height == round(page["dimensions"]["height"] * scale)
    assert "Lying on its side" in page["markdown"]
    boxes = [
        [block[side] * scale for side in ("top_left_x", "top_left_y", "bottom_right_x", "bottom_right_y")]
        for block in page["blocks"]
    ]
    ink = [(x, y) for x in range(shown.width) for y in range(shown.height) if shown.getpixel((x, y)) < 100]
    assert len(ink) > 500
    inside = sum(any(x0 - 3 <= x <= x1 + 3 and y0 - 3 <= y <= y1 + 3 for x0, y0, x1, y1 in boxes) for x, y in ink)
    assert inside > 0.98 * len(ink)


def test_scans_of_several_frames(client: httpx.Client, tmp_path: Path) -> None:
    pages = [Image.open(text_image(tmp_path / f"{n}.png", [f"Page {n}"], (800 + 100 * n, 600))) for n in range(3)]
    pages[0].save(tmp_path / "scan.tiff", save_all=True, append_images=pages[1:], compression="tiff_lzw")
    file = upload(client, tmp_path / "scan.tiff")
    for index in (2, 0, 1):
        answer = client.get(f"{file}/pages/{index}?width=2000")
        assert (image(answer).size, answer.headers["x-octavo-page-count"]) == ((800 + 100 * index, 600), "3")
    assert image(client.get(f"{file}/pages/1?width=120&turned=270")).size == (120, 180)


def test_protected_documents_want_their_password(client: httpx.Client, tmp_path: Path) -> None:
    file = upload(client, protected_pdf(tmp_path / "locked.pdf", "sesame"))
    told = []
    for password in (None, "wrong", "sesame"):
        header = {} if password is None else {"x-octavo-options": json.dumps({"password": password})}
        told.append(client.get(f"{file}/pages/0", headers=header))
    assert [answer.status_code for answer in told] == [400, 400, 200]
    assert "is protected by a password" in told[0].json()["message"]
    assert "does not open with this password" in told[1].json()["message"]
    assert image(told[2]).size == (400, 400)


def test_others_see_nothing(server: Server, client: httpx.Client, plain: str) -> None:
    tag = client.get(f"{plain}/pages/0?width=64").headers["etag"]
    with speaking(server, "b") as bob, speaking(server, "") as nobody:
        for header in ({}, {"if-none-match": tag}):
            assert bob.get(f"{plain}/pages/0?width=64", headers=header).status_code == 404
            assert nobody.get(f"{plain}/pages/0?width=64", headers=header).status_code == 401
    assert client.get(f"{plain}/pages/0?width=64", headers={"if-none-match": tag}).status_code == 304


def test_a_deleted_file_is_gone_with_its_copy(client: httpx.Client, folder: Path, tmp_path: Path) -> None:
    before = set(spooled(folder))
    file = upload(client, text_pdf(tmp_path / "a.pdf", [["Gone"]]))
    image(client.get(f"{file}/pages/0?width=64"))
    assert set(spooled(folder)) - before
    client.delete(file)
    assert client.get(f"{file}/pages/0?width=64").status_code == 404
    assert eventually(lambda: not set(spooled(folder)) - before)


@pytest.mark.slow
@pytest.mark.parametrize("make", [*TERRIBLE, states_without_end, a_million_annotations], ids=lambda make: make.__name__)
def test_hostile_pages_harm_nobody(
    client: httpx.Client, plain: str, tmp_path: Path, make: Callable[[RawPdf], str | None]
) -> None:
    pdf = RawPdf()
    tree = make(pdf) or ""
    (tmp_path / "hostile.pdf").write_bytes(pdf.data(tree=tree))
    file = upload(client, tmp_path / "hostile.pdf")
    answer = client.get(f"{file}/pages/0?width=300")
    assert answer.status_code in (200, 400, 500, 504), answer.text
    if answer.status_code != 200:
        assert answer.json()["type"] in ("document_parser_invalid_file", "internal_server_error", "timeout")
    assert image(client.get(f"{plain}/pages/1?width=64")).width == 64
    assert client.get("/health").status_code == 200


@pytest.mark.slow
def test_a_page_that_costs_workers_again_and_again_is_left_alone(
    client: httpx.Client, plain: str, tmp_path: Path
) -> None:
    pdf = RawPdf()
    TERRIBLE[1](pdf)
    (tmp_path / "hostile.pdf").write_bytes(pdf.data() + b"\n% another")
    file = upload(client, tmp_path / "hostile.pdf")
    answers = [client.get(f"{file}/pages/0?width={width}") for width in (300, 301, 302)]
    # It takes too long, or too much memory (and is tried again at once), whichever the machine notices first.
    assert answers[0].status_code in {500, 504}
    assert "is not tried again" not in answers[0].json()["message"]
    assert answers[2].status_code == 500
    assert "is not tried again" in answers[2].json()["message"]
    assert image(client.get(f"{plain}/pages/0?width=65")).width == 65


@linux_only
def test_viewers_are_confined_and_nothing_is_decoded_in_the_server(
    server: Server, client: httpx.Client, plain: str
) -> None:
    image(client.get(f"{plain}/pages/0?width=66"))
    viewers = [child for child in children(server.process.pid) if "pdfium" in procfs(child, "maps")]
    assert viewers
    for viewer in viewers:
        told = dict(line.split(":\t") for line in procfs(viewer, "status").splitlines())
        assert (told["NoNewPrivs"], told["Seccomp"]) == ("1", "2")
    assert "pdfium" not in procfs(server.process.pid, "maps")
    assert "_imaging." not in procfs(server.process.pid, "maps")


@linux_only
def test_a_killed_viewer_is_replaced(tmp_path: Path) -> None:
    with serving(tmp_path) as server, speaking(server, "") as client:
        file = upload(client, text_pdf(tmp_path / "a.pdf", [["One"]]))
        readers = set(children(server.process.pid))
        image(client.get(f"{file}/pages/0?width=64"))
        killed = [child for child in children(server.process.pid) if child not in readers]
        assert killed
        for child in killed:
            os.kill(child, 9)
        assert image(client.get(f"{file}/pages/0?width=65")).width == 65
        assert gone(killed)
        assert 'octavo_views_total{outcome="made"} 2.0' in client.get("/metrics").text
        assert 'octavo_pages_total{outcome="read"} 0.0' in client.get("/metrics").text


def test_whoever_is_let_into_the_workbench_finds_a_viewer(tmp_path: Path) -> None:
    with serving(tmp_path) as server, speaking(server, "") as client:
        assert "octavo_view_workers 0.0" in client.get("/metrics").text
        assert client.get("/session").json()["signed_in"]
        assert eventually(lambda: "octavo_view_workers 0.0" not in client.get("/metrics").text)


def test_many_at_once_and_some_who_leave(client: httpx.Client, server: Server, plain: str) -> None:
    def look(number: int) -> int:
        with speaking(server) as own:
            if number % 5 == 0:  # hangs up at once
                try:
                    own.get(f"{plain}/pages/{number % 3}?width={300 + number}", timeout=0.05)
                except httpx.TimeoutException:
                    return 200
            return own.get(f"{plain}/pages/{number % 3}?width={20 + number % 7}").status_code

    with ThreadPoolExecutor(60) as threads:
        assert set(threads.map(look, range(120))) == {200}
    assert image(client.get(f"{plain}/pages/0?width=67")).width == 67


def test_images_come_while_pages_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both reading workers are busy all the time: their pages wait at a gate."""
    monkeypatch.setenv("PYTHONPATH", Desk(tmp_path).variables()["PYTHONPATH"])
    paper = text_pdf(tmp_path / "slow.pdf", [[f"note {number}", "wait open"] for number in range(4)])
    with serving(tmp_path, **SETTINGS) as server, speaking(server, "") as client, ThreadPoolExecutor(1) as threads:
        file = upload(client, paper)
        document = {"type": "file", "file_id": file.rpartition("/")[2]}
        reading = threads.submit(client.post, "/v1/ocr", json={"document": document})
        try:
            assert noted(tmp_path, 2)
            shown = [image(client.get(f"{file}/pages/{index}?width=1200")) for index in range(4)]
            assert not reading.done()
        finally:
            (tmp_path / "open").touch()
        assert {each.width for each in shown} == {1200}
        assert reading.result().json()["usage_info"]["pages_processed"] == 4


class _Site(BaseHTTPRequestHandler):
    """One document."""

    content = b""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.content)))
        self.end_headers()
        self.wfile.write(self.content)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    _Site.content = text_pdf(tmp_path / "site.pdf", [["Fetched"]]).read_bytes()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    running = threading.Thread(target=server.serve_forever)
    running.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    running.join()
    server.server_close()


def test_a_document_is_fetched_kept_and_shown(tmp_path: Path, site: str) -> None:
    with serving(tmp_path, "--allow-fetch", site) as server, speaking(server, "") as client:
        form = {"url": (None, f"http://{site}/papers/site.pdf"), "purpose": (None, "ocr"), "expiry": (None, "1")}
        told = client.post("/v1/files", files=form).json()
        assert (told["filename"], told["bytes"]) == ("site.pdf", len(_Site.content))
        assert image(client.get(f"/v1/files/{told['id']}/pages/0?width=64")).width == 64
        assert client.get(f"/v1/files/{told['id']}/content").content == _Site.content
        assert spooled(tmp_path)
        ends = children(server.process.pid)
        server.stop()
        assert gone(ends)
    assert spooled(tmp_path) == []


def test_what_is_not_opened_is_not_fetched(tmp_path: Path, site: str) -> None:
    with serving(tmp_path) as server, speaking(server, "") as client:
        answer = client.post("/v1/files", files={"url": (None, f"http://{site}/site.pdf")})
        assert (answer.status_code, answer.json()["type"]) == (400, "invalid_request_file")
        assert client.get("/v1/files").json()["total"] == 0
