"""``manage.py screenshots``: pictures of every screen for every role that has it, into var/screenshots."""

from itertools import product
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from core.calendar import QUARTER, Period
from reports import trial

WIDTHS = {1366: 768, 360: 740}
SCHEMES = ("light", "dark")
LANGUAGES = {"zh": "zh-hans", "en": "en"}
LOCALES = {"zh": "zh-CN", "en": "en-GB"}  # the browser's own words: of a file field, of a calendar

OFFICER = {
    "home": "/",
    "overview-month": "/overview/{month}/",
    "overview-year": "/overview/{year}/",
    "leader": "/leader/",
    "chasing": "/chasing/{month}/",
    "months": "/months/{year}/",
    "heatmap": "/heatmap/{year}/",
    "trends": "/trends/{year}/",
    "reports": "/reports/",
    "report": "/reports/2/",
    "report-draft": "/units/1/report/{last}/",
    "problems": "/problems/",
    "consequences": "/consequences/",
    "lessons": "/lessons/",
    "lesson": "/lessons/1/",
    "achievements": "/achievements/",
    "achievement": "/achievements/1/",
    "studio-achievements": "/studios/1/achievements/",
    "studios": "/studios/",
    "studio": "/studios/1/",
    "studio-edit": "/studios/1/edit/",
    "studio-members": "/studios/1/members/",
    "studio-rules": "/studios/1/rules/",
    "studio-activities": "/studios/1/activities/",
    "studio-attendance": "/studios/1/activities/{year}/",
    "studio-structure": "/studios/1/structure/",
    "studio-reviews": "/studios/1/reviews/{last_year}/",
    "studio-equipment": "/studios/1/equipment/",
    "studio-funds": "/studios/1/funds/{year}/",
    "studio-support": "/studios/1/support/",
    "studio-points": "/studios/1/points/",
    "studio-history": "/studios/1/history/",
    "studio-bin": "/studios/1/bin/",
    "activity": "/activities/1/",
    "month": "/studios/1/month/{month}/",
    "month-sheet": "/studios/1/month/{month}/sheet/",
    "calendar": "/studios/1/calendar/{month}/",
    "plan-strip": "/studios/1/plan/{year}/strip/",
    "plan-quarter": "/studios/1/plan/{quarter}/",
    "plan-year": "/studios/1/plan/{year}/",
    "plan-why": "/studios/1/plan/{year}/why/",
    "topics": "/topics/",
    "topic": "/topics/1/",
    "items": "/items/?period={month}",
    "item": "/items/1/",
    "activities": "/activities/all/",
    "people": "/people/",
    "gatherings": "/gatherings/",
    "gathering": "/gatherings/1/",
    "absences": "/absences/",
    "applications": "/applications/",
    "inbox": "/messages/",
    "message-settings": "/messages/settings/",
    "account": "/account/",
}
#: Prints an item of the lead's that is under way this month.
OPEN_ITEM = """
from django.utils import timezone
from projects.models import PlanItem
open_ones = PlanItem.objects.filter(plan__studio=1, plan__kind="month", state="in_progress")
print(open_ones.filter(plan__ends_on__gte=timezone.localdate()).order_by("pk").first().pk)
"""

#: What each demo person has on the screen; the addresses are the same for everybody who has the page.
SCREENS = {
    "group-admin": {
        **OFFICER,
        "application": "/applications/2/",
        "ledger": "/ledger/",
        "units": "/units/",
        "users": "/users/",
        "user-new": "/users/new/",
        "search": "/search/?q=锻造",
        "rule-templates": "/rules/templates/",
        "messages-ledger": "/messages/ledger/",
        "gathering-new": "/gatherings/new/",
        "grace-days": "/grace-days/",
        "care-workers": "/care/workers/",
        "plan-close": "/studios/3/plan/{last}/close/",
    },
    "group-staff": {
        "home": "/",
        "care-people": "/care/people/",
        "studio-lead-change": "/studios/1/lead/",
        "ledger": "/ledger/",
    },
    "unit-contact": {
        "home": "/",
        "application": "/applications/1/",
        "overview-month": "/overview/{month}/",
    },
    "lead": {
        "month": "/",
        "month-sheet": "/studios/1/month/{month}/sheet/",
        "plan-year": "/studios/1/plan/{year}/",
        "plan-submit": "/studios/1/plan/{next}/submit/",
        "problem-new": "/studios/1/problems/new/",
        "my-activities": "/activities/",
        "item-new": "/studios/1/plan/{month}/items/new/",
        "item-change": "/items/{open_item}/change/",
        "item-lesson": "/items/{open_item}/lesson/",
        "series-new": "/studios/1/series/new/",
        "spending-new": "/studios/1/spending/new/",
        "support-new": "/studios/1/support/new/",
        "absence": "/absences/1/",
        "rule-new": "/studios/1/rules/new/",
        "activity-new": "/studios/1/activities/new/",
        "my-items": "/mine/",
        "studio": "/studios/1/",
        "achievements": "/achievements/",
        "achievement": "/achievements/1/",
        "achievement-new": "/studios/1/achievements/new/",
        "studio-achievements": "/studios/1/achievements/",
    },
    "liaison": {"month": "/"},
    "member": {
        "my-items": "/",
        "month": "/studios/1/month/{month}/",
        "application-new": "/applications/new/",
        "absence-new": "/absences/new/",
        "my-calendar": "/calendar/{month}/",
        "calendar-feeds": "/calendar/feeds/",
        "care": "/care/",
    },
    "company-leader": {"leader": "/", "overview-year": "/overview/{year}/", "studios": "/studios/"},
    "system-admin": {"users": "/", "account": "/account/", "machine-room": "/health/"},
    "nobody": {"sign-in": "/sign-in/", "password-reset": "/password/reset/"},
}


class Command(BaseCommand):
    help = "Take pictures of the pages of a demo site, at two widths, light and dark, Chinese and English."

    def add_arguments(self, parser):
        parser.add_argument("--out", type=Path, default=settings.VAR_DIR / "screenshots")
        parser.add_argument("--role", choices=SCREENS, help="only this person's")
        parser.add_argument("--only", help="only the screens of this name")
        parser.add_argument("--quick", action="store_true", help="Chinese and light only")

    def handle(self, *, out, role, only, quick, **options):
        chosen = {role: SCREENS[role]} if role else SCREENS
        ways = list(product(WIDTHS, SCHEMES[:1] if quick else SCHEMES, list(LANGUAGES)[: 1 if quick else 2]))
        with trial.site(studios=52) as demo, trial.browser() as browser:
            places = _periods() | {"open_item": trial.manage(demo, "shell", "-v0", "-c", OPEN_ITEM).strip()}
            for name, screens in chosen.items():
                for width, scheme, language in ways:
                    context = browser.new_context(
                        base_url=demo.url,
                        locale=LOCALES[language],
                        viewport={"width": width, "height": WIDTHS[width]},
                        color_scheme=scheme,
                        reduced_motion="reduce",
                    )
                    page = context.new_page()
                    if name != "nobody":
                        sign_in(page, name)
                    cookie = {"name": "django_language", "value": LANGUAGES[language], "url": demo.url}
                    context.add_cookies([cookie])
                    for screen, path in screens.items():
                        if only and screen != only:
                            continue
                        page.goto(path.format(**places))
                        file = out / name / f"{screen}-{width}-{scheme}-{language}.png"
                        page.screenshot(path=file, full_page=True)
                        self.stdout.write(str(file))
                    context.close()


def sign_in(page, username: str) -> None:
    """Choose a demo person on the sign-in page, where they stand in the order of their user names."""
    page.goto("/sign-in/")
    place = sorted(set(SCREENS) - {"nobody"}).index(username)
    page.locator("button[name=person]").nth(place).click()


def _periods() -> dict[str, str]:
    today = timezone.localdate()
    month = Period.containing(today)
    return {
        "month": month.key,
        "last": month.previous.key,
        "next": month.next.key,
        "quarter": Period.containing(today, QUARTER).key,
        "year": str(today.year),
        "last_year": str(today.year - 1),
    }
