"""Strategies that are built once: the same for the same arguments, anew for what only looks the same or may change."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

import strategies
from strategies.built_once import KEPT, built_once
from strategies.matrices import dyadic_matrices


@built_once
def anything(*args, **kwargs):
    """Of any arguments."""
    return st.just((args, kwargs))


@pytest.mark.parametrize("arguments", [(), (2,), (2, None, "each", 1.5, True), ((1, 2, 3),), ((),)])
def test_the_same_for_the_same_arguments(arguments):
    assert anything(*arguments) is anything(*arguments)
    assert anything(*arguments, rank=1) is anything(*arguments, rank=1)


@pytest.mark.parametrize(
    ("one", "other"),
    [(1, True), (1, 1.0), (0, False), (1, np.int64(1)), ((1, 2), (True, 2)), ((1, 2), (1.0, 2)), ((1,), [1])],
)
def test_another_for_what_is_equal_but_of_another_type(one, other):
    assert anything(one) is not anything(other)
    assert anything(rank=one) is not anything(rank=other)


@pytest.mark.parametrize("argument", [[1, 2], {1: 2}, np.eye(2), st.integers(), ([1],), (1.0, 2)])
def test_never_the_same_for_what_may_change(argument):
    assert anything(argument) is not anything(argument)


def test_no_more_are_kept_than_said():
    first = anything(-1)
    for number in range(KEPT):
        anything(number)
    assert anything(KEPT - 1) is anything(KEPT - 1)
    assert anything(-1) is not first


def test_it_is_the_function_that_it_was():
    assert anything.__name__ == "anything"
    assert anything.__doc__ == "Of any arguments."


def test_a_bad_argument_is_told_each_time():
    for _ in range(2):
        with pytest.raises(InvalidArgument, match=r"rows is 0; expected"):
            dyadic_matrices(0, 2)


def test_ours_are_built_once():
    assert strategies.dimensions(max_depth=3) is strategies.dimensions(max_depth=3)
    assert dyadic_matrices(2, 3) is dyadic_matrices(2, 3)
    assert dyadic_matrices(2, 3) is not dyadic_matrices(3, 2)
    assert strategies.covariances(2) is strategies.covariances(2)


@pytest.mark.parametrize("kept", [strategies.covariances(2), strategies.observations(2, 2)])
def test_nobody_is_given_an_array_that_another_was_given(kept):
    """Whoever writes into one changes none that is drawn later."""
    arrays = []

    @settings(max_examples=10, database=None)
    @given(st.lists(kept, min_size=4, max_size=4))
    def draw(drawn):
        arrays.extend(drawn)

    draw()
    assert not any(np.shares_memory(one, other) for index, one in enumerate(arrays) for other in arrays[:index])
