"""The ledger in the browser: send, look, import; only for those who keep the ledger of the whole group."""

from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from core import jobs
from notifications.models import Notice
from projects.models import PlanItem
from reports.ledger import receiving
from reports.ledger.reading import read
from reports.ledger.receiving import IMPORT
from reports.models import LedgerUpload
from studios.models import Studio
from tests.reports.ledgers import ROWS, ledger

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


#: The small ledger, with a studio of another name than those of the cast.
DATA = ledger(
    rows={
        sheet: [
            [
                cell.replace("陈立新劳模", "程立新劳模").replace("赵国强工匠", "肇国强工匠")
                if isinstance(cell, str)
                else cell
                for cell in row
            ]
            for row in rows
        ]
        for sheet, rows in ROWS.items()
    }
)


def send(client, data: bytes, name: str = "台账.xlsx"):
    return client.post(reverse("ledger"), {"file": SimpleUploadedFile(name, data)})


def test_a_ledger_is_sent_looked_at_and_imported(cast, sign_in):
    page = sign_in(cast.li)
    shown = send(page, DATA)
    upload = LedgerUpload.objects.get()

    assert (shown.status_code, shown.url) == (302, f"/ledger/{upload.pk}/")
    assert (upload.by, upload.name, upload.state) == (cast.li, "台账.xlsx", "waiting")
    looked = page.get(shown.url)
    assert [(count.sheet, count.new) for count in looked.context["plan"].counts][:2] == [
        ("工作室台账", 2),
        ("成员花名册", 6),
    ]
    assert Studio.objects.count() == 2

    page.post(reverse("ledger-apply", args=[upload.pk]))
    assert "正在导入" in page.get(shown.url).content.decode()
    assert Studio.objects.count() == 2
    assert jobs.run_waiting(IMPORT) == 1

    upload.refresh_from_db()
    assert (upload.state, upload.applied_by, upload.new, upload.changed) == ("applied", cast.li, 16, 0)
    assert Studio.objects.count() == 4
    assert PlanItem.history.first().history_user == cast.li
    assert "导入" in page.get(shown.url).content.decode()
    told = Notice.objects.get(recipient=cast.li, kind="reports.ledger_imported")
    assert (told.sentence, told.url) == ("台账“台账.xlsx”已导入：16 处变动", shown.url)


def test_the_history_says_who_imported_a_record_and_that_it_came_from_the_ledger(cast, sign_in):
    page = sign_in(cast.li)
    send(page, DATA)
    page.post(reverse("ledger-apply", args=[LedgerUpload.objects.get().pk]))
    jobs.run_waiting(IMPORT)
    studio = Studio.objects.get(name__startswith="程立新")

    entered = page.get(reverse("studio-history", args=[studio.pk])).context["page"][0]

    assert (entered.who, entered.where) == ("李雪", "台账导入")
    item = PlanItem.objects.filter(plan__studio=studio).first()
    assert "台账导入" in page.get(item.get_absolute_url()).content.decode()


def test_a_ledger_is_imported_once(cast, sign_in):
    page = sign_in(cast.zhou)
    send(page, DATA)
    apply = reverse("ledger-apply", args=[LedgerUpload.objects.get().pk])
    page.post(apply)
    again = page.post(apply, follow=True)
    jobs.run_waiting(IMPORT)
    receiving.finish(LedgerUpload.objects.get().pk, at=timezone.now())

    assert "这份台账已经导入过了。" in again.content.decode()
    assert Studio.objects.count() == 4
    assert Notice.objects.filter(kind="reports.ledger_imported").count() == 1


def test_errors_are_shown_with_their_place_and_nothing_can_be_imported(cast, sign_in):
    page = sign_in(cast.li)
    shown = page.get(send(page, ledger({("计划表", 4, "进度"): 120})).url)

    assert next((fault.sheet, fault.row, fault.column) for fault in shown.context["faults"]) == (
        "计划表",
        4,
        "进度",
    )
    upload = LedgerUpload.objects.get()
    assert reverse("ledger-apply", args=[upload.pk]) not in shown.content.decode()
    page.post(reverse("ledger-apply", args=[upload.pk]))
    jobs.run_waiting(IMPORT)
    upload.refresh_from_db()
    assert (upload.state, PlanItem.objects.count()) == ("waiting", 0)
    told = Notice.objects.get(recipient=cast.li)
    assert told.sentence.startswith("台账“台账.xlsx”没有导入，数据未变：")


def test_what_is_no_workbook_is_refused_in_the_form(cast, sign_in):
    answer = send(sign_in(cast.li), b"<html></html>")

    assert answer.status_code == 422
    assert answer.context["form"].errors["file"] == ["这不是 Excel 工作簿（.xlsx）。"]
    assert LedgerUpload.objects.count() == 0


def test_a_file_that_was_exchanged_on_the_disk_is_not_imported(cast, sign_in):
    page = sign_in(cast.li)
    send(page, DATA)
    upload = LedgerUpload.objects.get()
    default_storage.delete(upload.file.name)
    default_storage.save(upload.file.name, BytesIO(ledger()))

    assert "文件与上传时不一致。" in page.get(upload.get_absolute_url()).content.decode()
    page.post(reverse("ledger-apply", args=[upload.pk]))
    jobs.run_waiting(IMPORT)
    assert Studio.objects.count() == 2


def test_a_file_may_be_thrown_away(cast, sign_in, django_capture_on_commit_callbacks):
    page = sign_in(cast.li)
    send(page, DATA)
    upload = LedgerUpload.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        page.post(reverse("ledger-throw-away", args=[upload.pk]))

    assert LedgerUpload.objects.count() == 0
    assert not default_storage.exists(upload.file.name)


def test_the_export_is_the_whole_ledger(cast, sign_in):
    answer = sign_in(cast.li).get(reverse("ledger-export"))

    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert [row.name for row in read(answer.content).studios] == [
        "陈立新劳模创新工作室",
        "赵国强工匠创新工作室",
    ]


@pytest.mark.parametrize("who", ["sun", "zheng", "chen", "wang", "feng", "xu"])
def test_nobody_else_may_import_or_export(cast, sign_in, who):
    send(sign_in(cast.li), DATA)
    upload = LedgerUpload.objects.get()
    page = sign_in(getattr(cast, who))

    assert page.get(reverse("ledger")).status_code == 403
    assert page.get(reverse("ledger-export")).status_code == 403
    assert page.get(upload.get_absolute_url()).status_code == 404
    assert page.post(reverse("ledger-apply", args=[upload.pk])).status_code == 404
    assert page.post(reverse("ledger-throw-away", args=[upload.pk])).status_code == 404
