"""What the library refuses from the author of a chapter, each in one line that names what is wrong."""

from __future__ import annotations

import pandas as pd
import pytest

from essay import claims, facts, figures, tables, text

TABLE = pd.DataFrame({"people": [1]})


def number(**changes):
    return facts.fact(**{"id": "some-fact", "value": 3, "show": "{}", "how": "rows", "source": "claims", **changes})


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"value": float("nan")}, "fact some-fact: the value is missing"),
        ({"value": [3]}, "fact some-fact: list is neither a number nor text"),
        ({"show": "three"}, "fact some-fact: the format 'three' does not show the value"),
    ],
)
def test_a_fact_that_shows_no_value(changes, says):
    assert number().shown == "3"
    with pytest.raises(ValueError, match=says):
        number(**changes)


def test_a_sourced_fact_without_its_row():
    with pytest.raises(tables.TableError, match="facts_cecot: 0 rows with id = 'no-such-row', where one is asked for"):
        facts.sourced("a-fact", tables.load("facts_cecot"), "{}", row="no-such-row")


def test_a_name_in_place_of_a_table():
    with pytest.raises(tables.TableError, match=r"facts_cecot: this is a name .* write tables\.load\('facts_cecot'\)"):
        facts.sourced("a-fact", "facts_cecot", "{}")


def test_receipts_with_an_id_twice():
    with pytest.raises(ValueError, match="an id stands twice among some-fact, some-fact"):
        facts.receipts(number(), number())


def test_a_card_of_a_claim_that_is_not_in_the_ledger():
    with pytest.raises(tables.TableError, match="no claim 'esp-99'"):
        claims.cards("esp-01", "esp-99")


def test_a_part_that_the_ledger_does_not_have():
    with pytest.raises(tables.TableError, match="no part 'war'; known: intro"):
        claims.ledger("war")


def test_a_figure_whose_id_makes_no_address():
    with pytest.raises(figures.FigureError, match="the id is part of an address"):
        figures.show(
            "My Figure",
            lambda fig, narrow: None,
            title="A title that says what was found",
            caption="A caption that says what is drawn here.",
            alt="A text in place of the picture that says all that the picture shows to those who see it.",
            data=TABLE,
            sources=["claims"],
            height=(1, 1),
        )


@pytest.mark.parametrize("wrong", [100, -1, 2.5])
def test_a_number_that_is_not_written_in_words(wrong):
    with pytest.raises(ValueError, match=f"{wrong}: only whole numbers from 0 to 99"):
        text.words(wrong)


def test_a_list_of_one_or_none_needs_no_comma():
    assert (text.listed(["one"]), text.listed([])) == ("one", "")
    assert text.listed(["one", "two", "three"]) == "one, two and three"
