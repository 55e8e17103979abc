"""The one door out: where it does not go, when it stops, and what it says about it (S9 to S13)."""

import gzip
import logging
import socket
import ssl
import subprocess
import sys
import threading
import tracemalloc
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import repeat
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from chalicelib import http
from chalicelib.addresses import is_public
from chalicelib.errors import Blocked, HttpError, Lost, TooBig, Unreachable
from chalicelib.http import Http
from tests.servers import feeds
from tests.servers.base import Reply, Request, Server

PUBLIC = "8.8.8.8"
METADATA = "http://169.254.169.254/latest/meta-data/"


class Site(Server):
    """Answers by path with what `replies` holds."""

    def __init__(self) -> None:
        super().__init__()
        self.replies: dict[str, Reply] = {}

    def answer(self, request: Request) -> Reply:
        return self.replies.get(request.path, Reply(body=b"hello"))


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as server:
        yield server


@pytest.fixture
def door(site: Site) -> Http:
    """May go to the site, and to nothing else inside the network."""
    return Http(frozenset({(site.host, site.port)}))


def names(**addresses: Sequence[str]) -> Callable[[str, int], Sequence[str]]:
    """A look-up that knows these names, with _ for a dot."""

    def look_up(host: str, port: int) -> Sequence[str]:
        if host.replace(".", "_") not in addresses:
            raise socket.gaierror(socket.EAI_NONAME, "not known")
        return addresses[host.replace(".", "_")]

    return look_up


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Every connection that is tried, none of which comes to be."""
    tried: list[tuple[str, int]] = []

    def create_connection(address: tuple[str, int], timeout: float) -> socket.socket:
        tried.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", create_connection)
    return tried


# where it does not go --------------------------------------------------------------------------------

INSIDE = [
    METADATA,
    "http://127.0.0.1:9001/2018-06-01/runtime/invocation/next",
    "http://127.0.0.1/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::1]/",
    "http://0x7f000001/",
    "http://2130706433/",
    "http://127.1/",
    "http://0177.0.0.1/",
    "http://①②⑦.⓪.⓪.①/",
    "http://0/",
    "https://10.0.0.5/",
    "http://[fd00:ec2::254]/latest/meta-data/",
]


@pytest.mark.parametrize("url", INSIDE)
def test_s9_an_address_inside_the_network_is_refused_before_connecting(
    url: str, connections: list[tuple[str, int]]
) -> None:
    with pytest.raises(Blocked):
        Http().request("GET", url)
    assert connections == []


@pytest.mark.parametrize("host", ["localhost", "localhost.", "LOCALHOST"])
def test_s9_our_own_machine_is_refused_by_any_name(host: str, connections: list[tuple[str, int]]) -> None:
    with pytest.raises(Blocked):
        Http(look_up=lambda host, port: ["127.0.0.1"]).request("GET", f"http://{host}/")
    assert connections == []


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("10.0.0.5", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("192.168.1.1", False),
        ("198.18.0.1", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("0.0.0.0", False),
        ("::", False),
        ("::1", False),
        ("::127.0.0.1", False),
        ("::ffff:10.0.0.5", False),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::a9fe:a9fe", False),
        ("64:ff9b::808:808", True),
        ("64:ff9b:1::a9fe:a9fe", False),
        ("2002:a9fe:a9fe::", False),
        ("2002:808:808::", True),
        ("2001:0:7f00:1::", False),
        ("fe80::1", False),
        ("fec0::1", False),
        ("fd00:ec2::254", False),
        ("ff02::1", False),
        ("2001:db8::1", False),
    ],
)
def test_s9_only_the_public_internet_is_public(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize("port", [22, 25, 6379, 8080, 9001, 0])
def test_s9_other_ports_than_the_webs_are_refused(port: int, connections: list[tuple[str, int]]) -> None:
    with pytest.raises(Blocked, match=f"port {port}"):
        Http(look_up=names(feeds_example=[PUBLIC])).request("GET", f"http://feeds.example:{port}/")
    assert connections == []


@pytest.mark.parametrize("addresses", [["10.0.0.5"], [PUBLIC, "10.0.0.5"], ["64:ff9b::a9fe:a9fe"]])
def test_s10_a_public_name_that_leads_inside_is_refused(
    addresses: list[str], connections: list[tuple[str, int]]
) -> None:
    with pytest.raises(Blocked, match=r"feeds\.example leads inside the network"):
        Http(look_up=names(feeds_example=addresses)).request("GET", "http://feeds.example/")
    assert connections == []


def test_s10_a_name_that_changes_its_mind_gains_nothing(connections: list[tuple[str, int]]) -> None:
    answers = [[PUBLIC], ["127.0.0.1"]]
    door = Http(look_up=lambda host, port: answers.pop(0))
    with pytest.raises(Unreachable):
        door.request("GET", "http://feeds.example/")
    assert connections == [(PUBLIC, 80)]
    assert len(answers) == 1, "the name is looked up once"


def test_s10_the_request_still_names_the_host(site: Site) -> None:
    door = Http(frozenset({("feeds.example", site.port)}), names(feeds_example=[site.host]))
    answer = door.request("GET", f"http://feeds.example:{site.port}/a?b=c#d")
    assert site.requests[0].headers["host"] == f"feeds.example:{site.port}"
    assert answer.url == f"http://feeds.example:{site.port}/a?b=c"


def test_the_exception_is_for_that_host_and_port_alone(site: Site) -> None:
    with pytest.raises(Blocked):
        Http(frozenset({(site.host, site.port + 1)})).request("GET", site.url)
    with pytest.raises(Blocked):
        Http(frozenset({("localhost", site.port)})).request("GET", site.url)
    with pytest.raises(Blocked):
        Http(frozenset({(site.host, site.port)})).request("GET", f"http://127.1:{site.port}/")


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1:9001/2018-06-01/runtime/invocation/next",
        METADATA,
        "//169.254.169.254/",
        "file:///proc/self/environ",
        "gopher://127.0.0.1:6379/_INFO",
        "ftp://feeds.example/",
        "javascript:alert(1)",
        "http://user:secret@feeds.example/",
        "http://feeds.example\\@127.0.0.1/",
    ],
)
def test_s11_each_hop_is_vetted_anew(location: str, site: Site, door: Http) -> None:
    site.replies["/"] = feeds.redirect(location)
    with pytest.raises(Blocked):
        door.request("GET", site.url)
    assert [request.path for request in site.requests] == ["/"]


def test_s11_a_chain_of_twenty_is_left_after_three(site: Site, door: Http) -> None:
    for hop in range(20):
        site.replies[f"/{hop}"] = feeds.redirect(f"/{hop + 1}")
    with pytest.raises(Blocked, match="more than 3 times"):
        door.request("GET", f"{site.url}/0")
    assert [request.path for request in site.requests] == ["/0", "/1", "/2", "/3"]


@pytest.mark.parametrize(
    "url",
    [
        "http://user:pass@feeds.example/",
        "http://user@feeds.example/",
        "http://feeds.example#@evil.example/",
        "http://feeds.example\\@evil.example/",
        "http://feeds.example\\.evil.example/",
        "http://feeds.example/\r\nX-Injected: 1",
        "http://feeds.example/a b",
        "http://feeds.example/\x00",
        "http://feeds.example/%00",
        "http://feeds.example/%0d%0aX-Injected:1",
        "http://feeds.example/%zz",
        "http://feeds%2eexample/",
        "http://feeds.example%00.evil.example/",
        "http://[fe80::1%25eth0]/",
        "http://[::1/",
        "http://feeds.example:port/",
        "http://feeds.example:99999/",
        "http:///path",
        "http://.feeds.example/",
        "http://feeds..example/",
        "http://-/%",
        "feeds.example/feed.xml",
        "file:///etc/passwd",
        "data:text/xml,<rss/>",
        "",
        "http://feeds.example/" + "a" * 5000,
    ],
)
def test_s12_an_address_of_bad_form_is_refused(url: str, connections: list[tuple[str, int]]) -> None:
    with pytest.raises(Blocked):
        Http(look_up=lambda host, port: [PUBLIC]).request("GET", url)
    assert connections == []


# when it stops ---------------------------------------------------------------------------------------


def limited(door: Http, url: str, **limits: Any) -> tuple[HttpError, float]:
    """The error that a request ends with, and after how many seconds."""
    began = monotonic()
    with pytest.raises(HttpError) as caught:
        door.request("GET", url, **limits)
    return caught.value, monotonic() - began


def test_s13_silence_ends_at_the_deadline(site: Site, door: Http) -> None:
    site.replies["/"] = feeds.hang()
    error, seconds = limited(door, site.url, seconds=0.2)
    assert isinstance(error, Lost)
    assert str(error) == "did not answer within 0.2 seconds"
    assert seconds < 1


def test_s13_a_byte_at_a_time_ends_at_the_deadline(site: Site, door: Http) -> None:
    site.replies["/"] = feeds.drip()
    error, seconds = limited(door, site.url, seconds=0.2)
    assert isinstance(error, Lost)
    assert seconds < 1


def test_s13_headers_a_byte_at_a_time_end_at_the_deadline() -> None:
    def drip(client: socket.socket) -> None:
        client.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not closing.wait(0.02):
            client.sendall(b"x")

    closing = threading.Event()
    with raw(drip, closing) as port:
        door = Http(frozenset({("127.0.0.1", port)}))
        error, seconds = limited(door, f"http://127.0.0.1:{port}/", seconds=0.2)
    assert isinstance(error, Lost)
    assert seconds < 1


def test_s13_redirects_share_one_deadline(site: Site, door: Http) -> None:
    for hop in range(4):
        site.replies[f"/{hop}"] = Reply(302, headers={"Location": f"/{hop + 1}"}, stall=0.15)
    error, seconds = limited(door, f"{site.url}/0", seconds=0.3)
    assert isinstance(error, Lost)
    assert seconds < 1


def test_s13_a_name_server_that_hangs_ends_at_the_deadline() -> None:
    waiting = threading.Event()

    def look_up(host: str, port: int) -> list[str]:
        waiting.wait(5)
        return [PUBLIC]

    error, seconds = limited(Http(look_up=look_up), "http://feeds.example/", seconds=0.1)
    waiting.set()
    assert isinstance(error, Unreachable)
    assert seconds < 1


def test_s13_an_endless_body_stops_at_the_limit(site: Site, door: Http) -> None:
    site.replies["/"] = feeds.endless()
    error, _ = limited(door, site.url)
    assert isinstance(error, TooBig)
    assert str(error) == "sent more than 2 MB"


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_s13_a_decompression_bomb_stops_early_in_little_memory(encoding: str, site: Site, door: Http) -> None:
    site.replies["/"] = feeds.bomb(1000, encoding)
    tracemalloc.start()
    error, _ = limited(door, site.url)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(error, TooBig)
    assert peak < 10_000_000


def test_s13_a_bomb_of_many_empty_parts_stops_too(site: Site, door: Http) -> None:
    site.replies["/"] = Reply(headers={"Content-Encoding": "gzip"}, chunks=repeat(gzip.compress(b"") * 1000))
    error, _ = limited(door, site.url, max_bytes=100_000)
    assert isinstance(error, TooBig)


def test_exactly_the_limit_is_taken(site: Site, door: Http) -> None:
    site.replies["/"] = Reply(body=b"x" * 1000)
    assert len(door.request("GET", site.url, max_bytes=1000).body) == 1000
    packed = gzip.compress(b"x" * 1000)
    site.replies["/"] = Reply(body=packed, headers={"Content-Encoding": "gzip"})
    assert len(door.request("GET", site.url, max_bytes=1000).body) == 1000
    with pytest.raises(TooBig):
        door.request("GET", site.url, max_bytes=999)


# what it brings --------------------------------------------------------------------------------------

RAW_DEFLATE = zlib.compressobj(wbits=-15)


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("identity", b"words " * 1000),
        ("gzip", gzip.compress(b"words " * 1000, mtime=0)),
        ("GZIP", gzip.compress(b"words " * 500, mtime=0) + gzip.compress(b"words " * 500, mtime=0)),
        ("deflate", zlib.compress(b"words " * 1000)),
        ("deflate", RAW_DEFLATE.compress(b"words " * 1000) + RAW_DEFLATE.flush()),
    ],
)
def test_a_packed_body_is_unpacked(encoding: str, packed: bytes, site: Site, door: Http) -> None:
    site.replies["/"] = Reply(body=packed, headers={"Content-Encoding": encoding})
    assert door.request("GET", site.url).body == b"words " * 1000


@pytest.mark.parametrize(
    ("encoding", "body", "reason"),
    [
        ("gzip", b"not gzip at all", "cannot be unpacked"),
        ("gzip", gzip.compress(b"words " * 1000, mtime=0)[:-9], "broke off"),
        ("br", b"\x0b\x02\x80words\x03", "did not ask for"),
        ("gzip, gzip", gzip.compress(gzip.compress(b"words", mtime=0), mtime=0), "did not ask for"),
    ],
)
def test_a_body_that_cannot_be_unpacked_is_lost(
    encoding: str, body: bytes, reason: str, site: Site, door: Http
) -> None:
    site.replies["/"] = Reply(body=body, headers={"Content-Encoding": encoding})
    with pytest.raises(Lost, match=reason):
        door.request("GET", site.url)


def test_a_body_shorter_than_promised_is_lost(site: Site, door: Http) -> None:
    def short(client: socket.socket) -> None:
        client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this")

    with raw(short) as port, pytest.raises(Lost):
        Http(frozenset({("127.0.0.1", port)})).request("GET", f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize(
    "said",
    [b"", b"\r\n", b"SSH-2.0-x\r\n", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n", b"\xff" * 100_000],
)
def test_what_is_not_http_is_lost(said: bytes) -> None:
    with raw(lambda client: client.sendall(said)) as port, pytest.raises(Lost):
        Http(frozenset({("127.0.0.1", port)})).request("GET", f"http://127.0.0.1:{port}/")


def test_says_who_it_is_and_asks_once(site: Site, door: Http) -> None:
    site.replies["/"] = Reply(503)
    answer = door.request("GET", site.url, headers={"Host": "other", "Accept": "text/xml"})
    assert answer.status == 503
    [request] = site.requests
    assert request.headers["user-agent"] == http.AGENT
    assert request.headers["host"] != "other"
    assert request.headers["accept"] == "text/xml"


def test_headers_come_in_small_letters(site: Site, door: Http) -> None:
    site.replies["/"] = Reply(body=b"x", headers={"ETag": '"1"', "X-Some-Thing": "Some"})
    headers = door.request("GET", site.url).headers
    assert headers["etag"] == '"1"'
    assert headers["x-some-thing"] == "Some"


def test_a_head_has_headers_only(site: Site, door: Http) -> None:
    answer = door.request("HEAD", site.url)
    assert (answer.status, answer.headers["content-length"], answer.body) == (200, "5", b"")


# redirects -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statuses", "moved"),
    [((301,), True), ((308, 301), True), ((302,), False), ((301, 302), False), ((307, 308), False)],
)
def test_only_a_chain_of_permanent_redirects_moves_an_address(
    statuses: tuple[int, ...], moved: bool, site: Site, door: Http
) -> None:
    for hop, status in enumerate(statuses):
        site.replies[f"/{hop}"] = feeds.redirect(f"/{hop + 1}", status)
    answer = door.request("GET", f"{site.url}/0")
    assert answer.url == f"{site.url}/{len(statuses)}"
    assert answer.moved == (answer.url if moved else "")


def test_an_answer_without_redirects_has_not_moved(door: Http, site: Site) -> None:
    assert door.request("GET", site.url).moved == ""


def test_authorization_stays_with_its_origin(site: Site) -> None:
    with Site() as other:
        door = Http(frozenset({(site.host, site.port), (other.host, other.port)}))
        site.replies["/away"] = feeds.redirect(f"{other.url}/back")
        other.replies["/back"] = feeds.redirect(f"{site.url}/end")
        site.replies["/near"] = feeds.redirect("/end")
        secret = {"Authorization": "Bearer test-token-not-a-secret"}
        door.request("GET", f"{site.url}/near", headers=secret)
        door.request("GET", f"{site.url}/away", headers=secret)
        assert ["authorization" in request.headers for request in other.requests] == [False]
        assert ["authorization" in request.headers for request in site.requests] == [True, True, True, False]


def test_a_post_is_never_redirected(site: Site, door: Http) -> None:
    site.replies["/"] = feeds.redirect("/elsewhere", 307)
    assert door.request("POST", site.url, body=b"{}").status == 307
    assert [(request.method, request.path) for request in site.requests] == [("POST", "/")]


def test_an_address_with_letters_of_any_language_is_followed(site: Site, door: Http) -> None:
    site.replies["/"] = feeds.redirect("/caf\u00e9?q=\u00e9".encode().decode("latin-1"))
    assert door.request("GET", site.url).url == f"{site.url}/caf%C3%A9?q=%C3%A9"


# was it sent? ----------------------------------------------------------------------------------------


def test_what_was_never_sent_is_unreachable(connections: list[tuple[str, int]]) -> None:
    with pytest.raises(Unreachable, match=r"feeds\.example could not be reached"):
        Http(look_up=names(feeds_example=[PUBLIC, "1.1.1.1"])).request(
            "POST", "http://feeds.example/", body=b"x"
        )
    assert connections == [(PUBLIC, 80), ("1.1.1.1", 80)]


def test_a_name_that_is_not_known_is_unreachable() -> None:
    with pytest.raises(Unreachable, match=r"the name nowhere\.example is not known"):
        Http(look_up=names()).request("POST", "https://nowhere.example/", body=b"x")


@pytest.mark.parametrize("reply", [Reply(drop=True), feeds.hang()])
def test_what_was_sent_without_an_answer_is_lost(reply: Reply, site: Site, door: Http) -> None:
    site.replies["/"] = reply
    with pytest.raises(Lost):
        door.request("POST", site.url, body=b"x", seconds=0.2)
    assert len(site.requests) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://feeds.example/?token=canary",
        "http://feeds.example:22/?token=canary",
        "http://a b/?token=canary",
    ],
)
def test_reasons_hold_no_secret(url: str) -> None:
    with pytest.raises(HttpError) as caught:
        Http(look_up=names()).request("GET", url)
    assert "canary" not in str(caught.value)


def test_odd_headers_do_not_put_the_address_into_the_log(caplog: pytest.LogCaptureFixture) -> None:
    def odd(client: socket.socket) -> None:
        client.sendall(b"HTTP/1.1 200 OK\r\n: nameless\r\nContent-Length: 2\r\n\r\nok")

    with raw(odd) as port, caplog.at_level(logging.DEBUG):
        Http(frozenset({("127.0.0.1", port)})).request("GET", f"http://127.0.0.1:{port}/?token=canary")
    assert "canary" not in caplog.text


# TLS -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and certificate for feeds.example, signed by themselves."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "feeds.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("feeds.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, plain
    )
    path = tmp_path_factory.mktemp("tls") / "feeds.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def secure(certificate: Path) -> Iterator[Site]:
    site = Site()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    site._http.socket = context.wrap_socket(site._http.socket, server_side=True)
    with site:
        yield site


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    http._tls.cache_clear()
    yield
    http._tls.cache_clear()


@pytest.mark.usefixtures("trusted")
def test_s10_the_certificate_is_checked_for_the_name_though_the_address_is_pinned(secure: Site) -> None:
    allow = frozenset({("feeds.example", secure.port), ("other.example", secure.port)})
    door = Http(allow, names(feeds_example=[secure.host], other_example=[secure.host]))
    assert door.request("GET", f"https://feeds.example:{secure.port}/").body == b"hello"
    with pytest.raises(Unreachable, match=r"other\.example has no valid certificate"):
        door.request("GET", f"https://other.example:{secure.port}/")


def test_an_unknown_signer_is_refused_before_anything_is_sent(secure: Site) -> None:
    door = Http(frozenset({("feeds.example", secure.port)}), names(feeds_example=[secure.host]))
    with pytest.raises(Unreachable, match="no valid certificate"):
        door.request("POST", f"https://feeds.example:{secure.port}/", body=b"x")
    assert secure.requests == []


def test_a_handshake_that_hangs_ends_at_the_deadline() -> None:
    closing = threading.Event()

    def silent(client: socket.socket) -> None:
        closing.wait(5)

    with raw(silent, closing) as port:
        door = Http(frozenset({("127.0.0.1", port)}))
        error, seconds = limited(door, f"https://127.0.0.1:{port}/", seconds=0.2)
    assert isinstance(error, Unreachable)
    assert str(error) == "did not answer within 0.2 seconds"
    assert seconds < 1


def test_plain_http_where_tls_was_meant_is_unreachable(site: Site, door: Http) -> None:
    with pytest.raises(Unreachable, match="no secure connection"):
        door.request("GET", site.url.replace("http:", "https:"))


# costs -----------------------------------------------------------------------------------------------


def test_importing_it_brings_neither_urllib3_nor_ssl() -> None:
    script = "import sys, chalicelib.http; print({'urllib3', 'ssl', 'http.client'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@contextmanager
def raw(speak: Callable[[socket.socket], None], closing: threading.Event | None = None) -> Iterator[int]:
    """A port where each caller is read once, spoken to, and hung up on."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        try:
            client, _ = listening.accept()
            with client:
                client.recv(65_536)
                speak(client)
        except OSError:
            return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listening.getsockname()[1]
    if closing:
        closing.set()
    listening.close()
    thread.join(2)
