"""The layers of a balanced network share their singular values, the N-th roots of the product's, and their bases.

Statement. Let W_1, ..., W_N be balanced: every imbalance B_j = W_{j+1}^T W_{j+1} - W_j W_j^T, j = 1..N-1, is zero.
Write W_{i:j} = W_j ... W_i and W = W_{1:N}.

1. Powers. For every j

       W_{1:j}^T W_{1:j} = (W_1^T W_1)^j,
       W_{j:N} W_{j:N}^T = (W_N W_N^T)^{N-j+1}.

   So W^T W = (W_1^T W_1)^N.

2. Values. All layers have the same non-zero singular values, with multiplicities: they are the N-th roots of those
   of W.

3. Bases. For each singular value, 0 included, the left singular space of layer j is the right singular space of
   layer j+1.

Proof of 1. Induction over the depth. The layers above the first are balanced, so V = W_{2:j} has
V^T V = (W_2^T W_2)^{j-1} = (W_1 W_1^T)^{j-1}. Hence

    W_{1:j}^T W_{1:j} = W_1^T (W_1 W_1^T)^{j-1} W_1 = (W_1^T W_1)^j.

The other half is the same for the transposed network.

Proof of 2. A A^T and A^T A have the same non-zero eigenvalues, as often (Sylvester: x^n det(x I - A A^T) =
x^m det(x I - A^T A) for A of shape m x n). So W_j^T W_j passes its own on to W_j W_j^T, which is W_{j+1}^T W_{j+1}, and
so on from layer to layer. By 1 the squared singular values of W are the N-th powers of those of W_1.

Proof of 3. The left singular space of layer j for s is the eigenspace of W_j W_j^T at s^2, the right one of layer j+1
that of W_{j+1}^T W_{j+1}: the same matrix.

Hypotheses. Exact balance and nothing else: every depth, every width (bottlenecks too), every rank, zero included. For
networks balanced up to rounding the statement is that of ``approximately_balanced_spectrum`` (DL-010), sampled here.

Source. ACH18 (arXiv:1802.06509), proof of Theorem 1.

Differs from the source. The source has these facts inside a proof; they are stated by themselves here.
"""

from claims.suite import ACH18, Claim, Status

CLAIM = Claim(
    uid="DL-009",
    title="Balanced layers share a spectrum",
    statement=__doc__,
    sources=(ACH18.at("proof of Theorem 1"),),
    items=("2.4",),
    status=Status.THEOREM,
)
