"""What the documents and locks promise."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_the_readme_lists_every_variable_of_the_settings_and_no_other():
    settings = (ROOT / "config" / "settings.py").read_text("utf-8")
    readme = (ROOT / "README.md").read_text("utf-8")
    table = readme.split("## Configuration")[1].split("\n\n`dev.py")[0]

    assert sorted(re.findall(r"^\| `([A-Z_]+)`", table, re.MULTILINE)) == sorted(
        re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', settings)
    )


@pytest.mark.parametrize(
    "lock", [*(ROOT / "requirements").glob("*.txt"), ROOT / "package-lock.json"], ids=str
)
def test_a_lock_says_what_to_install_and_never_from_where(lock):
    text = lock.read_text("utf-8")

    assert "://" not in text
    assert "sha256:" in text or "sha512-" in text


def test_every_link_between_the_documents_leads_somewhere():
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    links = [
        (page, link) for page in pages for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8"))
    ]

    assert [(page.name, link) for page, link in links if not (page.parent / link).exists()] == []


def test_no_third_party_file_and_nothing_made_at_set_up_is_in_the_repository():
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()

    assert [name for name in tracked if re.search(r"^(var|node_modules)/|\.mo$|\.min\.(js|css)$", name)] == []


def test_the_glossary_names_only_what_the_code_knows():
    apps = ("core", "members", "notifications", "care", "studios", "projects", "achievements", "reports")
    code = " ".join(
        path.relative_to(ROOT).as_posix() + " " + path.read_text("utf-8")
        for app in apps
        for path in (ROOT / app).rglob("*.py")
        if "migrations" not in path.parts
    )
    words = set(re.findall(r"\w+", code.replace("/", " ").replace(".py", " ")))
    named = re.findall(r"`([\w.]+)`", (ROOT / "docs" / "glossary.md").read_text("utf-8"))

    assert [name for name in named if not set(name.split(".")) <= words] == []
