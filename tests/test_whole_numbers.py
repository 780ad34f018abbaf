"""Whole numbers as options of commands: how they are written, their limits, and the sentence that names them."""

import argparse

import pytest

from claims.command_line.numbers import whole_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1),
        ("007", 7),
        ("10000", 10**4),
        ("10^6", 10**6),
        ("2^10", 1024),
        ("1e6", 10**6),
        ("25E3", 25000),
        ("1e+3", 1000),
        ("1e12", 10**12),
        ("1000000000000", 10**12),
    ],
)
def test_numbers_as_people_write_them(text, number):
    assert whole_number(1, 10**12)(text) == number


@pytest.mark.parametrize(
    "text",
    ["", "-1", "+1", "1.5", "1_000", " 1", "1\n", "٣", "x", "1e", "e6", "2^", "1e-3", "1" * 5000, "9^99999", "1e999"],
)
def test_what_is_no_whole_number(text):
    with pytest.raises(argparse.ArgumentTypeError, match="expected a whole number from 0 to 10"):
        whole_number(0, 10**18)(text)


def test_limits_are_allowed_and_what_is_beyond_them_is_not():
    read = whole_number(2, 100)
    assert [read("2"), read("100")] == [2, 100]
    for text in ("1", "101", "1e3"):
        with pytest.raises(argparse.ArgumentTypeError, match=rf"^'{text}'; expected a whole number from 2 to 100$"):
            read(text)


@pytest.mark.parametrize(
    ("most", "told"),
    [
        (1000, "from 1 to 1000"),
        (10**6, "from 1 to 10^6, as in 10000, 10^6 or 1e6"),
        (10**6 + 1, "from 1 to 1000001, as in 10000, 10^6 or 1e6"),
        (2 * 10**6, "from 1 to 2000000, as in 10000, 10^6 or 1e6"),
    ],
)
def test_the_sentence(most, told):
    with pytest.raises(argparse.ArgumentTypeError) as error:
        whole_number(1, most)("0")
    assert str(error.value) == f"'0'; expected a whole number {told}"
