"""What an expression may name, and where a hunt may look: tables, read by the help, the reader and the hunt itself.

This module and :mod:`~claims.suite.hunting.reading` import nothing but the standard library, so that what cannot be
understood is refused at once.
"""

from __future__ import annotations

NAMES = {
    "depth": "N, the number of layers",
    "widths": "(d_0, ..., d_N)",
    "steps": "the number of steps run, so that loss[steps] is the last loss",
    "learning_rate": "eta",
    "target": "Phi, a matrix: target[i, j], target.T, target @ target.T",
    "weights": "weights[t] is (W_1, ..., W_N) at step t: weights[0][1][i, j]",
    "end_to_end": "end_to_end[t] is the matrix W_N ... W_1 at step t",
    "loss": "loss[t] = 1/2 ||W - Phi||_F^2 at step t",
    "imbalance": "imbalance[t] = max_j ||W_{j+1}^T W_{j+1} - W_j W_j^T||_F at step t, 0 for depth 1",
    "sigma_min": "sigma_min[t], the least singular value of W at step t",
    "gradient_norm": "gradient_norm[t], of all layer gradients together, at step t: 0 exactly at critical points",
    "margin": "the deficiency margin of the start, sigma_min(Phi) - ||W - Phi||_F at step 0",
    "target_norm": "||Phi||_F",
    "target_sigma_min": "the least singular value of Phi",
    "converges": (
        "whether the loss goes to 0: true once it is 0, false once the run is exactly at a critical point or "
        "in a cycle of positive loss, else undecided, which never refutes"
    ),
}
"""What an expression may use of a trajectory (each is a property of ``Trajectory``), and what it means."""

SERIES = ("weights", "end_to_end", "loss", "imbalance", "sigma_min", "gradient_norm")
"""Those with one value a step."""
NUMBERS = ("depth", "steps", "learning_rate", "margin", "target_norm", "target_sigma_min")
"""Those that are one number, of the start."""

FUNCTIONS = (
    *("sqrt", "norm", "determinant", "identity"),
    *("abs", "all", "any", "enumerate", "float", "Fraction", "len", "list", "max", "min", "range", "reversed"),
    *("sorted", "sum", "tuple", "zip"),
)
"""What an expression may call."""
OF_MATRICES = ("T", "all", "any", "diagonal", "max", "min", "sum", "trace")
"""What an expression may ask of a matrix, after a dot."""

SPACES = {
    "problems": "any network with entries k/8 in [-2, 2], any such target, any learning rate",
    "zero": "all weights zero, any target",
    "identity": "every layer the identity, any square target",
    "scalar": "width 1: weights and target k/4 in [-8, 8]",
    "balanced": "all imbalances exactly 0, any target, any learning rate",
    "margin": "a positive deficiency margin; layers as unbalanced as they come, any learning rate",
    "balanced-margin": "all imbalances exactly 0 and a positive deficiency margin, any learning rate",
    "theorem": "all hypotheses of Theorem 1 (DL-004), its limit on the learning rate included",
}
"""Where a hunt may look (each is a function of ``spaces``), and which problems are there."""

UNASSIGNED = "DLX-000"
"""The uid of a counterexample that is not in the catalogue."""
