"""The local run changes what it must in AWS's template, and says in words what keeps it from starting."""

import json
import os
import re
import shutil
import signal
import socket
import stat
import zipfile
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chalicelib.brandfile.file import read
from infra.local import adapt, port, run
from infra.local.emulator import HOST, Emulator, EmulatorError, free_port
from infra.local.unpacked import unpacked
from infra.local.world import EXAMPLE
from infra.package import package

NOW = datetime(2026, 11, 23, 8, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def template() -> Any:
    return json.loads(package("prod").template.read_text())


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server((HOST, 0)) as listener:
        yield listener.getsockname()[1]


def test_the_local_template_differs_from_aws_in_five_things_and_no_more(template: Any) -> None:
    local = adapt.adapted(
        deepcopy(template),
        endpoint="http://localhost:8640",
        code=Path("/data/code/local-1"),
        allow=["127.0.0.1:8641"],
    )
    ours, theirs = (one["Globals"]["Function"]["Environment"]["Variables"] for one in (local, template))

    assert ours.pop("HTTP_ALLOW") == "localhost:8640,127.0.0.1:8641"
    assert ours.pop("PYTHONPATH") == "/data/code/local-1"
    assert ours.pop("JWKS_URL") == {"Fn::Sub": "http://localhost:8640/${UserPool}/.well-known/jwks.json"}
    assert theirs.pop("JWKS_URL") != ours.get("JWKS_URL")
    for here, there in zip(adapt._told(local), adapt._told(template), strict=True):
        assert here.pop("WEBHOOK_URL")["Fn::Join"][1][2] == ".localhost:8640/"
        assert there.pop("WEBHOOK_URL") == {"Fn::GetAtt": ["ReceiveWebhookUrl", "FunctionUrl"]}
    for policy in ("QueuesOverTls", "BucketOverTls"):
        del template["Resources"][policy]
    same = json.dumps(local).replace(', "sqs:SendMessageBatch"', "")
    assert json.loads(same) == template


def test_lambdas_of_this_machine_find_the_package_as_it_is_and_no_older_one(tmp_path: Path) -> None:
    made = package("prod")
    (tmp_path / "code" / "local-older").mkdir(parents=True)

    named, folder = unpacked(made, tmp_path)

    with zipfile.ZipFile(made.zip) as whole:
        files = {file for file in whole.namelist() if not file.endswith("/")}
        assert {str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file()} == files
        assert all((folder / file).read_bytes() == whole.read(file) for file in files)
    with zipfile.ZipFile(named.zip) as small:
        assert small.read("package.txt").decode() == made.zip.parent.name
    assert (named.template, sorted(each.name for each in folder.parent.iterdir())) == (
        made.template,
        sorted((folder.name, named.zip.name)),
    )


def test_what_is_unpacked_stays_until_there_is_another_package(tmp_path: Path) -> None:
    made = package("prod")
    _, folder = unpacked(made, tmp_path)
    (folder / "kept").touch()
    unpacked(made, tmp_path)
    assert (folder / "kept").exists()

    other = shutil.copytree(made.zip.parent, tmp_path / "local-other")
    unpacked(replace(made, zip=other / made.zip.name), tmp_path)

    assert not folder.exists()


def test_a_taken_port_is_told_with_the_program_and_the_way_out(taken: int) -> None:
    with pytest.raises(port.PortTaken) as told:
        port.must_be_free(taken, HOST)

    assert str(os.getpid()) in str(told.value)
    assert f"make run PORT={taken + 60}" in str(told.value)
    port.must_be_free(free_port(), HOST)


def test_nothing_is_started_on_a_taken_port(
    taken: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"

    assert run.main(["--port", str(taken), "--data", str(data)]) == 1
    assert str(taken) in capsys.readouterr().err
    assert not data.exists()


def test_a_bad_brand_file_names_every_fault_and_starts_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, data = tmp_path / "brand.yaml", tmp_path / "data"
    file.write_text("name: Brand\nzone: Europe/Nowhere\nlanguages: [xx]\n")

    assert run.main(["--brand", str(file), "--data", str(data)]) == 2
    told = capsys.readouterr().err
    assert len(re.findall(r"(?m)^line \d+: ", told)) >= 3, told
    assert not data.exists()


def test_one_folder_serves_one_run(tmp_path: Path) -> None:
    first, second = run._alone(tmp_path / "data"), run._alone(tmp_path / "data")
    with first, pytest.raises(EmulatorError, match=rf"runs already.*process {os.getpid()}"):
        second.__enter__()
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700

    with run._alone(tmp_path / "data"):
        pass


def test_the_emulator_gets_nothing_of_the_users_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It hands its own environment to every Lambda."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "GITHUB_TOKEN", "PYTHONPATH"):
        monkeypatch.setenv(name, "not-for-lambdas")
    environment = Emulator(tmp_path, 8640)._environment(tmp_path)

    assert "not-for-lambdas" not in environment.values()
    assert environment["BIND_HOST"] == "127.0.0.1"
    assert environment["AUTH"] == "true"


def test_an_emulator_that_cannot_start_says_what_it_said(tmp_path: Path, taken: int) -> None:
    emulator = Emulator(tmp_path, taken)

    with pytest.raises(EmulatorError, match="already in use"):
        emulator.start()
    emulator.stop()
    assert not emulator.is_alive()


def test_what_only_the_owner_may_read(tmp_path: Path) -> None:
    adapt.write_private(tmp_path / "secret", "not-a-real-secret")

    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_the_webhook_address_is_the_emulators() -> None:
    outputs = {"WebhookUrl": "https://abc.lambda-url.eu-west-1.on.aws/"}

    assert adapt.webhook_url(outputs, 8640) == "http://abc.lambda-url.eu-west-1.localhost:8640/"


@pytest.mark.parametrize(
    ("data", "reset"), [(run.DATA, "`make reset` throws"), (Path("/srv/webspin"), "Throw that folder away")]
)
def test_the_closing_words_name_the_folder_that_is_used(data: Path, reset: str) -> None:
    told = run._welcome(
        run.Place("http://x", "http://y/", "e", "p"), read(EXAMPLE, now=NOW), data, example=True
    )
    assert f"kept in {data}/. {reset}" in told


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_stops_in_order_also_where_the_shell_had_the_signal_ignored(number: signal.Signals) -> None:
    """As it has SIGINT for what a script starts with `&`."""
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        signal.signal(number, signal.SIG_IGN)
        run._stop_in_order()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(number)
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def test_elsewhere_than_on_linux_it_says_what_was_not_tried() -> None:
    assert run.machine_note("linux") == ""
    said = run.machine_note("darwin")
    assert said.startswith("This is macOS.")
    assert "should work" in said
    assert "Not tried" in said
