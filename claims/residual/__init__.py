"""Residual networks: layers that start at the identity, what they learn, and what they never do.

With W_j(0) = I there is no margin to begin with, unless the target is near the identity. What does gradient descent
learn from there? For a symmetric target it moves each eigenvalue apart, as a scalar network whose layers all start at
1. So the answer is one of numbers: a positive eigenvalue is learned at a linear rate, zero at a slower one, and a
negative eigenvalue, under a small learning rate or at even depth, never: its root is on the other side of zero, or
nowhere.

The chapter is one claim, ``residual_networks`` (DL-032). Its opening page has five statements; its modules, in order:

    eigenvalues           1  layers stay equal and commute with the target: one scalar recurrence an eigenvalue
    positive_definite     2  the rate 1 - eta N m^{2N-2}, its proof and its sharpness
    complete_runs         2  from the identity to the end: real covariances, in balls and as whole networks
    zero_eigenvalues      3  learned, at no linear rate
    negative_eigenvalues  4  not learned, but by a jump at odd depth
    near_the_identity     5  ||Phi - I||_F < 1/2: the hypotheses of Theorem 1 (DL-004) hold

It uses DL-006 (``margin_needed``) for the floor under a negative eigenvalue at even depth. What statements 2 and 5
promise of a network of one's own is in ``solvers.guarantees``: ``residual`` and ``near_identity``.

Not covered: other starts than the identity, and targets that are neither symmetric nor near it.
"""
