"""The machinery of the permission walk: two worlds alike, and a request to any address as anybody."""

import csv
import io
import zipfile
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from core.models import Job, SavedView, Undo, WorkdayOverride
from members.models import Person, Role
from notifications.models import Digest, Notice
from projects import coordination
from projects.models import Consequence, Evidence, Indicator, Plan, PlanItem, Problem, ProgressEntry, Topic
from reports.models import LedgerUpload
from studios import attending, bin
from studios.models import Activity, Membership, Rule
from tests.conftest import grant, make_user
from tests.studios.applications import application_of

TABLE = Path(__file__).with_name("permissions.csv")
NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE")

#: What only those may read who see 二厂: it stands in every text of the foreign world.
CANARY = "赤兔暗号"

#: The columns of the table, each with its player in the cast. All that have a unit have 一厂.
PRINCIPALS = {
    "anonymous": None,
    "member": "wang",
    "lead": "chen",
    "liaison": "lin",
    "contact": "sun",
    "staff": "li",
    "admin": "zhou",
    "leader": "tang",
    "system": "feng",
    "nobody": "xu",
}
#: The system administrator keeps the logins, so he reads the names of all.
SEES_ALL = {"staff", "admin", "system"}


def table():
    """The hand-written table: {(address, verb): {principal: (code for own, code for foreign)}}."""
    with TABLE.open(encoding="utf-8") as file:
        return {
            (row["address"], row["verb"]): {who: _codes(row[who]) for who in PRINCIPALS}
            for row in csv.DictReader(file)
        }


def _codes(cell):
    own, _slash, foreign = cell.partition("/")
    return int(own), int(foreign or own)


def addresses(patterns=None):
    """{name: view} of every address of the site."""
    found = {}
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if hasattr(entry, "url_patterns"):
            found |= addresses(entry.url_patterns)
        else:
            found[entry.name] = entry.callback
    return found


# --- The two worlds


def build(cast):
    """The world of 一厂 (own) and its twin in 二厂 (foreign)."""
    cast.tang = make_user("tang", Person.objects.create(name="唐英", unit=cast.plant_one))
    grant(cast.tang, Role.COMPANY_LEADER, cast.plant_one)
    return SimpleNamespace(
        cast=cast,
        own=_side(cast, cast.studio_one, cast.chen, ""),
        foreign=_side(cast, cast.studio_two, cast.zhao, CANARY),
    )


def _side(cast, studio, lead, mark):
    unit = studio.unit
    person = Person.objects.create(name=f"员工{mark}", unit=unit, mobile="13812345678")
    user = make_user(f"worker-{unit.pk}", person)
    membership = Membership.objects.create(studio=studio, person=person, joined_on=date(2024, 1, 1))
    topic = Topic.objects.create(studio=studio, title=f"课题{mark}")
    year = Plan.objects.get(studio=studio, period="2026")
    month = Plan.objects.get(studio=studio, period="2026-11")
    goal = PlanItem.objects.create(plan=year, content=f"全年目标{mark}", topic=topic)
    item = PlanItem.objects.create(plan=month, content=f"计划项{mark}", owner=lead.person)
    fresh = PlanItem.objects.create(plan=month, content=f"新计划项{mark}", owner=lead.person)
    indicator = Indicator.objects.create(
        item=item, person=lead.person, name=f"指标{mark}", start=Decimal(0), target=Decimal(9)
    )
    entry = ProgressEntry.objects.create(
        item=item, by=lead, at=NOW, state_before="not_started", state_after="in_progress", note=f"进展{mark}"
    )
    problem = Problem(
        studio=studio, what=f"卡住{mark}", need="money", due_on=date(2026, 11, 27), level="studio"
    )
    coordination.raise_problem(problem, by=lead, at=NOW)
    rule = Rule.objects.create(studio=studio, kind="activities", title=f"制度{mark}")
    appraisal = Rule.objects.create(studio=studio, kind="appraisal", title=f"考核{mark}")
    wording = rule.versions.create(
        number=1, text=f"条文{mark}", effective_on=date(2026, 1, 1), file=_file("rule.pdf"), by=lead
    )

    def applied(state):
        fields = {"unit": unit, "name": f"{state}工作室{mark}{unit.pk}", "lead_name": f"申报人{mark}"}
        application = application_of(
            cast, lead, state=state, submitted_at=NOW, **{**fields, "lead_staff_no": "", "team": TEAM}
        )
        application.files.create(file=_file("proof.pdf"), name=f"证明{mark}.pdf", by=lead)
        return application

    activity = Activity.objects.create(
        studio=studio, subject=f"例会{mark}", held_on=date(2026, 11, 3), state=Activity.State.PLANNED
    )
    draft, submitted, checked = applied("draft"), applied("submitted"), applied("unit_checked")
    reader = make_user(f"reader-{unit.pk}", Person.objects.create(name=f"读者{mark}", unit=unit))
    grant(reader, Role.COMPANY_LEADER, unit)
    return SimpleNamespace(
        studio=studio,
        unit=unit,
        person=person,
        user=user,
        membership=membership,
        topic=topic,
        idle_topic=Topic.objects.create(studio=studio, title=f"闲置课题{mark}"),
        deleted=_deleted(studio, lead, mark),
        view=SavedView.objects.create(owner=lead, list_name="topics", name=f"视图{mark}"),
        way_back=Undo.objects.create(user=lead, model="projects.topic", steps=[], created_at=timezone.now()),
        goal=goal,
        item=item,
        fresh=fresh,
        indicator=indicator,
        evidence=Evidence.objects.create(entry=entry, file=_file("photo.pdf"), name=f"照片{mark}.pdf"),
        problem=problem,
        consequence=Consequence.objects.create(
            studio=studio,
            version=appraisal.versions.create(number=1, text=f"考核{mark}", effective_on=date(2026, 1, 1)),
            clause="month_item",
            kind="unmet",
            item=item,
            points=-2,
            proposed_on=NOW.date(),
        ),
        rule=rule,
        wording=wording,
        activity=activity,
        leave=activity.leave.create(person=membership.person, reason=f"出差{mark}", asked_at=NOW),
        activity_file=activity.files.create(file=_file("photo.pdf"), name=f"合影{mark}.pdf", by=lead),
        draft=draft,
        draft_file=draft.files.get(),
        submitted=submitted,
        submitted_file=submitted.files.get(),
        checked=checked,
        grant=reader.grants.get(),
        job=Job.objects.create(
            key=f"failed-{unit.pk}", name="portfolio", state=Job.State.FAILED, wake_at=NOW
        ),
        digest=_undelivered(reader),
        exception=WorkdayOverride.objects.create(
            day=date(2027, 2, 1) + timedelta(days=unit.pk), works=False, note="人人可见"
        ),
        ledger=LedgerUpload.objects.create(
            file=_file("no.xlsx"), name="台账.xlsx", size=3, by=cast.li, at=NOW
        ),
        notice=lambda user: Notice.objects.create(
            recipient=user or cast.chen,
            key=f"k{Notice.objects.count()}",
            kind="x",
            url="/messages/",
            params={"subject": "x"},
        ),
    )


def _deleted(studio, lead, mark):
    """A topic in the bin."""
    return bin.put(Topic.objects.create(studio=studio, title=f"删除的课题{mark}"), by=lead, at=NOW)


def _undelivered(user):
    digest = Digest.objects.create(
        recipient=user, channel=Digest.Channel.EMAIL, local_date=NOW.date(), state=Digest.State.FAILED
    )
    Notice.objects.create(
        recipient=user, key="late", kind="x", subject="x", url="/", state="failed", digest=digest
    )
    return digest


TEAM = [{"name": name, "role": "member"} for name in ("甲", "乙", "丙")]


def _file(name):
    return ContentFile(b"%PDF-1.4 nothing", name=name)


# --- Which object an address is about, and what is sent to it

ABOUT = {
    "achievement": "achievement",
    "activity": "activity",
    "activity-attendance": "activity",
    "activity-call-off": "activity",
    "activity-code": "activity",
    "activity-delete": "activity",
    "activity-edit": "activity",
    "bin-restore": "deleted",
    "activity-file": "activity_file",
    "activity-file-delete": "activity_file",
    "activity-file-new": "activity",
    "activity-here": "activity",
    "leave-approve": "leave",
    "leave-make-up": "leave",
    "leave-new": "activity",
    "leave-refuse": "leave",
    "leave-withdraw": "leave",
    "activity-hold": "activity",
    "activity-take-up": "activity",
    "application": "submitted",
    "application-check": "submitted",
    "application-decide": "checked",
    "application-edit": "draft",
    "application-file": "submitted_file",
    "application-file-delete": "draft_file",
    "application-file-new": "draft",
    "application-submit": "draft",
    "application-withdraw": "draft",
    "consequence-decide": "consequence",
    "digest-retry": "digest",
    "evidence": "evidence",
    "grant-end": "grant",
    "grant-new": "user",
    "indicator-delete": "indicator",
    "indicator-edit": "indicator",
    "indicator-new": "item",
    "item": "item",
    "item-belated": "item",
    "item-break-down": "goal",
    "item-delete": "fresh",
    "item-edit": "item",
    "item-field": "item",
    "item-report": "fresh",
    "item-state": "fresh",
    "item-why": "item",
    "job-dismiss": "job",
    "job-retry": "job",
    "ledger-apply": "ledger",
    "ledger-check": "ledger",
    "ledger-throw-away": "ledger",
    "list-view-delete": "view",
    "membership-edit": "membership",
    "membership-end": "membership",
    "person": "person",
    "person-edit": "person",
    **dict.fromkeys(
        [
            "problem",
            "problem-comment",
            "problem-pass-on",
            "problem-solve",
            "problem-take",
            "problem-withdraw",
        ],
        "problem",
    ),
    "rule-delete": "rule",
    "rule-file": "wording",
    "rule-read": "wording",
    "sheet-cell": "fresh",
    "rule-revise": "rule",
    "topic": "topic",
    "topic-delete": "idle_topic",
    "topic-edit": "topic",
    "undo": "way_back",
    "unit-edit": "unit",
    "user-edit": "user",
    "user-lock": "user",
    "user-unlock": "user",
    "workday-edit": "exception",
    "workday-remove": "exception",
    **dict.fromkeys(
        [
            "activity-new",
            "item-new",
            "membership-new",
            "month",
            "month-sheet",
            "plan",
            "plan-agree",
            "plan-close",
            "plan-decide",
            "plan-leftovers",
            "plan-reopen",
            "plan-strip",
            "plan-submit",
            "plan-versions",
            "plan-why",
            "problem-new",
            "rule-new",
            "rules-start",
            "studio",
            "studio-activities",
            "studio-attendance",
            "studio-bin",
            "studio-calendar",
            "studio-edit",
            "studio-history",
            "studio-lead-change",
            "studio-level",
            "studio-members",
            "studio-points",
            "studio-rules",
            "studio-state",
            "topic-new",
        ],
        "studio",
    ),
}
PERIODS = {
    "item-new": "2026-11",
    "month": "2026-11",
    "month-sheet": "2026-11",
    "plan": "2026",
    "plan-agree": "2026-11",
    "plan-close": "2026-11",
    "plan-decide": "2026-11",
    "plan-leftovers": "2026-11",
    "plan-reopen": "2026-11",
    "plan-submit": "2026-11",
    "plan-versions": "2026-11",
    "plan-why": "2026",
    "overview": "2026",
}
MONTHS, YEARS = (
    ("chasing", "chasing-letters", "studio-calendar"),
    ("heatmap", "months", "months-extend", "plan-strip", "studio-attendance", "trends"),
)
SENT = {
    "application-check": {"act": "agree", "opinion": "同意"},
    "application-decide": {"act": "agree", "opinion": "同意"},
    "sheet-cell": {"same": "1"},
    "message-later": {"days": "1"},
    "set_language": {"language": "en"},
}


def address_of(name, side, user):
    """The path of an address, with the object of this side of the world that it is about."""
    kwargs = {}
    if name in ABOUT:
        kwargs["pk"] = getattr(side, ABOUT[name]).pk
    elif name in ("message", "message-back", "message-done", "message-later"):
        kwargs["pk"] = side.notice(user).pk
    elif name == "password-reset-confirm":
        kwargs = {"uidb64": "MQ", "token": "set-password"}
    elif name in ("list-columns", "list-view-save"):
        kwargs["name"] = "topics"
    elif name == "rule-template":
        kwargs["kind"] = "leave"
    elif name == "workdays-paste":
        kwargs["year"] = 2027
    if name == "activity-here":
        kwargs["code"] = attending.code_for(side.activity)
    if name == "item-field":
        kwargs["name"] = "due"
    if name in PERIODS:
        kwargs["period"] = PERIODS[name]
    elif name in MONTHS:
        kwargs["month"] = "2026-11"
    elif name in YEARS:
        kwargs["year"] = 2026
    return reverse(name, kwargs=kwargs)


def has_twin(name):
    """Whether an address is about an object, so that there is a foreign one."""
    return name in ABOUT or name in ("message", "message-back", "message-done", "message-later")


# --- Asking


class Walker:
    """Sends one request after another, each undone again, and notes which tables it wrote to."""

    #: Written to by looking around: that is no change of anything.
    OWN_BUSINESS = ("django_session", "axes_")

    def __init__(self, world):
        self.world = world
        self.written = []
        self.sessions = {
            who: _session(getattr(world.cast, player)) for who, player in PRINCIPALS.items() if player
        }
        self.sessions["root"] = _session(world.cast.root)

    def player(self, who):
        return getattr(self.world.cast, PRINCIPALS.get(who) or who, None) if who != "anonymous" else None

    def ask(self, who, verb, name, side="own"):
        """The response to one request of a principal, and the tables it wrote to."""
        with self._undone():
            whose = (
                self.world.cast.qian if name.startswith("message") and side == "foreign" else self.player(who)
            )
            path = address_of(name, getattr(self.world, side), whose)
            client = Client(raise_request_exception=True)
            if key := self.sessions.get(who):
                client.cookies[settings.SESSION_COOKIE_NAME] = key
            self.written = []
            with connection.execute_wrapper(self._note):
                response = (
                    client.generic(verb, path) if verb != "POST" else client.post(path, SENT.get(name, {}))
                )
            response.text_sent = _text(response)
            return response, self.written

    @contextmanager
    def _undone(self):
        with transaction.atomic():
            yield
            transaction.set_rollback(True)

    def _note(self, execute, sql, params, many, context):
        verb, _space, rest = sql.partition(" ")
        if verb in ("INSERT", "UPDATE", "DELETE"):
            written = (
                rest.removeprefix("OR IGNORE ").removeprefix("INTO ").removeprefix("FROM ").split('"')[1]
            )
            if not written.startswith(self.OWN_BUSINESS):
                self.written.append(written)
        return execute(sql, params, many, context)


def _session(user):
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session.session_key


def _text(response):
    """Everything that was sent, also inside of a workbook."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"".join(book.read(name) for name in book.namelist())
    return content.decode("utf-8", "replace")
