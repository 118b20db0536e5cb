"""Days in the ways in which people write them; one that could be two days is neither until somebody says which."""

from datetime import date

import pytest

from matching.sheet import Order, order_of
from matching.sheet.days import both_readings, day_of

APRIL_3 = date(2026, 4, 3)


@pytest.mark.parametrize(
    "text",
    [
        "2026-04-03",
        "2026/4/3",
        "2026-04-03 18:30",
        "3.4.2026",
        "03.04.26",
        "3 April 2026",
        "April 3, 2026",
        "Apr 3 2026",
        "3rd April 2026",
        "3 de abril de 2026",
        "3 abr 2026",
        "3 avril 2026",
        "3 avr. 2026",
        "46115",
    ],
)
def test_a_day_that_can_only_be_one(text: str) -> None:
    assert day_of(text, None) == day_of(text, Order.MONTH) == APRIL_3


def test_a_day_that_could_be_two_needs_an_order() -> None:
    assert day_of("03/04/2026", None) is None
    assert day_of("03/04/2026", Order.DAY) == APRIL_3
    assert day_of("03/04/2026", Order.MONTH) == date(2026, 3, 4)
    assert both_readings("03/04/2026") == (APRIL_3, date(2026, 3, 4))
    assert both_readings("13/04/2026") is None


@pytest.mark.parametrize(
    "text", ["", "soon", "31/31/2026", "30 February 2026", "2026", "0000-00-00", "555 010 0123", "12/2026", "99999"]
)
def test_what_is_no_day(text: str) -> None:
    assert day_of(text, Order.DAY) is None


def test_a_figure_above_twelve_shows_the_order_of_the_whole_list() -> None:
    assert order_of(["03/04/2026", "13/04/2026"]) == (Order.DAY, "")
    assert order_of(["03/04/2026", "04/13/2026"]) == (Order.MONTH, "")


def test_a_list_that_shows_no_order_asks_with_one_of_its_days() -> None:
    assert order_of(["3 May 2026", "05/05/2026", "03/04/2026"]) == (None, "03/04/2026")


def test_a_list_that_shows_both_orders_asks_too() -> None:
    assert order_of(["13/04/2026", "04/13/2026", "03/04/2026"]) == (None, "03/04/2026")


def test_a_list_without_doubt_asks_nothing() -> None:
    assert order_of(["2026-04-03", "5/5/2026", "", "x"]) == (None, "")
