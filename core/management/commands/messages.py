"""Keeps the Chinese catalogues: `manage.py messages [--check | --compile] [app ...]`.

Each app has a catalogue of its own; the one in the project's folder holds what belongs to none: core, config
and the shared templates. Msgids are English, so English needs no catalogue. Written in Python, because
gettext's programs are not on every machine that has to compile.
"""

import io
import re
from dataclasses import dataclass
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation.template import templatize

SHARED = ("core", "config")
LOCALE = "zh_Hans"
HEADER = (
    'msgid ""\nmsgstr ""\n"Language: zh_Hans\\n"\n"MIME-Version: 1.0\\n"\n'
    '"Content-Type: text/plain; charset=UTF-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
    '"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
)
KEYWORDS = dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"))
KEYWORDS |= dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2))
KEYWORDS |= dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2))
KEYWORDS |= dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3))
PLACEHOLDER = re.compile(r"%\(\w+\)[-\d.]*[a-z]|%[-\d.]*[sdf]|\{\w*\}")


@dataclass(frozen=True)
class Scope:
    """Whose texts one catalogue holds."""

    name: str
    locale: Path
    python: tuple[Path, ...]
    templates: tuple[Path, ...]

    @property
    def po(self) -> Path:
        return self.locale / LOCALE / "LC_MESSAGES" / "django.po"


def scopes(root: Path) -> list[Scope]:
    """The catalogues of the project in the folder `root`: one for what is shared, then one per app."""
    own = [config for config in apps.get_app_configs() if Path(config.path).parent == root]
    names = sorted(config.name for config in own if config.name not in SHARED)
    pages = root / "templates"
    of_apps = [pages / name for name in names]
    shared_pages = [
        page for page in pages.rglob("*.*") if not any(page.is_relative_to(folder) for folder in of_apps)
    ]
    return [
        Scope("core", root / "locale", python_in(*(root / name for name in SHARED)), tuple(shared_pages)),
        *(
            Scope(name, root / name / "locale", python_in(root / name), tuple((pages / name).rglob("*.*")))
            for name in names
        ),
    ]


def python_in(*folders: Path) -> tuple[Path, ...]:
    return tuple(
        path for folder in folders for path in folder.rglob("*.py") if "migrations" not in path.parts
    )


def texts_of(source: str, *, template: bool):
    """Every translatable text of one file, as (context, msgid) with msgid a pair where it has a plural."""
    if template:
        # Outside of texts only a blanked-out page is left; its indentation is none that Python would accept.
        source = "\n".join(line.lstrip() for line in templatize(source).splitlines())
    for _line, text, _comments, context in extract("python", io.BytesIO(source.encode()), KEYWORDS):
        if text:
            yield context, text


def wanted(scope: Scope) -> dict:
    """What the catalogue must hold: {(context, msgid): text}."""
    found = {}
    for paths, template in ((scope.python, False), (scope.templates, True)):
        for path in paths:
            for context, text in texts_of(path.read_text("utf-8"), template=template):
                one = text[0] if isinstance(text, tuple) else text
                # A plural says more than the same words without one.
                if isinstance(text, tuple) or (context, one) not in found:
                    found[context, one] = text
    return found


def stored(po: Path) -> dict[tuple, Message]:
    """What the catalogue file holds, by (context, msgid)."""
    if not po.exists():
        return {}
    with po.open("rb") as file:
        catalogue = read_po(file, ignore_obsolete=True)
    return {(m.context, m.id[0] if isinstance(m.id, tuple) else m.id): m for m in catalogue if m.id}


def translation(message: Message | None) -> str:
    """The one Chinese form there is, plural or not; "" when it is still to be written."""
    if message is None or message.fuzzy:
        return ""
    return (message.string[0] if isinstance(message.string, tuple | list) else message.string) or ""


def faults(scope: Scope) -> list[str]:
    """What keeps the catalogue from being complete, one sentence each."""
    want, have = wanted(scope), stored(scope.po)
    found = []
    for key, text in sorted(want.items(), key=lambda item: str(item)):
        if key not in have:
            found.append(f"missing: {key[1]!r}")
        elif not translation(have[key]):
            found.append(f"not translated: {key[1]!r}")
        else:
            english = text if isinstance(text, tuple) else (text,)
            allowed = {mark for form in english for mark in PLACEHOLDER.findall(form)}
            strange = set(PLACEHOLDER.findall(translation(have[key]))) - allowed
            lost = set(PLACEHOLDER.findall(english[-1])) - set(PLACEHOLDER.findall(translation(have[key])))
            if strange or lost:
                found.append(f"other placeholders than in English: {key[1]!r}")
    found += [f"no longer used: {key[1]!r}" for key in have if key not in want]
    return [f"{scope.name}: {fault}" for fault in found]


def update(scope: Scope) -> int:
    """Bring the file in line with the sources, keeping every translation; return how many lack one."""
    want, have = wanted(scope), stored(scope.po)
    if not want and not have:
        return 0
    catalogue, missing = Catalog(locale=LOCALE), 0
    for (context, one), text in want.items():
        chinese = translation(have.get((context, one)))
        missing += not chinese
        catalogue.add(text, (chinese,) if isinstance(text, tuple) else chinese, context=context)
    body = io.BytesIO()
    write_po(body, catalogue, no_location=True, omit_header=True, sort_output=True, width=110)
    scope.po.parent.mkdir(parents=True, exist_ok=True)
    scope.po.write_text(HEADER + body.getvalue().decode().strip() + "\n", "utf-8")
    return missing


def compile_catalogue(scope: Scope) -> None:
    """Write the .mo beside the .po, which is what Django reads."""
    if scope.po.exists():
        with scope.po.open("rb") as file:
            catalogue = read_po(file, locale=LOCALE, ignore_obsolete=True)
        with scope.po.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogue)


class Command(BaseCommand):
    help = "Extract the texts of the apps into their catalogues and compile these."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("apps", nargs="*", help="only these (core: what is shared); without any, all")
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--check", action="store_true", help="change nothing; exit 1 naming every fault")
        how.add_argument("--compile", action="store_true", help="only compile")

    def handle(self, *, check, compile, **options):
        chosen = self._chosen(options["apps"])
        if check:
            if found := [fault for scope in chosen for fault in faults(scope)]:
                raise CommandError("\n".join(["The catalogues are not complete.", *found]))
            return
        for scope in chosen:
            if not compile:
                missing = update(scope)
                self.stdout.write(
                    f"{scope.name}: {missing} to translate" if missing else f"{scope.name}: complete"
                )
            compile_catalogue(scope)

    def _chosen(self, names):
        every = scopes(settings.BASE_DIR)
        if unknown := set(names) - {scope.name for scope in every}:
            raise CommandError(f"There is no catalogue named {', '.join(sorted(unknown))}.")
        return [scope for scope in every if not names or scope.name in names]
