"""The deficiency margin of a random network with one output is positive with probability near, and below, one half.

Setting. d_N = 1 and Phi != 0. All entries of W_1, ..., W_N are independent N(0, s^2). W = W_N ... W_1 is a row of d_0
entries, r = ||W|| its length, theta the angle between W and Phi, and h = r / (2 ||Phi||).

Statement.
1. Any direction is as likely. W / r is uniform on the sphere and independent of r: given the layers above the first, W
   is N(0, s^2 ||v||^2 I) with v = W_N ... W_2.
2. The margin is an angle. It is positive if and only if cos theta > h and W != 0 (which has margin 0).
3. A spherical cap. Given r,

       P(margin > 0 | r) = 1/2 I_{1 - h^2}((d_0 - 1)/2, 1/2)   for 0 < r < 2 ||Phi||,
                           0                                   for r >= 2 ||Phi||,

   with I the regularised incomplete beta function. At d_0 = 1, the degenerate case, cos theta is +-1 and the cap is
   1/2, the limit of the formula.
4. Below one half. The cap decreases in h. Given r > 0 it is below 1/2 for d_0 >= 2, and exactly 1/2 for d_0 = 1 and
   r < 2 ||Phi||. Without the condition on r, the probability is below 1/2 for every d_0, N and s > 0. It tends to 1/2
   as s -> 0.
5. But a small margin. The margin is at most r, and E r^2 = s^{2N} d_0 d_1 ... d_{N-1}: as s -> 0 the margin tends to 0
   in probability.

Proof of 1 and the mean in 5. The entries of v W_1 are combinations of those of W_1, with coefficients v (x) I, whose
Gram matrix is ||v||^2 I. Its trace, times s^2, is E r^2 given v, and so on up the layers.

Proof of 2. ||Phi||^2 - ||W - Phi||^2 = 2 <W, Phi> - r^2.

Proof of 3. For normal x in R^d, d >= 2, q = x_1^2 / ||x||^2 has density q^{-1/2} (1-q)^{(d-3)/2} / B(1/2, (d-1)/2), and
the sign of x_1 is fair and independent of q.

Proof of 4. The derivative in h is minus the density of cos theta; r >= 2 ||Phi|| has positive probability. As s -> 0,
h -> 0 in probability, and the cap is continuous in h and bounded.

Proof of 5. ||W - Phi|| >= ||Phi|| - r, and Markov's inequality.

Hypotheses. Normal entries, one output, Phi != 0; any depth and widths.
Source. ACGH19 (arXiv:1810.02281), Claim 3.
Differs from the source. The probability is made exact here. "Below 1/2 given r" needs d_0 >= 2: at d_0 = 1 it is
exactly 1/2, and the smallest counterexample is a control.
Evidence. Sampled with fixed seeds; the tests' level and what they trust are in ``claims.suite.statistics``.
"""

from claims.suite import ACGH19, DLC, Claim, Status

CLAIM = Claim(
    uid="DL-015",
    title="Margin of a random scalar-output network",
    statement=__doc__,
    sources=(ACGH19.at("Claim 3"), DLC.at("DL-015")),
    items=("6.2",),
    status=Status.THEOREM,
    hypotheses=("normal entries", "one output", "Phi != 0"),
)
