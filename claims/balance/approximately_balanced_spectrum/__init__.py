"""Layers that are nearly balanced nearly share their spectrum, and none is much larger than the N-th root of |W|_2.

Notation. Sing(A) is the diagonal of A's singular values, largest first; ||.||_F is Frobenius's norm, |.|_2 the
spectral one. W_{i:j} = W_j ... W_i, W = W_{1:N}, and B_j = W_{j+1}^T W_{j+1} - W_j W_j^T.

Statement. Let delta >= ||B_j||_F for all j (the network is delta-balanced), and M >= |W_j|_2 for all j.

1. Mirsky. For A and B of one shape

       ||Sing(A) - Sing(B)||_F <= ||A - B||_F.

2. Rotated diagonals. Let D1, D2 >= 0 be diagonal and sorted, O orthogonal, e = ||D1 - O D2 O^T||_F. Then

       ||D1 - D2||_F <= e    and    ||D1 - O D1 O^T||_F <= 2 e.

   Both constants are attained, at once.

3. Powers. For k = 1..N

       ||W_{1:k}^T W_{1:k} - (W_1^T W_1)^k||_F <= k(k-1)/2 delta M^{2(k-1)},

   and the mirror image for W_{N-k+1:N} W_{N-k+1:N}^T and W_N W_N^T. Attained at k = 2; for k >= 3 approached as
   delta -> 0, never attained for delta > 0. No smaller constant does for any k.

4. Norms. If delta <= C^{2/N} / (3 N^2) and |W|_2 <= C, then for every j

       |W_j|_2^2 <= 2^{1/N} C^{2/N}.

   The source asks for delta <= C^{2/N} / (30 N^2), ten times as little. With 1/2 in place of 3 the statement is false
   at depth 5, with 7/10 at depth 100, and with N in place of N^2 from depth 6 on.

Proof of 1. Squared, it says <A, B> <= sum_i s_i t_i for the singular values s of A and t of B.

- In singular bases <A, B> = sum_ij s_i t_j U_ij V_ij with U and V orthogonal.
- Mean squares: |U_ij V_ij| <= p_ij = (U_ij^2 + V_ij^2)/2, and rows and columns of p sum to at most 1.
- Abel's summation: with the steps a_k = s_k - s_{k+1} >= 0 and b_l = t_l - t_{l+1} >= 0

    sum_i s_i t_i - sum_ij s_i t_j p_ij
        = sum_kl a_k b_l (min(k, l) - sum_{i<=k, j<=l} p_ij) >= 0.

Proof of 2. By 1, and by D1 - O D1 O^T = (D1 - O D2 O^T) + O (D2 - D1) O^T.

Proof of 3. Let X = W_i W_i^T and Y = W_{i+1}^T W_{i+1} = X + B_i, and m = k - i. Replacing Y by X in
W_{1:i}^T Y^m W_{1:i} gives W_{1:i-1}^T (W_i^T W_i)^{m+1} W_{1:i-1}. So, layer by layer, W_{1:k}^T W_{1:k} becomes
(W_1^T W_1)^k. A replacement costs

    W_{1:i}^T (sum_{r<m} Y^r B_i X^{m-1-r}) W_{1:i},

at most m delta M^{2(k-1)}, and m runs over 1..k-1. For m = 2 equality would need the range of B_i in the eigenspaces of
X and of Y at M^2, where B_i = Y - X is zero.

Proof of 4. Let M^2 = |W_j|_2^2 be the largest. Neighbours differ by at most delta, so
|W_1|_2^2 >= M^2 - (N-1) delta. By 3, then by Bernoulli's inequality,

    |W|_2^2 >= (M^2 - (N-1) delta)^N - N(N-1)/2 delta M^{2(N-1)}
            >= M^{2N} (1 - 3/2 N(N-1) delta / M^2).

Were M^{2N} > 2 C^2, the last bracket would be above 1 - (N-1)/(2N) > 1/2, and |W|_2^2 > C^2.

Hypotheses. As stated: every depth, width and rank. C, M and delta may be any numbers that large.

Source. ACGH19 (arXiv:1810.02281), Lemmas 3 to 6; Mirsky (1960) for 1, which is proved here.

Differs from the source. The constants of 3 and 4, and what is said of their being best possible, are this project's.
"""

from claims.suite import ACGH19, DLC, Claim, Status

CLAIM = Claim(
    uid="DL-010",
    title="Nearly balanced layers nearly share a spectrum",
    statement=__doc__,
    sources=(ACGH19.at("Lemmas 3-6"), DLC.at("DL-010")),
    items=("2.5", "2.6"),
    status=Status.THEOREM,
)
