"""Without balance gradient descent can stop at a saddle after one step, or diverge, under every learning rate.

Statement. W has margin c > 0 and eta > 0 is as small as one likes; only the layers are unbalanced. In 1 to 3 all widths
are 1 and Phi = 1, so that a network is its weights w_1, ..., w_N, and w = w_1 ... w_N.

1. Onto a saddle. Let N >= 3, f in (0, 1/2), m > 0, eta = m^2 f and e = f / (1 - f). Let

       w_1 = w_2 = m e  and  w_3 ... w_N = 1 / (eta e).

   Then w = 1 + e, the margin is 1 - e > 0, one step sets w_1 = w_2 = 0, and all gradients are 0: l = 1/2 for ever.
   All rational instances for a rational eta are these.

2. The set of divergence. Let N >= 2, B >= 2 and eta B^{2N-1} >= 20 C, and let all |w_j| lie in [B, C], whatever their
   signs. Then a step flips every sign, the new |w_j| lie in

       [14 C, 5/4 eta C^{2N-1}],

   and these bounds meet the same condition. So l grows for ever.

3. From a margin to divergence. Let N >= 2, 0 < c < 1, k = eta c (1 - c), r = min(c, k) and

       0 < a <= min(r / 2, eta r^{2N-1} / (20 (1 + eta))),  w_1 = c / a^{N-1},  w_2 = ... = w_N = a.

   Then w = c, so the margin is c, and one step leads into the set of 2.

4. Matrices. In d x d the same happens to W_j = Q_j diag(w_j, I) Q_{j-1}^T and Phi = Q_N Q_0^T, any orthogonal Q_j.

Proof of 1. With a = m e and R = w_3 ... w_N one has D_1 = D_2 = a R (a^2 R - 1) = a R e = a / eta. After the step two
layers are 0, and one of them is in every product of N - 1. Conversely, a step that sets w_1 = w_2 = a to 0 has
R = 1 / (eta e), so that (a, e) is on the conic a^2 = eta e (1 + e), which m = a / e parametrises.

Proof of 2. D_j = (w / w_j) (w - 1) has the sign of w_j, since |w| >= 4, and
B^{N-1} (B^N - 1) <= |D_j| <= C^{N-1} (C^N + 1); |w_j'| = eta |D_j| - |w_j|. Induction on t.

Proof of 3. w_1 moves up by at most eta, and each other to a + k / a: the condition of 2 holds with B = r / a and
C = (1 + eta) / a^{N-1}.

Other bounds. 14 C is attained, and 5/4 is approached: N = 2, w = (-2, 2), eta -> infinity. The smaller upper bound
eta C^{2N-1} holds where w > 0, so for equal signs and even N, but not for odd N and negative w_j, into which every
other step leads: N = 3, w_j = -2, eta = 5/4, next are 43 > 40. With eta B^{2N-1} >= 4 C in place of 20 C the same is
true with 2 C for 14 C; with 8/3 C it is not, and nothing need grow. The a of 3 is small enough, not the largest.

How much balance. 3070 times Theorem 1's delta is enough at every depth, with nothing else changed; 3073 times is not,
at depth 2 and widths 1-1-2. (``enough_balance``, ``too_little_balance``.)

Proof that 3070 times are enough. Let F = 3070, D a bound on all ||B_j(t)||_F, d = D / c^{2/N}, and G, S, M, tau and
kept as in ``proof_ledger`` (DL-012), of whose rows those named hold anywhere. As long as the loss falls
sigma = sigma_min(W) >= c, and kept S is in all at most L(0) / eta, so that D = (F + 1/40) delta will do: d is at most
(F + 1/40) / (256 N^3). By "layer norms" |W_j|_2^2 <= M^2 = (2 Phi_F)^{2/N} (1 + 3/2 (N-1) d), so that kept is
nearly 1. L falls by kept eta S at least ("descent"), and what is promised is eta/2 c^{2-2/N} ||G||_F^2.

- N = 2, d_N <= d_0 (else transpose). Let W_2 W_2^T y = a y with |y| = 1 and a = sigma_min(W_2)^2, so that
  S >= a ||G||_F^2. With B = B_1, c^2 <= |W^T y|^2 = a^2 - (W_2^T y)^T B (W_2^T y) <= a (a + D), and kept a >= c / 2.
- N >= 3. By "first order" S >= c^{2-2/N} ||G||_F^2 / (1 + (N-1) d), and 1 + (N-1) d <= 2 kept.

Hypotheses. As stated: those of Theorem 1 (``linear_rate``, DL-004) without balance; the target is 1, or orthogonal.
Source. ACGH19 (arXiv:1810.02281), Claim 4 and Lemma 17.
Differs from the source. 1 and the explicit start in 3 are this project's.
"""

from claims.suite import ACGH19, DLC, Claim, Status

CLAIM = Claim(
    uid="DL-018",
    title="Balance is needed",
    statement=__doc__,
    sources=(ACGH19.at("Claim 4, Lemma 17"), DLC.at("DL-018")),
    items=("5.4", "5.5", "5.8"),
    status=Status.THEOREM,
)
