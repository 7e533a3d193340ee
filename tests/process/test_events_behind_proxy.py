"""Events come one by one through nginx and Caddy: as configured in `deploy/`, and with nothing but an address."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from batch_client import data_uri
from front_proxies import KEY, NAME, Proxy, caddy, nginx, proxied
from scripted_batch import SETTINGS
from told_events import EVENTS, body_of, told
from watched_server import watched

from typeset import Sheets

DEPLOY = Path(__file__).parents[2] / "deploy"
BARE = {
    nginx: f"""server {{
        listen 443 ssl; server_name {NAME};
        ssl_certificate /etc/ssl/octavo/certificate.pem; ssl_certificate_key /etc/ssl/octavo/key.pem;
        location / {{ proxy_pass http://127.0.0.1:8000; }}
    }}""",
    caddy: f"""{NAME} {{
        tls /etc/ssl/octavo/certificate.pem /etc/ssl/octavo/key.pem
        reverse_proxy 127.0.0.1:8000
    }}""",
}
SITES = {
    "nginx": (nginx, (DEPLOY / "nginx.conf").read_text()),
    "caddy": (caddy, (DEPLOY / "Caddyfile").read_text()),
    "bare nginx": (nginx, BARE[nginx]),
    "bare caddy": (caddy, BARE[caddy]),
}


@pytest.fixture(params=SITES)
def proxy(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Proxy]:
    make, site = SITES[request.param]
    if shutil.which(make.__name__) is None:
        pytest.skip(f"{make.__name__} is not installed")
    with watched(tmp_path, settings=SETTINGS | {"API_KEYS": f"tests={KEY}"}) as server:
        server.start()
        with proxied(tmp_path, server.url, make, site) as found:
            yield found


def test_every_page_comes_before_the_next_one_is_read(proxy: Proxy, tmp_path: Path) -> None:
    sheets = Sheets((1000, 200))
    for number in range(3):
        sheets.text(20, 50, f"wait gate{number}")
        sheets.next_page()
    headers = EVENTS | {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    body = json.dumps(body_of(data_uri(sheets.data())))
    with proxy.stream("POST", "/v1/ocr", content=body, headers=headers) as answer:
        assert answer.status_code == 200
        events = told(answer.iter_raw())
        assert next(events).name == "start"
        for number in range(3):
            (tmp_path / f"gate{number}").touch()
            event = next(events)
            assert (event.name, event.json["page"]["index"]) == ("page", number)
        assert [event.name for event in events] == ["result"]
