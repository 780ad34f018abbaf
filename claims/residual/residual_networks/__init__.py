"""From the identity, positive definite targets are learned at an explicit rate, and negative eigenvalues never are.

Statement. Let W_1(0) = ... = W_N(0) = I (d x d), N the depth. In 1 to 4 the target Phi is symmetric.

1. Eigenvalues move apart. Under any eta all layers stay equal, symmetric and commuting with Phi: for
   Phi = Q diag(lambda) Q^T they are W_j = Q diag(w) Q^T, with one number w for each eigenvalue lambda, and

       w(0) = 1,  w' = w - eta w^{N-1} (w^N - lambda).

2. Positive definite targets are learned. Let Phi be positive semidefinite, and, lambda running through its eigenvalues,

       r = lambda^{1/N},  u = max(1, lambda_max^{1/N}),  m = min(1, lambda_min^{1/N}),  0 < eta <= 1 / (N u^{2N-2}).

   Then for every eigenvalue and every t

       |w(t+1) - r| <= q |w(t) - r|,  q = 1 - eta N m^{2N-2},  and w stays between 1 and r.

   So Phi is learned if it is positive definite: l(T) <= 1/2 (N u^{N-1} q^T)^2 sum (1 - r)^2. At N = 1 the step is
   w' - lambda = (1 - eta) (w - lambda), for every real lambda. The rate q is attained in the limit by lambda_min < 1,
   and for no N and no x > 1 is x / (N u^{2N-2}) small enough.

3. An eigenvalue 0 is learned at no linear rate. Let lambda = 0, N >= 2 and eta as in 2. Then

       w(t) <= (1 + (2N-2) eta t)^{-1/(2N-2)},

   so that 0 is learned too, but the quotient w(t+1) / w(t) tends to 1.

4. A negative eigenvalue is not learned. Let lambda < 0, N >= 2 and eta < 1 / (1 + |lambda|). Then for all t

       0 < w(t+1) <= w(t) <= 1,  w -> 0,  and this eigenvalue's part of the loss is above lambda^2 / 2 for ever.

   For even N it is at least that under every eta (``margin_needed``, DL-006); for odd N >= 3 it is not, for eta just
   above 1 / (1 + |lambda|), and lambda can even be learned.

5. Near the identity. Let Phi be any square matrix with ||Phi - I||_F < 1/2. Then the layers I meet the hypotheses of
   Theorem 1 (``linear_rate``, DL-004): all B_j = 0, and the margin is

       sigma_min(Phi) - ||Phi - I||_F  >=  1 - 2 ||Phi - I||_F  >  0.

   At ||Phi - I||_F = 1/2 the margin can be 0.

Proof of 1. D_j = A^{N-j} (A^N - Phi) A^{j-1} for layers A that commute with Phi.

Proof of 2. w^N - r^N = (w - r) s with s = sum_i w^{N-1-i} r^i, so w' - r = (w - r) (1 - eta w^{N-1} s). For w and r in
[m, u] the number w^{N-1} s is in [N m^{2N-2}, N u^{2N-2}], so the factor is in [0, q], and w stays between 1 and r.
The bound on l is |w^N - lambda| = |w - r| s <= N u^{N-1} |w - r|, squared and summed over the eigenvalues.

Proof of 3. w^{-(2N-2)} grows by at least (2N-2) eta in a step, by Bernoulli's inequality; w' / w = 1 - eta w^{2N-2}.

Proof of 4. w' = w (1 - eta w^{N-2} (w^N + |lambda|)), and w^{N-2} (w^N + |lambda|) <= 1 + |lambda| for w in (0, 1]. A
limit w of the decreasing w(t) has w^{N-1} (w^N + |lambda|) = 0; and (w^N + |lambda|)^2 > lambda^2 for w > 0.

Proof of 5. sigma_min(Phi) >= 1 - ||Phi - I||_F, by Weyl's inequality.

Hypotheses. As stated.
Source. BHL18 (arXiv:1802.06093), on positive definite targets, and Theorem 4; ACGH19 (arXiv:1810.02281), Section 3.2.
Differs from the source. The rate and its sharpness, 3, and 4 for every N are this project's.
"""

from claims.suite import ACGH19, BHL18, DLC, Claim, Status

CLAIM = Claim(
    uid="DL-032",
    title="Residual networks",
    statement=__doc__,
    sources=(BHL18.at("Theorem 4"), ACGH19.at("Section 3.2"), DLC.at("DL-032")),
    items=("10.1", "10.2", "10.3", "10.4"),
    status=Status.THEOREM,
    hypotheses=("Phi symmetric", "start", "learning rate", "N >= 2", "||Phi - I||_F < 1/2"),
    uses=("DL-006",),
)
