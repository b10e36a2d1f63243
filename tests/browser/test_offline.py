"""Installed on a phone: what can be read without a network, what waits to be sent, and what is forgotten."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from projects.models import Evidence, ProgressEntry
from projects.progress import report
from tests.browser.sheets import forgiving, photo, team_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(new_context):
    yield from forgiving(new_context)


@pytest.fixture
def team(cast):
    return team_of(cast)


KEPT = """async () => {
  const kept = [];
  for (const name of (await caches.keys()).filter((each) => each.startsWith("pages-")))
    for (const request of await (await caches.open(name)).keys()) kept.push(new URL(request.url).pathname);
  return kept.sort();
}"""


def ready(page):
    """Waits until the service worker answers for this page."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("navigator.serviceWorker.controller !== null")


def kept(page, *addresses):
    """Waits until exactly these pages are kept."""
    page.wait_for_function(
        f"async (wanted) => String(await ({KEPT})()) === wanted", arg=",".join(sorted(addresses))
    )


def test_the_last_month_sheet_and_own_items_are_read_offline_and_no_other_page(team, visit):
    page = visit(team.chen, team.month)
    ready(page)
    kept(page, team.month)
    for address in (team.sheet, reverse("my-items"), reverse("studios"), team.month):
        visit(team.chen, address)
    kept(page, team.month, team.sheet, reverse("my-items"))

    page.context.set_offline(True)
    page.reload()
    expect(page.locator("#as-of")).to_contain_text(re.compile("离线，内容截至 .*月.*日"))
    expect(page.get_by_text("完成单因素试验").first).to_be_visible()
    page.get_by_role("link", name="工作室", exact=True).first.click()
    expect(page.get_by_role("heading", name="没有网络", exact=True)).to_be_visible()
    page.get_by_role("link", name=re.compile("月报表")).click()
    expect(page.locator("#sheet")).to_be_visible()
    expect(page.locator("#as-of")).to_be_visible()


def test_a_report_made_offline_waits_and_is_sent_when_the_network_is_back(team, visit):
    page = visit(team.lin, reverse("my-items"))
    row = page.locator(f"#item-{team.own.pk}")
    page.context.set_offline(True)
    row.get_by_text("填报进度").click()
    row.locator("[name=percent]").fill("70")
    row.locator("[name=note]").fill("在路上写的")
    row.get_by_role("button", name="提交填报").click()
    expect(page.locator("#outbox")).to_contain_text("1 个数还没有发送")
    assert not ProgressEntry.objects.exists()

    page.context.set_offline(False)

    expect(page.locator("#outbox")).to_contain_text("已经发送")
    page.get_by_role("link", name="查看现在的情况").click()
    expect(row).to_contain_text("70%")
    entry = ProgressEntry.objects.get()
    assert (entry.by, entry.percent_after, entry.note) == (team.lin, 70, "在路上写的")


KEPT_PHOTOS = """async () => {
  const { name } = (await indexedDB.databases()).find(({ name }) => name === "outbox") ?? {};
  if (!name) return 0;
  const opening = indexedDB.open(name);
  const database = await new Promise((done) => (opening.onsuccess = () => done(opening.result)));
  const asked = database.transaction("photos").objectStore("photos").count();
  const count = await new Promise((done) => (asked.onsuccess = () => done(asked.result)));
  database.close();
  return count;
}"""


def report_with_photo(team, page, path):
    """Report 70 % of the item of one's own with a photo while there is no network."""
    row = page.locator(f"#item-{team.own.pk}")
    page.context.set_offline(True)
    row.get_by_text("填报进度").click()
    row.locator("[name=percent]").fill("70")
    row.locator("[name=files]").set_input_files(path)
    row.get_by_role("button", name="提交填报").click()
    expect(page.locator("#outbox")).to_contain_text("1 个数还没有发送")


def test_a_photo_of_a_report_made_offline_waits_with_it_also_over_a_reload(team, visit, tmp_path):
    page = visit(team.lin, reverse("my-items"))
    ready(page)
    kept(page, reverse("my-items"))
    report_with_photo(team, page, photo(tmp_path))
    page.reload()
    expect(page.locator("#as-of")).to_be_visible()
    assert page.evaluate(f"({KEPT_PHOTOS})()") == 1

    page.context.set_offline(False)
    expect(page.locator("#as-of")).to_be_hidden()

    page.wait_for_function(f"async () => await ({KEPT_PHOTOS})() === 0")
    proof = Evidence.objects.get()
    assert (proof.entry.by, proof.entry.percent_after, proof.name) == (team.lin, 70, "现场.jpg")
    with proof.file.open() as file, Image.open(file) as picture:
        assert picture.size == (2400, 1200)


def test_the_photo_of_a_report_is_kept_also_where_the_others_figure_stays(team, visit, tmp_path):
    page = visit(team.lin, reverse("my-items"))
    report_with_photo(team, page, photo(tmp_path))
    report(team.own, by=team.chen, at=timezone.now(), percent=50)

    page.context.set_offline(False)

    bar = page.locator("#outbox")
    bar.get_by_role("button", name="对方的: 50%").click()
    expect(bar).to_contain_text("已经发送")
    told = ProgressEntry.objects.order_by("pk").values_list("by", "percent_after", "evidence__name")
    assert list(told) == [(team.chen.pk, 50, None), (team.lin.pk, 50, "现场.jpg")]


def test_a_report_that_waited_while_another_reported_is_never_dropped_unseen(team, visit):
    page = visit(team.lin, reverse("my-items"))
    row = page.locator(f"#item-{team.own.pk}")
    page.context.set_offline(True)
    row.get_by_text("填报进度").click()
    row.locator("[name=percent]").fill("70")
    row.get_by_role("button", name="提交填报").click()
    expect(page.locator("#outbox")).to_be_visible()
    report(team.own, by=team.chen, at=timezone.now(), percent=50)

    page.context.set_offline(False)

    bar = page.locator("#outbox")
    expect(bar).to_contain_text(re.compile("整理试验记录.*陈立新 于 .* 改过这个数", re.S))
    expect(bar).to_contain_text("对方的: 50%")
    bar.get_by_role("button", name="我的: 70%").click()
    expect(bar).to_contain_text("已经发送")
    team.own.refresh_from_db()
    assert team.own.percent == 70


def test_signing_out_forgets_everything_on_the_device_and_asks_if_something_waits(team, visit):
    page = visit(team.chen, team.sheet)
    ready(page)
    kept(page, team.sheet)
    page.route("**/cell/", lambda route: route.abort())
    page.locator("[data-now]").first.fill("3")
    page.keyboard.press("Tab")
    expect(page.locator("#outbox")).to_be_visible()
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))

    page.locator("summary", has_text="陈立新").click()
    page.get_by_role("button", name="退出登录").click()

    expect(page).to_have_url(re.compile("/signed-out/"))
    assert asked == ["还有填写的内容没有发送，退出后将被清除。仍要退出吗？"]
    page.wait_for_function("localStorage.length === 0")
    page.wait_for_function("async () => !(await indexedDB.databases()).length")
    page.wait_for_function(f"async () => (await ({KEPT})()).length === 0")


def test_the_next_person_on_a_shared_phone_does_not_read_the_pages_of_the_one_before(team, visit):
    page = visit(team.chen, team.month)
    ready(page)
    kept(page, team.month)

    visit(team.zhao, reverse("my-items"))

    kept(page, reverse("my-items"))


def test_the_site_can_be_installed(live_server, page):
    page.goto(live_server.url + reverse("sign-in"))
    told = page.evaluate(
        "fetch(document.querySelector('link[rel=manifest]').href).then((answer) => answer.json())"
    )

    assert (told["short_name"], told["display"], told["scope"]) == ("薪火", "standalone", "/")
    for icon in told["icons"]:
        size = page.evaluate(
            """(src) => new Promise((done) => {
              const image = new Image();
              image.onload = () => done(`${image.width}x${image.height}`);
              image.src = src;
            })""",
            icon["src"],
        )
        assert size == icon["sizes"]
    assert {icon["purpose"] for icon in told["icons"]} == {"any", "maskable"}
