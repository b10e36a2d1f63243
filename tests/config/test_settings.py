"""How the site starts, asked of a real process with a bare environment."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {"DEBUG": "0", "SECRET_KEY": "s" * 50, "ALLOWED_HOSTS": "xinhuo.example.com"}


def start(tmp_path, show="''", **environment):
    """Load the settings in a process of its own; return it finished, having printed the expression `show`."""
    bare = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path)}
    return subprocess.run(
        [sys.executable, "-c", f"from config import settings as s; print({show})"],
        cwd=ROOT,
        env=bare | environment,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS"])
def test_with_debug_off_a_start_without_key_or_hosts_is_refused_in_a_clear_sentence(tmp_path, missing):
    given = {name: value for name, value in PRODUCTION.items() if name != missing}

    process = start(tmp_path, **given)

    assert process.returncode == 1
    assert f"ImproperlyConfigured: {missing} is not set. Set it to" in process.stderr


def test_a_production_start_never_takes_debug_from_a_left_over_trial_file(tmp_path):
    (tmp_path / "dev.env").write_text("DEBUG=1\nSECRET_KEY=trial\n")
    environment = {name: value for name, value in PRODUCTION.items() if name != "DEBUG"}

    process = start(tmp_path, show="s.DEBUG, s.SECRET_KEY == 's' * 50", **environment)

    assert process.stdout == "False True\n"


def test_after_setup_manage_py_works_with_nothing_in_the_environment(tmp_path):
    (tmp_path / "dev.env").write_text("DEBUG=1\nSECRET_KEY=trial\n")

    process = start(tmp_path, show="s.DEBUG, s.SECRET_KEY")

    assert process.stdout == "True trial\n"


def test_production_sends_cookies_over_https_only(tmp_path):
    shown = "s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS"

    process = start(tmp_path, show=shown, **PRODUCTION)

    assert process.stdout == "True True True 31536000\n"


def test_an_intranet_without_https_says_so_and_is_served_over_plain_http(tmp_path):
    process = start(tmp_path, show="hasattr(s, 'SECURE_SSL_REDIRECT')", INSECURE_HTTP="1", **PRODUCTION)

    assert process.stdout == "False\n"


def test_without_servers_the_embedded_default_keeps_everything_in_one_folder(tmp_path):
    shown = "s.DATABASES['default']['NAME'], s.CELERY_BROKER_URL, s.EMAIL_FILE_PATH, s.MEDIA_ROOT"

    process = start(tmp_path, show=shown, DEBUG="1")

    assert process.stdout == (
        f"{tmp_path}/db.sqlite3 filesystem://localhost {tmp_path}/mail {tmp_path}/media\n"
    )


def test_redis_and_postgresql_are_taken_from_the_environment(tmp_path):
    shown = "s.DATABASES['default']['ENGINE'], s.CELERY_BROKER_URL, s.CACHES['default']['LOCATION']"
    servers = {"DATABASE_URL": "postgres://u:p@127.0.0.1/x", "REDIS_URL": "redis://127.0.0.1:6379/1"}

    process = start(tmp_path, show=shown, **servers, **PRODUCTION)

    assert (
        process.stdout == "django.db.backends.postgresql redis://127.0.0.1:6379/1 redis://127.0.0.1:6379/1\n"
    )
