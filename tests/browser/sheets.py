"""What the tests of the sheet and of the time without a network share."""

from decimal import Decimal

from django.urls import reverse
from django.utils import timezone
from PIL import Image

from core.calendar import Period
from projects.models import Indicator, Plan, PlanItem
from projects.progress import add_up
from tests.browser.arriving import is_fault

#: What the browser itself says of an answer that is not 2xx, or of no answer: here both are wanted.
EXPECTED = ("Failed to load resource", "An unknown error occurred when fetching the script", "htmx:")


def forgiving(new_context):
    """A page that may lose its network and be refused, and may complain of nothing else; for a fixture."""
    complaints = []

    def listen(message):
        if is_fault(message) and not message.text.startswith(EXPECTED):
            complaints.append(message.text)

    page = new_context().new_page()
    page.on("console", listen)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    page.context.close()
    assert complaints == [], complaints


def team_of(cast):
    """An item of this month with three members' numbers of ten, and one told by a percentage of its own."""
    month = Period.containing(timezone.localdate())
    Plan.lay_out([cast.studio_one, cast.studio_two], month.year)
    plan = Plan.objects.get(studio=cast.studio_one, period=month.key)
    cast.test = PlanItem.objects.create(plan=plan, content="完成单因素试验", owner=cast.chen.person)
    cast.own = PlanItem.objects.create(plan=plan, content="整理试验记录", owner=cast.lin.person)
    cast.carried = [
        Indicator.objects.create(
            item=cast.test, person=user.person, name=name, start=0, target=10, unit_of_measure="组"
        )
        for user, name in ((cast.chen, "试验"), (cast.lin, "记录"), (cast.wang, "复核"))
    ]
    add_up(plan)
    cast.sheet = reverse("month-sheet", args=[cast.studio_one.pk, month.key])
    cast.month = reverse("month", args=[cast.studio_one.pk, month.key])
    return cast


def photo(folder, name="现场.jpg", size=(3200, 1600)):
    """A photo as a phone takes it, larger than what is kept."""
    path = folder / name
    Image.new("RGB", size, "red").save(path, "JPEG")
    return path


def cell(page, key):
    return page.locator(f"[data-cell={key}]")


def now(page, key):
    return cell(page, key).locator("[data-now]")


def is_saved(page, key):
    """Waits for the tick of a cell."""
    cell(page, key).locator(".is-saved").wait_for()


def stored(indicator) -> Decimal | None:
    indicator.refresh_from_db()
    return indicator.value
