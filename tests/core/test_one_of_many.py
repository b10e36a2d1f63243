"""Of one there is one: lists of one row say so in English."""

import pytest
from django.core.paginator import Paginator
from django.template import engines
from django.utils import translation

LIST = (
    '{% blocktranslate context "counted" asvar counted count n=page.paginator.count %}request{% plural %}'
    "requests{% endblocktranslate %}{% pager page label=counted %}"
)
TABLE = '{% table caption="t" count=count %}{% endtable %}'


@pytest.mark.parametrize(
    ("language", "rows", "said"),
    [("en", 1, "<p>1 request</p>"), ("en", 2, "<p>2 requests</p>"), ("zh-hans", 1, "<p>1 条申请</p>")],
)
def test_the_foot_of_a_list_counts_in_the_right_number(rf, language, rows, said):
    page = Paginator(range(rows), 10).get_page(1)
    with translation.override(language):
        drawn = engines["django"].from_string(LIST).render({"page": page}, rf.get("/"))

    assert said in drawn


def test_so_does_the_count_under_a_table(rf):
    with translation.override("en"):
        drawn = [engines["django"].from_string(TABLE).render({"count": n}, rf.get("/")) for n in (1, 1200)]

    assert [text.rpartition("x-table-count")[2][2:-5].strip() for text in drawn] == ["1 row", "1,200 rows"]
