"""The proof of Theorem 1 as a ledger: lemmas of a single step, each naming the ones it uses.

Notation. G = W - Phi, L = 1/2 ||G||_F^2, D_j is the gradient of layer j, and

    S = sum_j ||D_j||_F^2           D = max_j ||B_j||_F, the imbalance       sigma = sigma_min(W)
    M >= max_j |W_j|_2              P = sum_j W_{j+1:N} D_j W_{1:j-1}        R = W(t+1) - W + eta P
    y = eta M^{N-2} |G|_2           tau = (N-1)/2 y (1+y)^{N-2}
    kept = 1 - tau - (eta/2) N M^{2N-2} (1 + tau)^2

Statement. Anywhere. For ANY weights without a bottleneck, any target and any learning rate:

    1.  layer norms        |W_j|_2^2 <= |W|_2^{2/N} + 3/2 (N-1) D
    2.  end layers         sigma_min(W_{2:N})^2 >= sigma^2 / (sigma^{2/N} + (N-1) D) where d_N <= d_0, else W_{1:N-1}
    3.  first order        S >= sigma^2 ||G||_F^2 / (sigma^{2/N} + (N-1) D)
    4.  preconditioner     <G, P> = S and ||P||_F^2 <= N M^{2N-2} S
    5.  remainder          <G, R> <= eta tau S and ||R||_F <= tau eta M^{N-1} sqrt(N S);
                           and, where N y' <= 1/2 for y' = eta M^{N-2} ||G||_F,
                           ||R||_F <= 5/6 N^2 eta^2 M^{3N-4} ||G||_F^2  (4.6 had 2 for 5/6)
    6.  descent            L(t+1) <= L(t) - kept eta S
    7.  drift              ||B_j(t+1) - B_j(t)||_F <= eta^2 (||D_j||_F^2 + ||D_{j+1}||_F^2)

In the set. For any state in the set of Lemma 7, |W - Phi|_2 <= Phi_F, ||B_j||_F <= 2 delta, sigma >= c > 0, eta at most
its limit (delta and the limit are those of ``linear_rate``):

    8.  small imbalance    (N-1) 2 delta <= sigma^{2/N} / 216
    9.  norms              |W_j|_2^{2N} <= 5 Phi_F^2: Lemma 7's |W_j|_2 <= (4 Phi_F)^{1/N} need not be assumed
    10. kept               kept >= 3/4
    11. Lemma 7            L(t+1) <= L(t) - eta/2 sigma^{2(N-1)/N} ||G||_F^2
    12. norms after a step |W_j(t+1)|_2^N <= 9/4 Phi_F (Lemma 2 has 4 for 9/4)
    13. drift in the set   ||B_j(t+1) - B_j(t)||_F <= 2 eta^2 M^{2(N-1)} ||G||_F^2 with M^2 = (8 Phi_F^2)^{1/N}
    14. potential          ||B_j||_F + 2 eta L does not rise
    15. total drift        4 eta M^{2(N-1)} (Phi_F^2/2) / c^{2(N-1)/N} <= delta, and eta Phi_F^2 <= delta
    16. one step of Theorem 1  L(t+1) <= (1 - eta c^{2(N-1)/N}) L(t)

Theorem 1 by induction. Row 16 keeps ||G||_F from rising, so sigma_min(W) >= c (``deficiency_margin``, DL-005) and
|W - Phi|_2 <= Phi_F; rows 14 and 15 keep 2 delta. That is the whole of Theorem 1.

Proof of 2. Let W_{2:N} y = s v be its least singular pair, r = |W_1^T y|^2. Going up from y, the ratios rho_k =
|W_{k+1:2} y|^2 / |W_{k:2} y|^2 satisfy rho_1 >= r - D and, by Cauchy and Schwarz, rho_{k+1} >= rho_k - D. Their product
is s^2, and s^2 r = |W^T v|^2 >= sigma^2. If r <= sigma^{2/N} + (N-1) D divide by r; if not, all rho_k > sigma^{2/N}.

Proof of 1. The same from the top singular vector of W_1 (or W_N, the nearer), whose |W_1|_2^2 >= |W_j|_2^2 - (N-1)/2 D.

Proof of 3. S >= ||D_1||_F^2 (or ||D_N||_F^2), and 2.

Proof of 4 and 5. Triangle inequality, and |D_j|_2 <= M^{N-1} |G|_2. A product of k of the D_i and N - k layers has
nuclear norm at most ||D_i||_F ||D_j||_F M^{N-k} (M^{N-1} |G|_2)^{k-2} for any two of its D's, and sum_{i<j} d_i d_j <=
(N-1)/2 sum d_i^2; its Frobenius norm is at most ||D_i||_F M^{N-k} (M^{N-1} |G|_2)^{k-1} for any one of them, so that

    ||R||_F <= eta M^{N-1} sum_k C(N-1, k-1)/k y^{k-1} sum_i ||D_i||_F <= eta M^{N-1} sqrt(N S) sum_k C(N, k)/N y^{k-1}

where k >= 2, and C(N, k)/N = (N-1)/(k (k-1)) C(N-2, k-2), which sums to tau at most. 4.6: S <= N M^{2N-2} ||G||_F^2.

Proof of 6 and 7. L(t+1) = L - eta S + <G, R> + 1/2 ||eta P - R||_F^2. As W_{j+1}^T D_{j+1} = D_j W_j^T, the terms of
first order in B_j(t+1) cancel, and eta^2 (D_{j+1}^T D_{j+1} - D_j D_j^T) is left.

Proof of 8 to 16. 14 is 7 and 6. The rest: constants, in x = c/Phi_F in (0, 2]. Each row from those that it uses, in
the module ``entailed``.

Hypotheses. As stated.

Source. ACGH19 (arXiv:1810.02281), Lemmas 1, 2, 7, Theorem 1.

Differs from the source. Rows 1-6, 8 and 14 are this project's.
"""

from claims.suite import ACGH19, DLC, Claim, Status

CLAIM = Claim(
    uid="DL-012",
    title="The ledger of Theorem 1",
    statement=__doc__,
    sources=(ACGH19.at("Lemmas 1, 2, 7, Theorem 1"), DLC.at("DL-012")),
    items=("4.2", "4.3", "4.4", "4.5", "4.6", "4.7"),
    status=Status.THEOREM,
    hypotheses=("margin", "balance", "learning rate"),
    uses=("DL-005",),
)
