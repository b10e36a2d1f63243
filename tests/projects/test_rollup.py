"""The arithmetic of progress, sentence by sentence, and what must hold whatever is typed."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects import rollup
from projects.rollup import NOT_PLANNED, Figure, roll_up, shown


@dataclass(frozen=True)
class Item:
    """A row as the arithmetic sees it; ``percent`` 0..100."""

    id: str
    plan_id: str = "month"
    parent_id: str | None = None
    weight: Decimal = Decimal(1)
    state: str = "in_progress"
    percent: Decimal | None = None

    @property
    def own_share(self):
        return rollup.own_share(self.state, self.percent)


def item(name, percent=None, *, weight=1, state="in_progress", under=None, plan="month"):
    return Item(name, plan, under, Decimal(weight), state, None if percent is None else Decimal(str(percent)))


def plan(items, which="month"):
    figure = roll_up(items).plans.get(which, NOT_PLANNED)
    return shown(figure.progress, complete=figure.complete)


def progress(items, which):
    return roll_up(items).items[which].progress


# --- An item's own share


def test_a_done_item_is_all_done_whatever_stands_in_its_percentage():
    assert plan([item("a", 40, state="done")]) == "100"


def test_nothing_typed_is_nothing_done():
    assert plan([item("a")]) == "0"


@pytest.mark.parametrize(
    ("start", "target", "value", "share"),
    [
        (0, 100, 40, Fraction(2, 5)),
        (16, 14, 15, Fraction(1, 2)),
        (16, 14, 17, 0),
        (16, 14, 13, 1),
        (0, 100, None, 0),
    ],
)
def test_a_number_has_come_as_far_as_it_has_gone_from_start_to_target_falling_or_rising(
    start, target, value, share
):
    assert rollup.indicator_share(start, target, value) == share


# --- A month plan of a studio


def test_a_month_is_the_weighted_mean_of_its_items():
    assert plan([item("a", 100, weight=3, state="done"), item("b", 20)]) == "80"


def test_a_carried_item_counts_in_its_own_month_with_its_full_weight_and_its_own_share():
    assert plan([item("a", 40, state="carried"), item("b", 100, state="done")]) == "70"


@pytest.mark.parametrize("state", ["cancelled", "tolerated"])
def test_what_was_cancelled_or_tolerated_counts_in_no_figure(state):
    assert plan([item("a", 10, state=state, weight=9), item("b", 50)]) == "50"


# --- An item with items below it


def test_an_item_with_items_below_it_takes_its_figure_from_them_whatever_was_typed_on_it():
    rows = [
        item("q", 90, plan="quarter"),
        item("a", 20, under="q"),
        item("b", 60, under="q", weight=3),
    ]

    assert progress(rows, "q") == Fraction(1, 2)
    assert plan(rows, "quarter") == "50"


def test_a_carried_item_adds_what_it_reached_to_both_sides_above():
    rows = [
        item("q", plan="quarter"),
        item("old", 40, weight=5, state="carried", under="q"),
        item("rest", 50, weight=3, under="q", plan="next"),
    ]

    # (5 x 0.4 + 3 x 0.5) of (5 x 0.4 + 3)
    assert progress(rows, "q") == Fraction(7, 10)


def test_where_there_is_nothing_to_divide_by_there_is_no_figure_and_it_is_left_out_above():
    rows = [
        item("y", plan="year"),
        item("q1", plan="q1", under="y"),
        item("gone", 50, state="cancelled", under="q1"),
        item("q2", 30, plan="q2", under="y"),
    ]

    assert progress(rows, "q1") is None
    assert plan(rows, "q1") is None
    assert progress(rows, "y") == Fraction(3, 10)


@pytest.mark.parametrize("state", ["cancelled", "tolerated"])
def test_a_cancelled_item_leaves_above_with_all_below_it_which_still_counts_in_its_own_month(state):
    rows = [
        item("y", plan="year"),
        item("q1", plan="quarter", under="y", state=state),
        item("m", 10, under="q1"),
        item("q2", 80, plan="quarter", under="y"),
    ]

    assert progress(rows, "y") == Fraction(4, 5)
    assert plan(rows, "quarter") == "80"
    assert plan(rows, "month") == "10"


def test_a_year_item_stands_over_its_quarter_items_with_their_figures():
    rows = [
        item("y", 5, plan="year"),
        item("q1", plan="q1", under="y", weight=3),
        item("q2", plan="q2", under="y"),
        item("a", 100, state="done", under="q1"),
        item("b", 0, under="q2"),
    ]

    assert plan(rows, "year") == "75"


# --- Units, the group


def test_a_unit_is_the_mean_of_its_studios_each_one_voice_those_without_a_figure_left_out():
    voices = [Figure(Fraction(1, 2)), NOT_PLANNED, Figure(Fraction(1), complete=True)]

    assert rollup.mean(voices).progress == Fraction(3, 4)
    assert rollup.mean([NOT_PLANNED]) == NOT_PLANNED


# --- As people see it


@pytest.mark.parametrize(
    ("share", "complete", "text"),
    [
        (None, False, None),
        (Fraction(0), False, "0"),
        (Fraction(1, 1000), False, "<1"),
        (Fraction(2, 3), False, "66"),
        (Fraction(63, 100), False, "63"),
        (Fraction(999, 1000), False, "99"),
        (Fraction(1), False, "99"),
        (Fraction(1), True, "100"),
    ],
)
def test_figures_are_rounded_down_and_a_hundred_means_that_everything_is_done(share, complete, text):
    assert shown(share, complete=complete) == text


def test_a_hundred_typed_but_not_done_shows_ninety_nine():
    assert plan([item("a", 100), item("b", 100, state="done")]) == "99"


# --- What must hold whatever is typed

percents = st.none() | st.decimals(0, 100, places=2)
weights = st.decimals(Decimal("0.01"), 100, places=2)
states = st.sampled_from(
    ["not_started", "in_progress", "done", "undone", "carried", "cancelled", "tolerated"]
)


@st.composite
def trees(draw):
    """A year item, its quarter items and their month items, of any weights and states."""
    rows = [Item("y", "year", None, draw(weights), "in_progress", draw(percents))]
    for quarter in range(draw(st.integers(0, 4))):
        rows.append(Item(f"q{quarter}", f"Q{quarter}", "y", draw(weights), draw(states), draw(percents)))
        rows += [
            Item(
                f"m{quarter}.{month}", f"M{month}", f"q{quarter}", draw(weights), draw(states), draw(percents)
            )
            for month in range(draw(st.integers(0, 4)))
        ]
    return rows


@given(trees(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(rows, random):
    shuffled = random.sample(rows, len(rows))

    assert roll_up(shuffled) == roll_up(rows)


@given(trees())
def test_every_figure_lies_between_nothing_and_all(rows):
    rolled = roll_up(rows)

    for figure in [*rolled.items.values(), *rolled.plans.values()]:
        assert figure.progress is None or 0 <= figure.progress <= 1


@given(trees())
def test_a_hundred_is_shown_only_where_all_that_counts_at_the_bottom_is_done(rows):
    rolled = roll_up(rows)
    parents = {row.parent_id for row in rows}
    for row in rows:
        if row.id in parents:
            continue
        figure = rolled.items[row.id]
        assert (shown(figure.progress, complete=figure.complete) == "100") == (row.state == "done")


@given(
    st.lists(st.tuples(weights, st.decimals(0, 100, places=2)), min_size=1, max_size=6),
    weights,
    st.decimals(0, Decimal("99.99"), places=2),
)
def test_carrying_over_leaves_the_item_above_and_the_month_as_they_were(others, weight, percent):
    around = [
        item(f"o{number}", share, weight=w, under="q", plan="month")
        for number, (w, share) in enumerate(others)
    ]
    top = item("q", plan="quarter")
    before = roll_up([top, *around, item("a", percent, weight=weight, under="q")])
    rest = weight * (1 - percent / 100)
    after = roll_up(
        [
            top,
            *around,
            item("a", percent, weight=weight, under="q", state="carried"),
            item("rest", 0, weight=rest, under="q", plan="next", state="not_started"),
        ]
    )

    assert after.items["q"].progress == before.items["q"].progress
    assert after.plans["quarter"].progress == before.plans["quarter"].progress
    assert after.plans["month"].progress == before.plans["month"].progress


@given(trees())
def test_cancelling_an_item_counts_as_if_it_and_all_below_it_were_not_there(rows):
    quarters = [row for row in rows if row.parent_id == "y"]
    if len(quarters) < 2:
        return
    gone = quarters[0]
    cancelled = [Item(**{**vars(row), "state": "cancelled"}) if row == gone else row for row in rows]
    without = [row for row in rows if row != gone and row.parent_id != gone.id]

    assert roll_up(cancelled).items["y"] == roll_up(without).items["y"]


@given(st.fractions(0, 1))
def test_what_is_shown_is_never_more_than_what_was_reached(share):
    text = shown(share, complete=False)

    if text == "<1":
        assert 0 < share < Fraction(1, 100)
    else:
        assert int(text) <= share * 100 + Fraction(1, 10**6)
        assert int(text) <= 99
