"""Addresses that a real server must never call: each spelling is refused, and nobody hears a thing."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import sealed_caller

ROOT = Path(__file__).parents[2]
UNSHARE = ["unshare", "--map-root-user", "--net"]

LOOPBACK = {
    "plain": "http://127.0.0.1/a.pdf",
    "another of the net": "http://127.8.9.10/a.pdf",
    "another port of the web": "http://127.0.0.1:8080/a.pdf",
    "TLS": "https://127.0.0.1/a.pdf",
    "decimal": "http://2130706433/a.pdf",
    "octal": "http://0177.0.0.1/a.pdf",
    "octal with many zeros": "http://0000177.0.0.01/a.pdf",
    "hexadecimal": "http://0x7f000001/a.pdf",
    "hexadecimal parts": "http://0x7F.0x0.0x0.0x1/a.pdf",
    "short": "http://127.1/a.pdf",
    "zero": "http://0/a.pdf",
    "zeros": "http://0.0.0.0/a.pdf",
    "a final dot": "http://127.0.0.1./a.pdf",
    "a name": "http://localhost/a.pdf",
    "a name with a final dot": "http://localhost./a.pdf",
    "a name in capitals": "HTTP://LOCALHOST/a.pdf",
    "full-width digits": "http://１２７.０.０.１/a.pdf",
    "circled digits": "http://①②⑦.⓪.⓪.①/a.pdf",
    "an ideographic full stop": "http://127。0。0。1/a.pdf",
    "IPv6": "http://[::1]/a.pdf",
    "IPv6 written out": "http://[0:0:0:0:0:0:0:1]/a.pdf",
    "IPv6, unspecified": "http://[::]/a.pdf",
    "mapped": "http://[::ffff:127.0.0.1]/a.pdf",
    "mapped in hexadecimal": "http://[::ffff:7f00:1]/a.pdf",
    "compatible": "http://[::127.0.0.1]/a.pdf",
    "translated": "http://[64:ff9b::127.0.0.1]/a.pdf",
    "6to4": "http://[2002:7f00:1::]/a.pdf",
    "blanks around": "  http://127.0.0.1/a.pdf\n",
}
PRIVATE = {
    "10/8": "http://10.0.0.1/a.pdf",
    "172.16/12": "http://172.16.0.1/a.pdf",
    "192.168/16": "http://192.168.1.1/a.pdf",
    "decimal": "http://167772161/a.pdf",
    "carriers": "http://100.64.0.1/a.pdf",
    "link-local": "http://169.254.1.1/a.pdf",
    "metadata": "http://169.254.169.254/latest/meta-data/",
    "metadata in decimal": "http://2852039166/latest/meta-data/",
    "metadata in octal": "http://0251.0376.0251.0376/latest/meta-data/",
    "metadata, mapped": "http://[::ffff:169.254.169.254]/latest/meta-data/",
    "metadata over IPv6": "http://[fd00:ec2::254]/latest/meta-data/",
    "metadata of another cloud": "http://100.100.100.200/latest/meta-data/",
    "documentation": "http://192.0.2.1/a.pdf",
    "benchmarks": "http://198.18.0.1/a.pdf",
    "multicast": "http://224.0.0.1/a.pdf",
    "broadcast": "http://255.255.255.255/a.pdf",
    "reserved": "http://240.0.0.1/a.pdf",
    "unique local": "http://[fc00::1]/a.pdf",
    "link-local of IPv6": "http://[fe80::1]/a.pdf",
    "site-local": "http://[fec0::1]/a.pdf",
    "multicast of IPv6": "http://[ff02::1]/a.pdf",
    "Teredo": "http://[2001::1]/a.pdf",
}
MALFORMED = {
    "a user": "http://me:geheim@127.0.0.1/a.pdf",
    "a user that looks like a host": "http://example.org:80@127.0.0.1/a.pdf",
    "a host that looks like a user": "http://127.0.0.1\\@example.org/a.pdf",
    "a zone": "http://[fe80::1%25lo]/a.pdf",
    "no host": "http:///a.pdf",
    "no slashes": "http:127.0.0.1/a.pdf",
    "no port": "http://127.0.0.1:0/a.pdf",
    "too large a port": "http://127.0.0.1:65536/a.pdf",
    "a line break": "http://127.0.0.1\r\nX: y/a.pdf",
    "a file": "file:///etc/passwd",
    "a file of this host": "file://localhost/etc/passwd",
    "a path": "/var/lib/octavo/scan.pdf",
    "a path in letters of base64": "/etc/passwd",
    "a path of Windows": "C:\\Windows\\win.ini",
    "a share": "\\\\127.0.0.1\\share\\a.pdf",
    "FTP": "ftp://127.0.0.1/a.pdf",
    "Gopher": "gopher://127.0.0.1:80/_GET",
    "a part of an archive": "jar:http://127.0.0.1!/a.pdf",
    "a dictionary": "dict://127.0.0.1:80/info",
}
REDIRECTED = {
    **{f"a redirect: {name}": LOOPBACK[name] for name in ("plain", "decimal", "a name", "IPv6", "mapped")},
    **{f"a redirect: {name}": PRIVATE[name] for name in ("10/8", "metadata")},
    "a redirect: a file": "file:///etc/passwd",
    "a redirect: a user": "http://me:geheim@127.0.0.1/a.pdf",
    "a redirect: no scheme": "//127.0.0.1:8080/a.pdf",
    "a redirect: a redirect": sealed_caller.TO + quote("http://127.0.0.1:8080/", safe=""),
}
ADDRESSES = {
    **{f"loopback: {name}": address for name, address in LOOPBACK.items()},
    **{f"private: {name}": address for name, address in PRIVATE.items()},
    **{f"malformed: {name}": address for name, address in MALFORMED.items()},
    **{name: sealed_caller.TO + quote(address, safe="") for name, address in REDIRECTED.items()},
}
EXPECTED = {"malformed: a path in letters of base64": ("document_parser_invalid_file", "3740")}
"""It is taken for eight bytes that are no document; all others are known for what they are."""
REMEDY = re.compile(r"Send the document itself|has to be sent itself|must be a URL|redirects to something|Accepted are")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the server answered to each address, and what the witnesses saw."""
    if (
        shutil.which("unshare") is None
        or subprocess.run([*UNSHARE, "true"], capture_output=True, check=False).returncode
    ):
        pytest.skip("this system does not let us make a network namespace")
    folder = tmp_path_factory.mktemp("sealed")
    script = str(Path(sealed_caller.__file__))
    places = [str(ROOT / "tests"), str(ROOT / "scripts"), os.environ.get("PYTHONPATH", "")]
    run = subprocess.run(
        [*UNSHARE, sys.executable, script, str(folder)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, places))},
        input=json.dumps(list(ADDRESSES.values())),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_nobody_was_called(told: dict[str, Any]) -> None:
    assert told["control"], "the witnesses notice nothing"
    assert (told["heard"], told["calls"]) == ([], [0, 0])
    assert told["good"] == 200


@pytest.mark.parametrize("name", ADDRESSES)
def test_it_is_refused_and_told_what_to_do(told: dict[str, Any], name: str) -> None:
    status, answer = told["answers"][ADDRESSES[name]]
    assert (status, answer["type"], answer["code"]) == (400, *EXPECTED.get(name, ("invalid_request_file", "3310")))
    assert (answer["object"], answer["raw_status_code"], answer["detail"]) == ("error", 400, answer["message"])
    assert REMEDY.search(answer["message"]), answer["message"]
    for secret in ("geheim", "root:", "from inside", "Traceback", ".py"):
        assert secret not in answer["message"]


@pytest.mark.parametrize("name", ADDRESSES)
def test_it_is_not_kept_as_a_file_either(told: dict[str, Any], name: str) -> None:
    status, answer = told["kept"][ADDRESSES[name]]
    assert (status, answer["type"], answer["code"]) == (400, "invalid_request_file", "3310")
    assert REMEDY.search(answer["message"]), answer["message"]
    assert "from inside" not in answer["message"]


def test_nothing_was_kept(told: dict[str, Any]) -> None:
    assert told["files"] == 0
