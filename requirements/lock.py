"""Makes the locks anew from the .in files and package.json: `python3 requirements/lock.py`, after a setup.

Without arguments everything moves to the newest allowed version; `--keep` only adds and drops what changed.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))

import dev  # noqa: E402

# One lock for every system and Python from 3.11 on, without any trace of where it was made.
OPTIONS = "--universal --python-version 3.11 --generate-hashes --quiet"
OPTIONS += " --no-emit-index-url --no-annotate --no-header"


def without_addresses(lock: dict) -> dict:
    """The npm lock without the links to sponsors that npm adds to each package."""
    for package in lock["packages"].values():
        package.pop("funding", None)
    return lock


def main(*, keep: bool) -> None:
    def pip_says(name: str) -> str:
        return dev.output(dev.PYTHON, "-m", "pip", "config", "get", f"global.{name}")

    env = dev.for_uv(dev.os.environ, pip_says)
    for source in sorted(HERE.glob("*.in")):
        if not keep:
            source.with_suffix(".txt").unlink(missing_ok=True)
        command = [
            dev.PYTHON,
            "-m",
            "uv",
            "pip",
            "compile",
            *OPTIONS.split(),
            source.name,
            "-o",
            f"{source.stem}.txt",
        ]
        subprocess.run([str(part) for part in command], cwd=HERE, env=env, check=True)
    file = ROOT / "package-lock.json"
    if not keep:
        file.unlink(missing_ok=True)
    npm = shutil.which("npm") or sys.exit("npm is needed to lock the npm packages.")
    subprocess.run([npm, "install", "--package-lock-only", "--loglevel=error"], cwd=ROOT, check=True)
    text = json.dumps(without_addresses(json.loads(file.read_text("utf-8"))), indent=2, ensure_ascii=False)
    file.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main(keep="--keep" in sys.argv[1:])
