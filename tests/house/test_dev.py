"""The parts of dev.py that decide something, without installing anything."""

import ast
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

import dev


@pytest.mark.parametrize(
    ("version", "words"),
    [((3, 10, 4), "this is 3.10"), ((3, 6, 0), "this is 3.6"), ((2, 7, 18), "this is 2.7")],
)
def test_an_old_python_is_refused_in_two_languages(version, words):
    refusal = dev.refusal(version)

    assert words in refusal
    assert refusal.startswith("需要 Python 3.11")


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 14, 2), (4, 0, 0)])
def test_a_new_python_is_not_refused(version):
    assert dev.refusal(version) == ""


@pytest.mark.parametrize(
    ("printed", "enough"),
    [("v20.0.0", True), ("v24.19.0", True), ("v18.20.4", False), ("v8.1", False), ("", False)],
)
def test_node_must_be_twenty_or_newer(printed, enough):
    assert dev.is_new_enough(printed) is enough


def test_a_mirror_that_pip_is_configured_with_is_handed_to_uv():
    configured = {"index-url": "https://mirror.example.com/simple", "cert": "/etc/company.pem"}

    env = dev.for_uv({"HOME": "/home/li"}, lambda name: configured[name])

    assert env == {
        "HOME": "/home/li",
        "UV_DEFAULT_INDEX": "https://mirror.example.com/simple",
        "SSL_CERT_FILE": "/etc/company.pem",
    }


def test_what_is_said_in_the_environment_goes_before_what_pip_is_configured_with():
    def pip_says(name):
        return "configured"

    assert dev.for_uv({"PIP_INDEX_URL": "said"}, pip_says)["UV_DEFAULT_INDEX"] == "said"
    assert dev.for_uv({"UV_DEFAULT_INDEX": "said"}, pip_says)["UV_DEFAULT_INDEX"] == "said"


def test_without_any_mirror_uv_is_left_alone():
    env = dev.for_uv({"HOME": "/home/li"}, lambda name: "")

    assert not {"UV_DEFAULT_INDEX", "SSL_CERT_FILE"} & env.keys()


def test_restarts_come_more_and_more_slowly():
    assert [dev.pause_before(n) for n in range(1, 8)] == [1, 2, 4, 8, 16, 30, 30]


def test_the_trial_key_is_made_once_and_only_its_owner_may_read_it(tmp_path, monkeypatch):
    monkeypatch.setattr(dev, "VAR", tmp_path)

    dev.write_dev_env()
    first = (tmp_path / "dev.env").read_text()
    dev.write_dev_env()

    assert (tmp_path / "dev.env").read_text() == first
    assert (tmp_path / "dev.env").stat().st_mode & 0o777 == 0o600
    assert dev.for_manage({})["DEBUG"] == "1"
    assert len(dev.for_manage({})["SECRET_KEY"]) > 50


def test_an_environment_that_speaks_for_itself_is_not_loosened(tmp_path, monkeypatch):
    monkeypatch.setattr(dev, "VAR", tmp_path)
    dev.write_dev_env()

    assert "DEBUG" not in dev.for_manage({"SECRET_KEY": "real"})
    assert "SECRET_KEY" not in dev.for_manage({"DEBUG": "0"})


def test_links_in_mails_lead_to_the_port_that_is_served_unless_a_name_is_given():
    given = {"DEBUG": "1"}

    assert dev.for_servers(given, "127.0.0.1", 8123)["SITE_URL"] == "http://127.0.0.1:8123"
    assert dev.for_servers({**given, "SITE_URL": "http://lan"}, "0.0.0.0", 80)["SITE_URL"] == "http://lan"


def test_work_is_repeated_only_when_its_files_change_or_its_result_is_gone(tmp_path, monkeypatch):
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    source, result = tmp_path / "lock.txt", tmp_path / "made"
    source.write_text("a")
    done = []

    def work():
        done.append(1)
        result.touch()

    dev.only_when_changed(result, [source], work)
    dev.only_when_changed(result, [source], work)
    assert len(done) == 1

    source.write_text("b")
    dev.only_when_changed(result, [source], work)
    assert len(done) == 2

    result.unlink()
    dev.only_when_changed(result, [source], work)
    assert len(done) == 3


def test_a_taken_port_is_noticed():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        assert dev.is_taken("127.0.0.1", port)
        assert not dev.answers("127.0.0.1", 1)

    assert not dev.is_taken("127.0.0.1", port)


def test_a_server_that_ends_is_started_again_and_its_descendants_do_not_live_on():
    leaves_one_behind = "import subprocess; subprocess.Popen(['sleep', '20'])"
    child = dev.Child("x", [sys.executable, "-c", leaves_one_behind], {})
    first = subprocess.Popen(child.command, stdout=subprocess.PIPE, start_new_session=True)
    first.wait()
    child.process, child.started = first, time.monotonic()

    child.look_after()

    assert (child.process, child.restarts) == (None, 1)
    assert first.communicate(timeout=10) == (b"", None)  # nobody holds its output any more

    child.not_before = 0
    child.look_after()
    assert child.process.wait(20) == 0
    child.stop(time.monotonic())


def test_alone_it_lists_its_words():
    shown = subprocess.run([sys.executable, dev.__file__], capture_output=True, text=True)

    assert shown.returncode == 0
    assert [line.split()[0] for line in shown.stdout.splitlines()[1:]] == [
        "run",
        "test",
        "setup",
        "check",
        "bench",
        "screenshots",
    ]


def test_an_unknown_word_is_refused_with_the_list():
    shown = subprocess.run([sys.executable, dev.__file__, "build"], capture_output=True, text=True)

    assert shown.returncode == 2
    assert "usage" in shown.stdout


def test_even_python_3_6_can_read_the_script_up_to_its_refusal():
    source = Path(dev.__file__).read_text("utf-8")

    assert ast.parse(source, feature_version=(3, 6))
