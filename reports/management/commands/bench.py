"""``manage.py bench``: how long things take, as ratios to the barest thing that does the same.

Everything runs on scratch databases behind a real gunicorn on this machine; each number is the median of
several rounds in which the things that are compared take turns.
"""

import http.client
import json
import time
from collections.abc import Callable
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import openpyxl
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management.base import BaseCommand
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.calendar import Period
from members.models import User
from projects.models import PlanItem, ProgressEntry
from projects.progress import report
from reports import felt, trial
from reports.ledger.reading import read
from studios.models import Membership

PAGES = {"studio list": "/studios/", "group overview": "/overview/{month}/", "workbench": "/"}
#: The lead's first screen: who opens it, and the budget of its HTML, style sheets and scripts as they travel.
LEAD, MONTH_PAGE, BUDGET = "lead", "month page", 150_000
#: As the trial site calls it, which listens on plain HTTP.
SESSION_COOKIE = settings.SESSION_COOKIE_NAME.removeprefix("__Host-")
REQUESTS = 10
WRITES = 20


class Command(BaseCommand):
    help = "Print how long the main acts take, as ratios to a bare one, at two sizes of the group."

    def add_arguments(self, parser):
        parser.add_argument("--sizes", type=int, nargs=2, default=[52, 520], help="studios (52 520)")
        parser.add_argument("--rounds", type=int, default=7, help="rounds to take the median of (7)")
        parser.add_argument("--inside", action="store_true", help="measure this very database, print JSON")

    def handle(self, *, sizes, rounds, inside, **options):
        if inside:
            self.stdout.write(json.dumps(measure_inside(rounds)))
            return
        with ExitStack() as stack:
            sites = {}
            for size in sizes:
                self.stderr.write(f"making a group of {size} studios …")
                began = time.monotonic()
                sites[size] = stack.enter_context(trial.site(studios=size, debug=False))
                self.stderr.write(f"  {time.monotonic() - began:.0f} s")
            self._ledger(sites[sizes[0]], rounds)
            known = {
                size: json.loads(trial.manage(site, "bench", "--inside", "--rounds", str(rounds)))
                for size, site in sites.items()
            }
            self._writes(known)
            self._pages(sites, known, rounds)
            self._felt(sites[sizes[0]], known[sizes[0]], rounds)

    def _ledger(self, site: trial.Site, rounds: int) -> None:
        with TemporaryDirectory(prefix="xinhuo-bench-") as folder:
            file = Path(folder) / "ledger.xlsx"
            trial.manage(site, "export_ledger", str(file))
            ours, bare = in_turns(rounds, lambda: read(file), lambda: read_bare(file))
        self.stdout.write(f"\nreading the ledger of {file.name}: {ours:.2f} s, with every check")
        self.stdout.write(f"  openpyxl alone: {bare:.2f} s   ratio {ours / bare:.2f}")

    def _writes(self, known: dict) -> None:
        for size, found in known.items():
            ours, bare = found["report"], found["insert"]
            self.stdout.write(f"\none progress report with its sums, {size} studios: {ours * 1000:.1f} ms")
            self.stdout.write(f"  one bare insert: {bare * 1000:.1f} ms   ratio {ours / bare:.2f}")

    def _pages(self, sites: dict, known: dict, rounds: int) -> None:
        month = Period.containing(timezone.localdate()).key
        asks = {}
        for size, site in sites.items():
            asks[size, "hello"] = asking(site, "/hello", "")
            for name, path in PAGES.items():
                asks[size, name] = asking(site, path.format(month=month), known[size]["session"])
            asks[size, MONTH_PAGE] = asking(site, known[size]["month_page"], known[size]["lead_session"])
        times = dict(zip(asks, in_turns(rounds, *asks.values()), strict=True))
        for size in sites:
            bare = times[size, "hello"] / REQUESTS
            self.stdout.write(f"\n{size} studios, gunicorn on this machine; hello world {bare * 1000:.1f} ms")
            for name in known[size]["queries"]:
                took = times[size, name] / REQUESTS
                queries = known[size]["queries"][name]
                self.stdout.write(
                    f"  {name:<16}{took * 1000:8.1f} ms   ratio {took / bare:6.1f}   {queries} queries"
                )

    def _felt(self, site: trial.Site, known: dict, rounds: int) -> None:
        cookie = {"name": SESSION_COOKIE, "value": known["lead_session"], "url": site.url}
        with trial.browser() as opened:
            found = felt.month_page(opened, site.url + known["month_page"], cookie, rounds=rounds)
        parts = ", ".join(f"{kind} {size / 1000:.0f}" for kind, size in found.bytes.items())
        self.stdout.write(f"\nthe month page in Chromium, processor {felt.SLOWER} times slower")
        self.stdout.write(
            f"  weight as it travels: {found.weight / 1000:.0f} kB of {BUDGET // 1000} ({parts})"
            + ("" if found.weight < BUDGET else "   OVER THE BUDGET")
        )
        self.stdout.write(f"  largest part painted after {found.painted:.0f} ms")
        for act, took in found.acts.items():
            self.stdout.write(f"  {act:<16}{'<16' if took < 16 else f'{took:.0f}'} ms to the next picture")


def in_turns(rounds: int, *acts: Callable[[], object]) -> list[float]:
    """The median seconds of each act; they take turns, so that a disturbance meets all alike."""
    times: list[list[float]] = [[] for _act in acts]
    for _round in range(rounds):
        for took, act in zip(times, acts, strict=True):
            began = time.perf_counter()
            act()
            took.append(time.perf_counter() - began)
    return [median(took) for took in times]


def read_bare(file: Path) -> int:
    """Every value of the workbook, read by openpyxl the quick way and thrown away."""
    workbook = openpyxl.load_workbook(file, read_only=True)
    count = sum(len(row) for sheet in workbook for row in sheet.iter_rows(values_only=True))
    workbook.close()
    return count


def asking(site: trial.Site, path: str, session: str) -> Callable[[], None]:
    """Ask for a page so many times over one connection; RuntimeError if it is anything but the page."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    cookie = {"Cookie": f"{SESSION_COOKIE}={session}"} if session else {}

    def ask() -> None:
        for _request in range(REQUESTS):
            connection.request("GET", path, headers=cookie)
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{path} answered {answer.status}")

    ask()
    return ask


def measure_inside(rounds: int) -> dict:
    """Sessions of the demo's officer and lead, queries of pages, the seconds of a report and of an insert."""
    officer, lead = (User.objects.get(username=name) for name in ("group-staff", LEAD))
    month = Period.containing(timezone.localdate()).key
    studio = next(pk for pk, role in lead.studio_roles.items() if role == Membership.Role.LEAD)
    month_page = reverse("month", args=[studio, month])
    pages = {name: path.format(month=month) for name, path in PAGES.items()}
    return {
        "session": _session_of(officer),
        "lead_session": _session_of(lead),
        "month_page": month_page,
        "queries": _queries(officer, pages) | _queries(lead, {MONTH_PAGE: month_page}),
        **_seconds(officer, rounds),
    }


def _session_of(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session.session_key


def _queries(user: User, pages: dict[str, str]) -> dict[str, int]:
    client = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    counts = {}
    for name, path in pages.items():
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        counts[name] = len(queries)
    return counts


def _seconds(user: User, rounds: int) -> dict[str, float]:
    item = PlanItem.objects.filter(plan__kind="month", parent__isnull=False, state="in_progress").first()
    percents = iter(range(10**9))

    def reports() -> None:
        for _write in range(WRITES):
            report(item, by=user, at=timezone.now(), percent=Decimal(next(percents) % 99 + 1))

    def inserts() -> None:
        for _write in range(WRITES):
            ProgressEntry.objects.create(
                item=item, by=user, at=timezone.now(), state_before="in_progress", state_after="in_progress"
            )

    ours, bare = in_turns(rounds, reports, inserts)
    return {"report": ours / WRITES, "insert": bare / WRITES}
