"""Bad arguments: InvalidArgument, with a sentence that names the argument and what would be right."""

from fractions import Fraction
from math import inf, nan

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from solvers.arithmetic.formats import FORMATS
from strategies import (
    approximately_balanced_weights,
    balanced_networks,
    balanced_weights,
    covariances,
    data_problems,
    data_stacks,
    descent_states,
    dimensions,
    dyadic_matrices,
    generic_weights,
    margin_problems,
    minima_of_imbalance,
    observations,
    orthogonal_matrices,
    positive_covariances,
    problems,
    rounded_steps,
    safe_starts,
    singular_value_lists,
    start_stacks,
    state_stacks,
    symmetric_states,
    targets,
)

BAD = [
    (rounded_steps, (), {"format": "float32"}, "format is 'float32'; expected a Format"),
    (rounded_steps, (), {"format": FORMATS["float32"], "samples": 0}, "samples is 0; expected a whole number >= 1"),
    (dyadic_matrices, (0, 2), {}, "rows is 0; expected a whole number >= 1"),
    (dyadic_matrices, (True, 2), {}, "rows is True; expected a whole number >= 1"),
    (dyadic_matrices, (2, 2.0), {}, "columns is 2.0; expected a whole number >= 1"),
    (dyadic_matrices, (2, "2"), {}, "columns is '2'; expected a whole number >= 1"),
    (dyadic_matrices, (2, 2), {"bound": 0}, "bound is 0; expected a whole number >= 1"),
    (dyadic_matrices, (2, 2), {"bits": -1}, "bits is -1; expected a whole number >= 0"),
    (orthogonal_matrices, (0,), {}, "size is 0; expected a whole number >= 1"),
    (orthogonal_matrices, (2.5,), {}, "size is 2.5; expected a whole number >= 1"),
    (singular_value_lists, (0,), {}, "count is 0; expected a whole number >= 1"),
    (singular_value_lists, (2,), {"rank": 3}, "rank is 3; expected at most 2"),
    (singular_value_lists, (2,), {"rank": -1}, "rank is -1; expected a whole number >= 0"),
    (singular_value_lists, (2,), {"rank": True}, "rank is True; expected a whole number >= 0"),
    (covariances, (0,), {}, "size is 0; expected a whole number >= 1"),
    (observations, (0, 2), {}, "rows is 0; expected a whole number >= 1"),
    (observations, (2, 1.5), {}, "columns is 1.5; expected a whole number >= 1"),
    (problems, (), {"data": "grey"}, "data is 'grey'; expected one or more of 'white', 'covariance', 'mask'"),
    (problems, (), {"data": ()}, r"data is \(\); expected one or more of 'white', 'covariance', 'mask'"),
    (targets, (0, 2), {}, "rows is 0; expected a whole number >= 1"),
    (targets, (2, None), {}, "columns is None; expected a whole number >= 1"),
    (targets, (2, 3), {"rank": 3}, "rank is 3; expected at most 2"),
    (targets, (2, 3), {"rank": 1.0}, "rank is 1.0; expected a whole number >= 0"),
    (targets, (2, 3), {"rank": 1, "singular_values": [1, 0]}, "both singular_values and rank are given"),
    (targets, (2, 3), {"singular_values": [1, Fraction(-1, 4)]}, "singular_values is .*; expected 2 numbers >= 0"),
    (targets, (2, 3), {"singular_values": [1, 1, 1]}, "singular_values is .*; expected 2 numbers >= 0"),
    (targets, (2, 3), {"singular_values": []}, "singular_values is .*; expected 2 numbers >= 0"),
    (targets, (2, 3), {"singular_values": [nan, 1]}, "singular_values is .*; expected 2 numbers >= 0"),
    (targets, (2, 3), {"singular_values": [inf, 1]}, "singular_values is .*; expected 2 numbers >= 0"),
    (state_stacks, (), {"size": 0}, "size is 0; expected a whole number >= 1"),
    (state_stacks, (), {"size": 2.0}, "size is 2.0; expected a whole number >= 1"),
    (state_stacks, (), {"size": 2, "room": 1}, "room is 1; expected True or False"),
    (state_stacks, (), {"size": 2, "imbalance": 0.5}, "imbalance is 0.5; expected a function of"),
    (state_stacks, (), {"size": 2, "learning_rate": None}, "learning_rate is None; expected a function of"),
    (state_stacks, (), {"size": 2, "dimensions": (2, 2)}, "dimensions is .*; expected a strategy"),
    (data_stacks, (), {"size": 0, "balance": "sum"}, "size is 0; expected a whole number >= 1"),
    (data_stacks, (), {"size": 2, "balance": "all"}, "balance is 'all'; expected one of each, sum"),
    (data_stacks, (), {"size": 2, "balance": "sum", "imbalance": 0}, "imbalance is 0; expected a finite number > 0"),
    (data_stacks, (), {"size": 2, "balance": "sum", "learning_rate": -1}, "learning_rate is -1; expected a finite"),
    (data_stacks, (), {"size": 2, "balance": "sum", "dimensions": 2}, "dimensions is 2; expected a strategy"),
    (data_problems, (), {"balance": "all", "margin_in": "data"}, "balance is 'all'; expected one of each, sum"),
    (data_problems, (), {"balance": "sum", "margin_in": "both"}, "margin_in is 'both'; expected one of weights, data"),
    (
        data_problems,
        (),
        {"balance": "sum", "margin_in": "data", "least_share": 0},
        r"least_share is 0; expected .*0, 1",
    ),
    (
        data_problems,
        (),
        {"balance": "sum", "margin_in": "data", "least_distance": 2},
        r"least_distance is 2; expected a number in \[0, 1\]",
    ),
    (minima_of_imbalance, ([],), {}, r"imbalance is \[\]; expected a list of eigenvalues, one at least"),
    (minima_of_imbalance, (2,), {}, "imbalance is 2; expected a list of eigenvalues"),
    (minima_of_imbalance, ([1, 0.5],), {}, r"imbalance\[1\] is 0.5; expected a rational number"),
    (start_stacks, (), {"size": 0}, "size is 0; expected a whole number >= 1"),
    (start_stacks, (), {"size": 2, "learning_rate": 0}, "learning_rate is 0; expected a finite number > 0"),
    (start_stacks, (), {"size": 2, "dimensions": (2, 2)}, r"dimensions is \(2, 2\); expected a strategy"),
    (safe_starts, (), {"dimensions": (2, 2)}, r"dimensions is \(2, 2\); expected a strategy"),
    (positive_covariances, (0,), {}, "size is 0; expected a whole number >= 1"),
    (positive_covariances, (2,), {"most": -1}, "most is -1; expected a whole number >= 0"),
    (dimensions, (), {"min_depth": 0}, "min_depth is 0; expected a whole number >= 1"),
    (dimensions, (), {"min_depth": 4, "max_depth": 3}, "min_depth is 4 but max_depth is 3"),
    (dimensions, (), {"max_depth": 2.0}, "max_depth is 2.0; expected a whole number >= 1"),
    (dimensions, (), {"max_width": 0}, "max_width is 0; expected a whole number >= 1"),
    (dimensions, (), {"bottleneck": True, "max_width": 1}, "bottleneck=True with .* max_width = 1"),
    (dimensions, (), {"bottleneck": True, "max_depth": 1}, "bottleneck=True with max_depth = 1"),
    (dimensions, (), {"bottleneck": 1}, "bottleneck is 1; expected True, False or None"),
    (dimensions, (), {"bottleneck": "no"}, "bottleneck is 'no'; expected True, False or None"),
    *(
        (networks, (bad,), more, f"dimensions{place} is .*; expected {right}")
        for networks, more in (
            (generic_weights, {}),
            (balanced_networks, {}),
            (balanced_weights, {}),
            (approximately_balanced_weights, {"imbalance": 1.0}),
        )
        for bad, place, right in (
            (3, "", r"\(d_0, ..., d_N\) with N >= 1"),
            ("23", "", r"\(d_0, ..., d_N\) with N >= 1"),
            ((2,), "", r"\(d_0, ..., d_N\) with N >= 1"),
            ((2, 0, 1), r"\[1\]", "a whole number >= 1"),
            ((2, 1, 1.0), r"\[2\]", "a whole number >= 1"),
        )
    ),
    (balanced_networks, ((2, 1, 2),), {"rank": 2}, "rank is 2; expected at most 1"),
    *(
        (
            approximately_balanced_weights,
            ((2, 2),),
            {"imbalance": bad},
            f"imbalance is {bad!r}; expected a finite number > 0",
        )
        for bad in (0, -0.5, nan, inf, True, "x", None)
    ),
    (approximately_balanced_weights, ((3, 3, 3),), {"imbalance": 1e-300}, "imbalance is 1e-300, below the rounding of"),
    *(
        (margin_problems, (), {"least_fraction": bad}, r"least_fraction is .*; expected a number in \(0, 1\]")
        for bad in (0, -1, 2, nan, inf, True, "x")
    ),
    *(
        (margin_problems, (), {"least_distance": bad}, r"least_distance is .*; expected a number in \[0, 1\]")
        for bad in (-1, 2, nan, inf)
    ),
    (margin_problems, (), {"max_depth": 0}, "max_depth is 0; expected a whole number >= 1"),
    (margin_problems, (), {"dimensions": (2, 2)}, r"dimensions is \(2, 2\); expected a strategy"),
    (margin_problems, (), {"dimensions": st.just((2, 1, 2))}, r"dimensions drew \(2, 1, 2\), which has a bottleneck"),
    (problems, (), {"dimensions": (2, 2)}, r"dimensions is \(2, 2\); expected a strategy"),
    (problems, (), {"dimensions": st.just((2,))}, r"dimensions is \(2,\); expected \(d_0, ..., d_N\)"),
    (descent_states, (), {"max_depth": 0}, "max_depth is 0; expected a whole number >= 1"),
    (symmetric_states, (), {"depths": ()}, "depths is empty; expected at least one depth"),
    (symmetric_states, (), {"depths": (2, 0)}, "depths is 0; expected a whole number >= 1"),
]


def drawn(strategy, arguments, options):
    """Call the strategy and draw from it until something is wrong, without shrinking: errors may come at either."""

    @settings(
        database=None, deadline=None, max_examples=20, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    @given(st.data())
    def drawing(data):
        data.draw(strategy(*arguments, **options))

    drawing()


@pytest.mark.parametrize(
    ("strategy", "arguments", "options", "sentence"),
    BAD,
    ids=[f"{row[0].__name__}-{row[1]}-{sorted(row[2])}-{k}" for k, row in enumerate(BAD)],
)
def test_bad_arguments_are_refused_by_name(strategy, arguments, options, sentence):
    """At the call or at the first draw, as Hypothesis's own strategies do."""
    with pytest.raises(InvalidArgument, match=sentence):
        drawn(strategy, arguments, options)


GOOD = [
    (dyadic_matrices, (1, 1), {"bits": 0}),
    (singular_value_lists, (1,), {"rank": 0}),
    (targets, (1, 2), {"singular_values": [0]}),
    (dimensions, (), {"min_depth": 1, "max_depth": 1, "max_width": 1}),
    (dimensions, (), {"bottleneck": True, "max_depth": 2, "max_width": 2}),
    (generic_weights, ([1, 1],), {}),
    (approximately_balanced_weights, ((1, 1),), {"imbalance": Fraction(1, 1000)}),
    (margin_problems, (), {"max_depth": 1, "least_fraction": 1, "least_distance": 1}),
]


@pytest.mark.parametrize(("strategy", "arguments", "options"), GOOD, ids=[row[0].__name__ for row in GOOD])
def test_arguments_at_the_edge_are_taken(strategy, arguments, options):
    """The last values before the refused ones can be drawn from."""
    drawn(strategy, arguments, options)
