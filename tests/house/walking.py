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

from achievements.models import Achievement, Adoption, Offer
from care.models import CareRecord, CareWorker, Consent
from core import workdays
from core.calendar import Period
from core.models import Job, SavedView, Undo, WorkdayOverride
from members.models import Absence, Person, Role
from notifications.models import Digest, Notice
from projects import confirming, coordination, lessons, revising
from projects.models import Consequence, Evidence, Indicator, Plan, PlanItem, Problem, ProgressEntry, Topic
from reports import issuing
from reports.models import LedgerUpload, Report
from studios import attending, bin
from studios.models import (
    Activity,
    Equipment,
    FundBudget,
    FundEntry,
    Gathering,
    MemberReview,
    Membership,
    Rule,
    Series,
    Spending,
    StockTake,
    SupportRequest,
)
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
    texts = lessons.Texts(f"做了{mark}", f"学到{mark}", f"建议{mark}")
    lesson = lessons.propose(
        PlanItem.objects.create(plan=month, content=f"未达成{mark}"), texts, by=lead, at=NOW
    )
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
    series = Series.objects.create(
        studio=studio, subject=f"系列例会{mark}", first_on=date(2026, 12, 1), last_on=date(2026, 12, 8)
    )
    for day in (series.first_on, series.last_on):
        series.activities.create(
            studio=studio, subject=f"系列例会{mark}", series_on=day, held_on=day, state=Activity.State.PLANNED
        )
    change = _asked(cast, studio, lead, mark)
    achievement = Achievement.objects.create(studio=studio, name=f"成果{mark}", summary=f"说明{mark}")
    carer = cast.sun if unit == cast.plant_one else make_user("carer", Person.objects.create(name="关怀员"))
    care_worker = CareWorker.objects.create(user=carer, unit=unit, named_by=cast.root, named_at=NOW)
    Consent.give(by=user, at=NOW)
    consent = Consent.objects.get(person=person)
    gathering = Gathering.objects.create(unit=unit, subject=f"成果展{mark}", held_on=date(2026, 12, 3))
    gathering.activities.create(
        studio=studio, subject=f"成果展{mark}", held_on=date(2026, 12, 3), state=Activity.State.PLANNED
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
        review=MemberReview.objects.create(
            membership=membership,
            year=2026,
            verdict="improve",
            remark=f"评语{mark}",
            reviewed_by=lead,
            reviewed_on=NOW.date(),
            confirmed_by=cast.li,
            confirmed_on=NOW.date(),
        ),
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
        lesson=lesson,
        consequence=Consequence.objects.create(
            studio=studio,
            version=appraisal.versions.create(number=1, text=f"考核{mark}", effective_on=date(2026, 1, 1)),
            clause="month_item",
            kind="unmet",
            item=item,
            points=-2,
            proposed_on=NOW.date(),
        ),
        achievement=achievement,
        achievement_file=achievement.files.create(file=_file("proof.pdf"), name=f"证书{mark}.pdf", by=lead),
        **_offered(cast, studio, lead),
        change=change,
        bound=change.item,
        bound_indicator=change.item.indicators.get(),
        rule=rule,
        wording=wording,
        activity=activity,
        gathering=gathering,
        series=series,
        **_funds(studio, lead, mark),
        **_equipment(studio, mark),
        support=SupportRequest.objects.create(
            studio=studio, kind="funds", what=f"支持{mark}", asked_by=lead, asked_on=NOW.date()
        ),
        leave=activity.leave.create(person=membership.person, reason=f"出差{mark}", asked_at=NOW),
        activity_file=activity.files.create(file=_file("photo.pdf"), name=f"合影{mark}.pdf", by=lead),
        absence=Absence.objects.create(
            person=membership.person,
            kind="trip",
            starts_on=date(2027, 3, 1),
            ends_on=date(2027, 3, 5),
            asked_by=user,
            asked_at=NOW,
            opinion=f"意见{mark}",
        ),
        care_worker=care_worker,
        consent=consent,
        care_record=CareRecord.write(
            consent, kind="life", happened_on=NOW.date(), text=f"走访{mark}", by=carer, at=NOW
        ),
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
        report=_issued(cast, unit, mark),
        notice=lambda user: Notice.objects.create(
            recipient=user or cast.chen,
            key=f"k{Notice.objects.count()}",
            kind="x",
            url="/messages/",
            params={"subject": "x"},
        ),
    )


def _issued(cast, unit, mark):
    """A report of the unit, with a text."""
    report = Report.draft_of(unit, Period.of_month(2026, 10))
    report.summary = f"说明{mark}"
    report.save()
    issuing.issue(report, by=cast.li, at=NOW, on=NOW.date(), calendar=workdays.load())
    return report


def _asked(cast, studio, lead, mark):
    """A change that is asked of an item of a confirmed plan."""
    plan = Plan.objects.select_related("studio__unit").get(studio=studio, period="2026-12")
    item = PlanItem.objects.create(
        plan=plan, content=f"已确认计划项{mark}", owner=lead.person, due_on=date(2026, 12, 20)
    )
    Indicator.objects.create(item=item, person=lead.person, name=f"已确认指标{mark}", start=0, target=9)
    confirming.submit(plan, by=lead, at=NOW)
    confirming.confirm(plan, by=cast.li, at=NOW)
    wanted = revising.changed(item, {"due_on": date(2026, 12, 28)})
    return revising.ask(item, wanted, by=lead, at=NOW, reason=f"停产{mark}")


def _offered(cast, studio, lead):
    """What the other side offers, which both sides see: one that waits, one that is used."""
    other = cast.studio_two if studio == cast.studio_one else cast.studio_one
    found, used = (
        Achievement.objects.create(studio=other, name=name) for name in ("推介的成果", "采用的成果")
    )
    offer = Offer.objects.create(achievement=found, text="请试用", by=cast.li, at=NOW)
    Adoption.objects.create(achievement=found, studio=studio, state="offered", offer=offer)
    adoption = Adoption.objects.create(
        achievement=used,
        studio=studio,
        state="in_use",
        since_on=NOW.date(),
        answered_by=lead,
        answered_at=NOW,
    )
    return {"offered": found, "adoption": adoption}


def _deleted(studio, lead, mark):
    """A topic in the bin."""
    return bin.put(Topic.objects.create(studio=studio, title=f"删除的课题{mark}"), by=lead, at=NOW)


def _equipment(studio, mark):
    """A piece counted in an open stock-take, one that can be deleted, and a closed stock-take."""
    take = StockTake.objects.create(studio=studio, year=2026, begun_on=NOW.date())
    closed = StockTake.objects.create(
        studio=studio, year=2024, begun_on=NOW.date(), state="closed", closed_at=NOW
    )
    counted = Equipment.objects.create(studio=studio, number="1", name=f"器材{mark}")
    take.rows.create(equipment=counted)
    return {
        "piece": Equipment.objects.create(studio=studio, number="2", name=f"新器材{mark}"),
        "stock_take": take,
        "closed_stock_take": closed,
    }


def _funds(studio, lead, mark):
    """A budget, a spending that waits, one that came back, and an entry."""
    common = {"studio": studio, "line": f"科目{mark}", "on": NOW.date(), "amount": 10, "file_name": "票.pdf"}
    asked = {**common, "asked_by": lead, "asked_at": NOW}
    return {
        "budget": FundBudget.objects.create(studio=studio, year=2026, line=f"科目{mark}", amount=100),
        "spending": Spending.objects.create(purpose=f"支出{mark}", file=_file("bill.pdf"), **asked),
        "returned_spending": Spending.objects.create(purpose=f"退回{mark}", state="returned", **asked),
        "entry": FundEntry.objects.create(
            purpose=f"收入{mark}", year=2026, kind="income", by=lead, at=NOW, file=_file("bill.pdf"), **common
        ),
    }


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
    "care-person": "consent",
    "care-record-delete": "care_record",
    "care-worker-end": "care_worker",
    **dict.fromkeys(["absence", "absence-decide", "absence-end", "absence-items"], "absence"),
    **dict.fromkeys(
        [
            "achievement",
            "achievement-delete",
            "achievement-edit",
            "achievement-file-new",
            "achievement-offer",
        ],
        "achievement",
    ),
    **dict.fromkeys(["achievement-file", "achievement-file-delete"], "achievement_file"),
    "achievement-use": "offered",
    **dict.fromkeys(["adoption-edit", "adoption-verify"], "adoption"),
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
    "change-request": "change",
    "change-request-decide": "change",
    "change-request-withdraw": "change",
    "equipment-delete": "piece",
    "equipment-edit": "piece",
    "stock-take": "stock_take",
    "stock-take-count": "stock_take",
    "stock-take-see": "closed_stock_take",
    "support-answer": "support",
    "support-withdraw": "support",
    "budget-delete": "budget",
    "budget-edit": "budget",
    "spending-approve": "spending",
    "spending-edit": "returned_spending",
    "spending-file": "spending",
    "spending-return": "spending",
    "spending-withdraw": "spending",
    "fund-entry-correct": "entry",
    "fund-entry-file": "entry",
    "consequence-decide": "consequence",
    "digest-retry": "digest",
    "evidence": "evidence",
    "grant-end": "grant",
    "grant-new": "user",
    "indicator-change": "bound_indicator",
    "indicator-delete": "indicator",
    "indicator-edit": "indicator",
    "indicator-new": "item",
    "item": "item",
    "item-belated": "item",
    "item-break-down": "goal",
    "item-change": "bound",
    "item-delete": "fresh",
    "item-edit": "item",
    "item-field": "item",
    "item-report": "fresh",
    "item-state": "fresh",
    "item-why": "item",
    "item-lesson": "fresh",
    "lesson": "lesson",
    "lesson-confirm": "lesson",
    "lesson-return": "lesson",
    "job-dismiss": "job",
    "job-retry": "job",
    "ledger-apply": "ledger",
    "ledger-check": "ledger",
    "ledger-throw-away": "ledger",
    "list-view-delete": "view",
    "member-review": "membership",
    "member-review-reopen": "review",
    "membership-edit": "membership",
    "membership-end": "membership",
    "membership-transfer": "membership",
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
    **dict.fromkeys(["report", "report-excel", "report-word"], "report"),
    **dict.fromkeys(["report-draft", "report-issue"], "unit"),
    "rule-delete": "rule",
    "rule-file": "wording",
    "rule-read": "wording",
    "activity-participants": "activity",
    **dict.fromkeys(["gathering", "gathering-call-off", "gathering-edit"], "gathering"),
    "series": "series",
    "sheet-cell": "fresh",
    "rule-revise": "rule",
    "topic": "topic",
    "topic-delete": "idle_topic",
    "topic-edit": "topic",
    "topic-lesson": "topic",
    "undo": "way_back",
    "unit-edit": "unit",
    "user-edit": "user",
    "user-lock": "user",
    "user-unlock": "user",
    "workday-edit": "exception",
    "workday-remove": "exception",
    **dict.fromkeys(
        [
            "achievement-new",
            "studio-achievements",
            "activity-new",
            "budget-new",
            "equipment-export",
            "equipment-new",
            "stock-take-begin",
            "studio-equipment",
            "studio-support",
            "support-new",
            "venue-edit",
            "funds-export",
            "income-new",
            "spending-new",
            "studio-funds",
            "item-new",
            "member-reviews",
            "member-reviews-confirm",
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
            "series-new",
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
            "studio-structure",
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
    "plan-versions": "2026-12",
    "plan-why": "2026",
    "overview": "2026",
    "report-draft": "2026-11",
    "report-issue": "2026-11",
}
MONTHS, YEARS = (
    ("chasing", "chasing-letters", "my-calendar", "studio-calendar"),
    (
        "budget-new",
        "funds-export",
        "studio-funds",
        "heatmap",
        "member-review",
        "member-reviews",
        "member-reviews-confirm",
        "months",
        "months-extend",
        "plan-strip",
        "studio-attendance",
        "trends",
    ),
)
SENT = {
    "adoption-verify": {"seen": "1"},
    "application-check": {"act": "agree", "opinion": "同意"},
    "application-decide": {"act": "agree", "opinion": "同意"},
    "lesson-confirm": {"seen": "1"},
    "report-issue": {"seen": "1", "act": "issue"},
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
    if name == "feed":
        kwargs["token"] = "nothing"
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
