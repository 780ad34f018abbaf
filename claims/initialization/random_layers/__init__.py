"""Layers of small random entries are nearly balanced, with high probability.

Setting. All entries of all layers W_1, ..., W_N are independent N(0, s^2), s > 0. W_j is d_j x d_{j-1}, d_max is the
largest width, and B_j = W_{j+1}^T W_{j+1} - W_j W_j^T, j = 1, ..., N-1, tells how far two layers are from balance.

Statement.
1. The mean. For every j

       E ||B_j||_F^2 = s^4 [ (d_{j+1} + d_{j-1}) d_j (d_j + 1) + (d_{j+1} - d_{j-1})^2 d_j ].

2. The probability. For every delta > 0

       P(||B_j||_F <= delta for every j) >= 1 - 10 N s^4 d_max^3 / delta^2.

3. A smaller constant. In place of 10 N s^4 d_max^3 the sum of the means will do, and

       sum_j E ||B_j||_F^2 <= 2 (N-1) s^4 d_max^2 (d_max + 1) <= 4 (N-1) s^4 d_max^3.

   The first inequality is attained by equal widths, both at width 1.

Proof of 1. With A = W_{j+1} (m x n) and C = W_j (n x k)

       ||B_j||_F^2 = tr (A^T A)^2 - 2 tr (A^T A)(C C^T) + tr (C C^T)^2.

By Wick's formula the expectation of a product of entries is a sum over the pairings of entries of equal matrices. A
pairing contributes the number of index values that it leaves free, a monomial in m, n, k.

Proof of 2 and 3. For widths at most d the sum over j is at most (N-1) 2 d^2 (d+1) s^4, an inequality of polynomials.
By Markov, P(||B_j||_F > delta) <= E ||B_j||_F^2 / delta^2. The probability that one of N-1 events happens is at most
the sum of theirs.

Hypotheses. Normal and independent entries; any depth, any widths, s > 0. At depth 1 there is nothing to balance, and
the bound of 2 is below 1.
Source. 2: ACGH19 (arXiv:1810.02281), Claim 2. 1 and 3: this project. No data enters: the claim is of networks alone.
Differs from the source. 1 and 3 are this project's.
Evidence. Sampled with fixed seeds; the tests' level and what they trust are in ``claims.suite.statistics``.
"""

from claims.suite import ACGH19, DLC, Claim, Status

CLAIM = Claim(
    uid="DL-014",
    title="Random layers are nearly balanced",
    statement=__doc__,
    sources=(ACGH19.at("Claim 2"), DLC.at("DL-014")),
    items=("6.1",),
    status=Status.THEOREM,
    hypotheses=("normal entries", "independent entries"),
)
