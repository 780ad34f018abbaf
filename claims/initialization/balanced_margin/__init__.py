"""The margin of a balanced start with one output is a non-central chi^2, and large enough with any p below one half.

Setting. d_N = 1 and Phi != 0. A (1 x d_0) has independent N(0, s^2) entries, and the weights at step 0 are those of
Procedure 1 (``balanced_initialization``) for A, so that W(0) = A. The margin is ||Phi|| - ||A - Phi||.

Statement.
1. Its law. For 0 <= c <= ||Phi||

       P(margin >= c) = P(||A - Phi|| <= ||Phi|| - c)

   is the cdf, at (||Phi|| - c)^2 / s^2, of the non-central chi^2 with d_0 degrees of freedom and non-centrality
   ||Phi||^2 / s^2: the mixture of chi^2 laws with d_0 + 2i degrees, i = 0, 1, 2, ..., and weights exp(-m) m^i / i!,
   m = ||Phi||^2 / (2 s^2). It is below 1/2, even for c = 0.
2. Any probability below one half. For every p in (0, 1/2), d_0 >= 1 and 0 < s <= ||Phi|| / sqrt(a d_0^2),

       P(margin >= s^2 d_0 / (2 ||Phi||)) >= p   with   a = (e + 2)^2 / (2 pi e^4),   e = 1/2 - p.

3. One twentieth. The same with a = 1 for p = 1/20. With a = 11/20 it is false (d_0 = 1), and with a = 1/3 for d_0 = 10.

Proof of 1. A / s is N(0, I), shifted by Phi / s; both sides have the same Laplace transform. The margin is >= 0 where
2 <A, Phi> >= ||A||^2, so only where <A, Phi> > 0.

Proof of 2. Let

    sigma = s / ||Phi||,   Z = <A, Phi> / (s ||Phi||),   Q = ||A||^2 / s^2,
    c = s^2 d_0 / (2 ||Phi||), which is below ||Phi||.

The margin is at least c where sigma^2 Q - 2 sigma Z <= -sigma^2 d_0, or Z >= sigma (d_0 + Q) / 2. For
sigma <= x / d_0, x = 1 / sqrt(a), this holds where Z >= x (1 + M) / 2 and Q < M d_0, and so with probability at least

    1/2 - x (1 + M) / (2 sqrt(2 pi)) - 1/M

(Markov, E Q = d_0). M = 2 / e and the a above make this p.

Proof of 3. Take M = 2. From d_0 = 28 on P(Z >= 3/2) - P(Q >= 2 d_0) > 1/20, the latter at most (2/e)^{d_0/2}
(Chernoff; this e is Euler's). Below, the cdf itself at sigma = 1 / d_0 is above 1/20, and the event shrinks as sigma
grows.

Hypotheses. Normal entries, one output, small entries, p < 1/2, as stated.
Source. ACGH19 (arXiv:1810.02281), Theorem 2, of which this is the probabilistic part.
Differs from the source. Its constants are not hidden here.
Evidence. Sampled with fixed seeds; the tests' level and what they trust are in ``claims.suite.statistics``.
"""

from claims.suite import ACGH19, DLC, Claim, Status

CLAIM = Claim(
    uid="DL-034",
    title="Margin of a balanced start",
    statement=__doc__,
    sources=(ACGH19.at("Theorem 2"), DLC.at("DL-034")),
    items=("6.4",),
    status=Status.THEOREM,
    hypotheses=("normal entries", "one output", "small entries", "p < 1/2"),
    uses=("DL-016",),
)
