"""A site of its own for trying things out: a scratch database with the demo group behind a real server.

Used by ``bench`` and ``screenshots``; touches nothing of the site it is started from, leaves nothing behind.
"""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

#: Seconds until the server must have answered for the first time.
PATIENCE = 60

#: For a browser that talks to this machine alone.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Site:
    """Where it listens, and the environment in which ``manage.py`` speaks of it."""

    port: int
    env: dict[str, str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def site(*, studios: int, debug: bool = True) -> Iterator[Site]:
    """A running site with a demo group of so many studios, on a free port of this machine.

    Without ``debug`` it runs as in production, over plain HTTP.
    """
    with tempfile.TemporaryDirectory(prefix="xinhuo-trial-", ignore_cleanup_errors=True) as folder:
        trial = Site(_free_port(), _environment(Path(folder), debug=debug))
        manage(trial, "migrate", "--verbosity", "0")
        manage(trial, "demo", "--force", "--studios", str(studios))
        if not debug:
            manage(trial, "collectstatic", "--no-input", "--verbosity", "0")
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "reports.trial_wsgi", "--worker-class", "gthread"),
                *("--workers", "1", "--threads", "2", "--no-control-socket", "--log-level", "warning"),
                *("--keep-alive", "75"),
                *("--bind", f"127.0.0.1:{trial.port}"),
            ],
            cwd=settings.BASE_DIR,
            env=trial.env,
        )
        try:
            _wait_for(trial, server)
            yield trial
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


@contextmanager
def browser() -> Iterator[Any]:
    """The machine's own Chromium, or the one that Playwright finds. ImportError without Playwright."""
    from playwright.sync_api import sync_playwright

    names = ("chromium", "chromium-browser", "google-chrome")
    own = next((found for name in names if (found := shutil.which(name))), None)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=own, args=QUIET)
        try:
            yield opened
        finally:
            opened.close()


def manage(trial: Site, *words: str) -> str:
    """Run a command of the trial site; what it printed. CalledProcessError where it fails."""
    command = [sys.executable, "manage.py", *words]
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, env=trial.env, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def _environment(folder: Path, *, debug: bool) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if name != "REDIS_URL"},
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "VAR_DIR": str(folder),
        "DEBUG": "1" if debug else "0",
        "SECRET_KEY": "only for this trial",
        "ALLOWED_HOSTS": "127.0.0.1",
        "INSECURE_HTTP": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(trial: Site, server: subprocess.Popen) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if server.poll() is not None:
            raise RuntimeError(f"The trial server ended with {server.returncode}.")
        connection = http.client.HTTPConnection("127.0.0.1", trial.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.2)
        finally:
            connection.close()
    raise RuntimeError("The trial server does not answer.")
