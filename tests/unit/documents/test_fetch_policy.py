"""URLs taken apart, and which of them may be fetched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.documents.fetching.policy import AllowedHost, FetchPolicy
from octavo.documents.fetching.target import parse_target
from octavo.domain.errors import FetchForbidden, InvalidDocumentReference, InvalidSettings

PUBLIC = "93.184.215.14"


def policy(*entries, public=True):
    return FetchPolicy(tuple(map(AllowedHost.parse, entries)), public=public)


def admitted(url, addresses, *entries, public=True):
    return [str(address) for address in policy(*entries, public=public).admitted(parse_target(url), addresses)]


@pytest.mark.parametrize(
    ("url", "host", "port", "authority"),
    [
        ("https://Example.ORG/a.pdf", "example.org", 443, "example.org"),
        ("http://example.org:80/", "example.org", 80, "example.org"),
        ("HTTP://example.org:8080", "example.org", 8080, "example.org:8080"),
        ("  https://example.org./x \n", "example.org", 443, "example.org"),
        ("http://münchen.example/ä", "xn--mnchen-3ya.example", 80, "xn--mnchen-3ya.example"),
        ("http://[::1]:9000/", "::1", 9000, "[::1]:9000"),
        ("http://[0:0:0:0:0:0:0:1]/", "::1", 80, "[::1]"),
        ("http://127.1/", "127.1", 80, "127.1"),
        ("http://under_score.example/", "under_score.example", 80, "under_score.example"),
    ],
)
def test_hosts_and_ports(url, host, port, authority):
    target = parse_target(url)
    assert (target.host, target.port, target.authority) == (host, port, authority)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "  ",
        "report.pdf",
        "/etc/passwd",
        "./report.pdf",
        "C:\\Users\\me\\report.pdf",
        "file:///etc/passwd",
        "FILE://localhost/etc/passwd",
        "ftp://example.org/a.pdf",
        "gopher://example.org/",
        "javascript:alert(1)",
        "s3://bucket/key",
        "//example.org/a.pdf",
        "http:example.org",
        "http:///a.pdf",
        "https://",
        "http://exa mple.org/",
        "http://exam%70le.org/",
        "http://example.org:0/",
        "http://example.org:65536/",
        "http://example.org:http/",
        "http://example.org/\r\nHost: evil",
        "http://-x-/",
        "http://a/\x00",
        "http://xn--/",
        "http://" + "a" * 300 + ".org/",
        "http://[::1/",
        "http://[::zz]/",
        "http://[fe80::1%25eth0]/",
        "http://0177.0.0.1/",
        "http://１２７.0.0.1/",
        "http://\ud800/",
        "http://example.org/" + "a" * 70_000,
    ],
)
def test_what_is_no_web_address_speaks_as_mistral_does(url):
    with pytest.raises(InvalidDocumentReference, match=r"^Document content must be a URL \(starting with 'https'\)"):
        parse_target(url)


@pytest.mark.parametrize(
    "url", ["http://user@example.org/", "https://user:secret@example.org/", "http://example.org\\@127.0.0.1/"]
)
def test_users_and_passwords_are_refused_and_not_repeated(url):
    with pytest.raises(FetchForbidden) as caught:
        parse_target(url)
    assert "secret" not in str(caught.value)


@given(st.text(max_size=60).map("http://{}".format) | st.text(max_size=60))
def test_any_text_is_a_target_or_a_typed_error(text):
    try:
        target = parse_target(text)
    except (InvalidDocumentReference, FetchForbidden):
        return
    assert target.host
    assert "@" not in target.authority


def test_what_is_shown_has_no_query_and_is_short():
    target = parse_target("https://example.org:8443/" + "a" * 500 + "%0A?token=secret#part")
    assert "secret" not in target.shown
    assert "\n" not in target.shown
    assert len(target.shown) < 200


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://example.org/docs/report.pdf?x=1", "report.pdf"),
        ("https://example.org/docs/a%20b.pdf", "a b.pdf"),
        ("https://example.org/docs/", "docs"),
        ("https://example.org", "example.org"),
        ("https://example.org/%00%0A", "example.org"),
        ("https://example.org/..%2F..%2Fetc%2Fpasswd", "passwd"),
        ("https://example.org/" + "a" * 300, "a" * 200),
    ],
)
def test_the_name_is_the_last_part_of_the_path(url, name):
    assert parse_target(url).name == name


# Public hosts


@pytest.mark.parametrize("port", [80, 443, 8080, 8443])
def test_public_hosts_on_the_ports_of_the_web(port):
    assert admitted(f"http://example.org:{port}/", [PUBLIC, "2a00::1"]) == [PUBLIC, "2a00::1"]


@pytest.mark.parametrize("port", [1, 22, 25, 6379, 8000, 9200])
def test_other_ports_of_public_hosts_are_refused(port):
    with pytest.raises(FetchForbidden, match=rf"Port {port} .*--allow-fetch example.org:{port}"):
        admitted(f"http://example.org:{port}/", [PUBLIC])


INNER = ["127.0.0.1", "10.1.2.3", "169.254.169.254", "0.0.0.0", "::1", "fe80::1%eth0", "::ffff:127.0.0.1"]


@pytest.mark.parametrize("address", [*INNER, "64:ff9b::7f00:1"])
def test_hosts_without_a_public_address_are_refused_without_telling_it(address):
    with pytest.raises(FetchForbidden, match="no public address") as caught:
        admitted("http://inner.example/", [address])
    assert address.partition("%")[0] not in str(caught.value).replace("inner.example", "")


def test_only_the_public_addresses_of_a_host_are_connected_to():
    assert admitted("http://example.org/", ["127.0.0.1", PUBLIC, "10.0.0.1"]) == [PUBLIC]


def test_a_host_without_addresses_is_refused():
    with pytest.raises(FetchForbidden):
        admitted("http://example.org/", [])


# Hosts that were opened


@pytest.mark.parametrize(
    ("entry", "host", "port"),
    [
        ("Files.Example.ORG", "files.example.org", None),
        (" files.example.org:80 ", "files.example.org", 80),
        ("files.example.org.", "files.example.org", None),
        ("10.0.0.5", "10.0.0.5", None),
        ("10.0.0.5:443", "10.0.0.5", 443),
        ("::1", "::1", None),
        ("0:0::1", "::1", None),
        ("[::1]", "::1", None),
        ("[::1]:8000", "::1", 8000),
        ("localhost:8000", "localhost", 8000),
        ("münchen.example", "xn--mnchen-3ya.example", None),
    ],
)
def test_entries(entry, host, port):
    assert AllowedHost.parse(entry) == AllowedHost(host, port)


NO_HOSTS = ["", " ", "*", "*.example.org", "http://example.org", "example.org/path", "me@example.org", "10.0.0.0/8"]
NO_PORTS = ["a:b:c", "a:0", "a:65536", "a:-1", "a:x", "example.org#x", "example.org?x", "[::1", "a b", "300.1.1.1"]


@pytest.mark.parametrize("entry", NO_HOSTS + NO_PORTS)
def test_entries_that_are_none_are_told(entry):
    with pytest.raises(InvalidSettings, match="--allow-fetch"):
        AllowedHost.parse(entry)


@pytest.mark.parametrize(
    ("entry", "url", "address"),
    [
        ("localhost", "http://localhost:1234/", "127.0.0.1"),
        ("localhost", "https://LOCALHOST./", "::1"),
        ("localhost:8000", "http://localhost:8000/", "127.0.0.1"),
        ("127.0.0.1:8000", "http://127.0.0.1:8000/", "127.0.0.1"),
        ("127.0.0.1:8000", "http://127.1:8000/", "127.0.0.1"),
        ("127.0.0.1", "http://localhost/", "127.0.0.1"),
        ("::1", "http://[::1]:5000/", "::1"),
        ("example.org:22", "http://example.org:22/", PUBLIC),
    ],
)
def test_opened_hosts_are_admitted(entry, url, address):
    assert admitted(url, [address], entry) == [address]


@pytest.mark.parametrize(
    ("entry", "url", "address"),
    [
        ("localhost:8000", "http://localhost:8001/", "127.0.0.1"),
        ("localhost:8000", "http://localhost/", "127.0.0.1"),
        ("localhost", "http://other/", "127.0.0.1"),
        ("localhost", "http://localhost.evil.example/", "127.0.0.1"),
        ("localhost", "http://evil-localhost/", "127.0.0.1"),
        ("10.0.0.5", "http://inner.example/", "10.0.0.6"),
        ("127.0.0.1:8000", "http://inner.example:8001/", "127.0.0.1"),
    ],
)
def test_opening_one_host_opens_no_other(entry, url, address):
    with pytest.raises(FetchForbidden):
        admitted(url, [address], entry)


def test_public_hosts_can_be_closed():
    assert admitted("http://files.example/", ["10.0.0.5"], "files.example", public=False) == ["10.0.0.5"]
    with pytest.raises(FetchForbidden, match="none of the hosts"):
        admitted("http://example.org/", [PUBLIC], "files.example", public=False)
