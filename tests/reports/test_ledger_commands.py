"""The two commands: what they say, how they end, and the figures that come out of a real ledger."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from projects.models import PlanItem
from studios.models import Studio
from tests.reports.ledgers import QILING, QILING_FIGURES, ROWS, ledger, needs_qiling

pytestmark = pytest.mark.django_db
#: The small ledger with studios of other names than those of the cast.
OTHERS = {"陈立新劳模创新工作室": "程立新劳模创新工作室", "赵国强工匠创新工作室": "肇国强工匠创新工作室"}
OTHER = ledger(
    rows={sheet: [[OTHERS.get(cell, cell) for cell in row] for row in rows] for sheet, rows in ROWS.items()}
)


def run(*words) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command(*words, stdout=out)
    except SystemExit as end:
        return end.code, out.getvalue()
    return 0, out.getvalue()


@pytest.fixture
def small(tmp_path):
    path = tmp_path / "ledger.xlsx"
    path.write_bytes(ledger())
    return path


def test_importing_says_what_it_did_and_ends_0(small):
    code, said = run("import_ledger", str(small))

    assert code == 0
    assert said.splitlines()[-4:] == [
        "计划表：新增 5，变更 0，不变 0",
        "活动记录：新增 1，变更 0，不变 0",
        "成果台账：新增 1，变更 0，不变 0",
        "已导入：16 处变更。",
    ]
    assert run("import_ledger", str(small))[1].splitlines()[-1] == "已导入：0 处变更。"


def test_a_dry_run_says_the_same_and_writes_nothing(small):
    code, said = run("import_ledger", str(small), "--dry-run")

    assert (code, said.splitlines()[-1]) == (0, "试运行：16 处变更。")
    assert Studio.objects.count() == 0


def test_faults_end_2_and_are_named_as_text(tmp_path):
    path = tmp_path / "broken.xlsx"
    path.write_bytes(ledger({("计划表", 4, "进度"): 120, ("成员花名册", 5, "加入日期"): "2026年2月30日"}))
    code, said = run("import_ledger", str(path))

    assert code == 2
    assert said.splitlines() == [
        "错误 成员花名册 · 第5行 · 加入日期：没有这个日期：2026年2月30日。",
        "错误 计划表 · 第4行 · 进度：120不在0到100之间。",
        "2 处错误，未作任何更改。",
    ]
    assert Studio.objects.count() == 0


def test_faults_are_named_as_json(tmp_path):
    path = tmp_path / "broken.xlsx"
    path.write_bytes(ledger({("计划表", 4, "进度"): 120}))
    code, said = run("import_ledger", str(path), "--json")

    told = json.loads(said)
    assert (code, told["ok"], told["applied"], told["changes"]) == (2, False, False, 0)
    assert told["faults"] == [
        {
            "severity": "error",
            "sheet": "计划表",
            "row": 4,
            "column": "进度",
            "message": "120不在0到100之间。",
        }
    ]


def test_changes_are_told_old_and_new_as_json(small, tmp_path):
    run("import_ledger", str(small))
    path = tmp_path / "changed.xlsx"
    path.write_bytes(ledger({("计划表", 5, "进度"): 90}))
    told = json.loads(run("import_ledger", str(path), "--json", "--dry-run")[1])

    assert told["changes"] == 1
    assert told["rows"] == [
        {
            "sheet": "计划表",
            "row": 5,
            "key": "J1",
            "kind": "changed",
            "changes": [{"column": "进度", "old": "80%", "new": "90%"}],
        }
    ]


@pytest.mark.parametrize("content", [b"", b"<html></html>", ledger()[:3000]])
def test_what_is_no_ledger_ends_2(tmp_path, content):
    path = tmp_path / "file.xlsx"
    path.write_bytes(content)

    assert run("import_ledger", str(path))[0] == 2
    assert json.loads(run("import_ledger", str(path), "--json")[1])["faults"][0]["sheet"] is None


def test_a_file_that_is_not_there_ends_2(tmp_path):
    assert run("import_ledger", str(tmp_path / "none.xlsx")) == (2, "无法打开文件。\n")


def test_the_export_comes_back_without_a_change(small, tmp_path):
    run("import_ledger", str(small))
    exported = tmp_path / "out.xlsx"

    assert run("export_ledger", str(exported)) == (0, "已写出：2 个工作室，5 条计划项。\n")
    assert run("import_ledger", str(exported))[1].splitlines()[-1] == "已导入：0 处变更。"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ledger.xlsx", "out.xlsx"]


def test_where_people_have_a_login_the_history_names_who_imported(cast, small):
    small.write_bytes(OTHER)
    with pytest.raises(CommandError, match="请用 --as 用户名"):
        run("import_ledger", str(small))
    assert Studio.objects.count() == 2

    assert run("import_ledger", str(small), "--as", "li")[0] == 0

    assert PlanItem.objects.get(no="Y1").history.get().history_user == cast.li
    assert PlanItem.objects.get(no="Y1").journal.get().by == cast.li


@pytest.mark.parametrize("name", ["nobody", "chen", "sun"])
def test_nobody_imports_by_a_name_that_may_not(cast, small, name):
    small.write_bytes(OTHER)
    with pytest.raises(CommandError, match=f"“{name}”无权导入台账"):
        run("import_ledger", str(small), "--as", name)
    cast.li.is_active = False
    cast.li.save()
    with pytest.raises(CommandError, match="“li”无权导入台账"):
        run("import_ledger", str(small), "--as", "li")

    assert Studio.objects.count() == 2


def test_looking_without_importing_needs_nobody(cast, small):
    small.write_bytes(OTHER)

    assert run("import_ledger", str(small), "--dry-run")[0] == 0


@needs_qiling
def test_every_figure_of_the_large_ledger_comes_out_and_a_second_import_changes_nothing():
    assert run("import_ledger", str(QILING))[0] == 0
    said = json.loads(run("figures", "--on", "2026-11-22", "--json")[1])
    expected = json.loads(QILING_FIGURES.read_text("utf-8"))
    del expected["checks"]

    assert said == expected
    assert PlanItem.objects.count() == 5211
    assert json.loads(run("import_ledger", str(QILING), "--json")[1])["changes"] == 0
    assert run("check_figures")[1] == "drift 0\n"
