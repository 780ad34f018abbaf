"""Through a layer of width k no weight gets below the k-th tail of the target's spectrum (Eckart and Young).

Statement. Let the depth be N >= 2 and some hidden width d_j <= k < n = min(d_0, d_N). Let s_1 >= ... >= s_n be the
singular values of Phi, any d_N x d_0 matrix.

1. The tail. For every weight, whatever the depth, the other widths and how the weights were reached,

       l >= 1/2 sum_{i > k} s_i^2.

2. It is attained by the truncated singular value decomposition, with exactly balanced layers too.

3. Theorem 1 fails across a bottleneck once its margin is not asked to be positive. With Phi = s Q R^T, Q and R
   orthogonal, k = n - 1 and the truncated decomposition, the margin is exactly 0, all layers are balanced, and
   l = s^2 / 2 for ever. A positive margin excludes bottlenecks (``deficiency_margin``, DL-005, statement 4).

Proof of 1. Let d_0 <= d_N, or else transpose. W = A B with k columns in A, so W X = 0 for some X of n - k orthonormal
columns, and

       ||W - Phi||_F^2 >= ||(W - Phi) X||_F^2 = ||Phi X||_F^2 = sum_i s_i^2 t_i,

where t_i in [0, 1] are the squared row norms of X in Phi's right singular basis, of sum n - k. Weights t_i of a fixed
sum fall best on the smallest values:

       sum_i s_i^2 t_i - sum_{i > k} s_i^2 = sum_i (s_i^2 - s_{k+1}^2) (t_i - [i > k]),

all of whose terms are >= 0.

Hypotheses. A bottleneck: d_j <= k < min(d_0, d_N) for some j. Phi any matrix.
Source. Eckart and Young, The approximation of one matrix by another of lower rank, Psychometrika 1 (1936).
Differs from the source. The source speaks of matrices; layers, and 3, are this project's.
"""

from claims.suite import DLC, Claim, Source, Status

EY36 = Source(
    "EY36",
    "Carl Eckart, Gale Young",
    "The Approximation of One Matrix by Another of Lower Rank",
    "Psychometrika 1 (1936)",
    "doi:10.1007/BF02288367",
)

CLAIM = Claim(
    uid="DL-020",
    title="A bottleneck bounds the loss",
    statement=__doc__,
    sources=(EY36, DLC.at("DL-020")),
    items=("5.7", "5.8"),
    status=Status.THEOREM,
    hypotheses=("bottleneck",),
    uses=("DL-005",),
)
