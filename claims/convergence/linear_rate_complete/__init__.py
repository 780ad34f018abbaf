"""Theorem 1 run to its own T, at its own learning rate, at depths 1 to 4.

Statement. That of ``linear_rate`` (DL-004), nothing extrapolated. Start with deficiency margin c > 0, delta-balanced,
take the largest learning rate, run all the steps,

    eta = c^{(4N-2)/N} / (6144 N^3 Phi_F^{(6N-4)/N}),   T = ceil(ln(l(0)/eps) / (eta c^{2(N-1)/N})),

and find l(T) <= eps.

How long that is. At this eta

    T = 6144 N^3 (Phi_F / c)^{(6N-4)/N} ln(l(0)/eps),  rounded up:

it depends on N, Phi_F / c and l(0)/eps alone. That is what limits the runs: with c near Phi_F and eps = l(0)/2 it is
4 thousand at depth 1, 34 thousand at 2, 115 thousand at 3 and 273 thousand at 4. For a d x d target of condition one it
is d^{(3N-2)/N} times as much.

Proof. ``linear_rate``. Coq's kernel has checked it in the words above: real powers, logarithm and T, over the real
numbers (``kernel_checked``). That proof takes ratios of norms along the product where the paper takes singular
vectors, and telescopes the remainder of a step; ``linear_rate`` tells how. What is run here is another matter: a
float64 program, at the theorem's constants, for all of its T.

Hypotheses. As stated.

Covered: rank-one targets, the diabetes data among them, and 2 x 2 and 3 x 3 multiples of rotations.
Not covered: linnerud, whose sigma_min is 1/16 of Phi_F, so that T is above 10^9 (witnessed below); depth 5 and more.

How. Every float64 run carries the bound of ``solvers/descent/error_bound.py`` on its distance from the exact descent.
Runs longer than half a million steps need the compiled kernel, and are not collected without it.

Source. ACGH19 (arXiv:1810.02281), Theorem 1.

Differs from the source. In nothing but that T is rounded up to a whole number.
"""

from claims.suite import ACGH19, Claim, Status

CLAIM = Claim(
    uid="DL-021",
    title="Theorem 1 run to its own T",
    statement=__doc__,
    sources=(ACGH19.at("Theorem 1"),),
    items=("4",),
    status=Status.THEOREM,
    uses=("DL-004",),
)
