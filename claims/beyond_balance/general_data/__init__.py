"""Theorem 1 for data that are not white, with N in place of N^2, and |Phi|_2 in place of ||Phi||_F.

Statement. Let X (d_0 x m) and Y be data with S = X X^T / m > 0, of extreme eigenvalues s_1 and s_d, kappa = s_1 / s_d.
Let Phi = Y X^T S^{-1} / m be the least squares solution, G = W - Phi, |A|_S = ||A S^{1/2}||_F, and

    E = 1/2 |G|_S^2 = l - min l    for    l = 1/(2m) ||W X - Y||_F^2.

Gradient descent on l with learning rate eta starts from N layers, of imbalances B_j, b = sum_j |B_j|_2, such that for
some c > 0 one of the margins

    (i)   |G(0)|_S <= sqrt(s_d) (sigma_min(Phi) - c),         with  F = |Phi|_2,
    (ii)  |G(0)|_S <= sigma_min(Phi S^{1/2}) - c sqrt(s_1),   with  F = max(|Phi|_2, c + |G(0)|_S / sqrt(s_d)),

and one of the balances, with the learning rate that goes with it,

    (A)   every ||B_j(0)||_F <= delta = c^{2/N} / (2 N^2),    0 < eta <= c^{2/N} / (2 N^2 s_1 F^2),
    (B)   b(0) <= c^{2/N} / (7 N),                            0 < eta <= c^{2/N} / (15 N s_1 F^2).

Then for every t

    E(t+1) <= (1 - eta s_d c^{2-2/N}) E(t),    sigma_min(W(t)) >= c,
    (A)  every ||B_j(t)||_F <= (1 + 1/kappa) delta,    (B)  b(t) <= c^{2/N} / (4 N),

and E(T) <= eps for every T >= ln(E(0)/eps) / (eta s_d c^{2-2/N}).

White data. At S = I both margins are sigma_min(Phi) - ||W(0) - Phi||_F >= c; (A) is DL-013 with |Phi|_2 for its Phi_F,
(B) has N where that has N^2. At c = F its learning rate is within 30 of what any theorem can allow, at every depth: at
31 times as much starts near Phi are led away from it. If |S - I|_2 <= eps < 1, then 1 + eps stands for s_1 and 1 - eps
for s_d.

Singular data. If S has rank r < d_0, apply it to (W_1 V, W_2, ..., W_N), V with orthonormal columns that span S's
range. Descent is descent there, E is the same, and on S's kernel W_1 never moves.

Proof, by the rows of ``proof_ledger`` (DL-012), whose rows of any state hold of any H in place of G; here D_j has H =
G S. Let S_t = sum_j ||D_j||_F^2, C' = 2F - c, and P, R, tau and M as there.

    1.  layer norms      |W_j|_2^2 <= |W|_2^{2/N} + 3/2 b
    2.  first order      S_t >= sigma^2 ||H||_F^2 / (sigma^{2/N} + b)
    3.  conditioning     ||H||_F^2 >= 2 s_d E
    4.  remainder        <H, R> <= eta tau S_t,  ||R||_F <= tau eta M^{N-1} sqrt(N S_t)
    5.  descent          E(t+1) <= E(t) - kept eta S_t,  kept = 1 - tau - (eta s_1 / 2) N M^{2N-2} (1 + tau)^2

and where sigma = sigma_min(W) >= c, |G|_2 <= F - c, eta is as above and the balance as it stays:

    6.  small imbalance  b <= sigma^{2/N} / 4
    7.  norms            |W_j|_2^2 <= C'^{2/N} (1 + 3/2 (N-1)/N^2), or (1 + 3/(8N)) in (B)
    8.  kept             kept >= 2/3, or 5/8 in (B)
    9.  lemma            E(t) - E(t+1) >= 4/5 kept eta sigma^{2-2/N} ||H||_F^2
    10. drift            (A) a B_j moves by at most 3/2 eta (E(t) - E(t+1));  (B) all of them by 16/5 of that
    11. total drift      eta s_1 F^2 <= delta, or c^{2/N} / (15 N) in (B), and 2 E(0) <= s_d F^2
    12. rate             E(t) - E(t+1) >= eta s_d c^{2-2/N} E(t)

- While E <= E(0): ||G||_F <= |G|_S / sqrt(s_d) <= F - c; and sigma_min(W) >= c, by Weyl's inequality for W in (i), for
  W S^{1/2} in (ii). So |W|_2 <= C'.
- Row 5: E falls by <H, V> - 1/2 |V|_S^2 for V = eta P - R, where <H, P> = S_t and |V|_S^2 <= s_1 ||V||_F^2.
- Row 8. (A): these are DL-013's limits with eta s_1 for eta and F for Phi_F. (B): let x = c / F, u = 1 / N and z = eta
  s_1 N M^{2N-2}. Then z <= x^{2u} (2-x)^{2-2u} (1 + 3u/8)^{N-1} / 15 <= 4/15 exp(3/8) < .389, and tau <= z/4 exp(z/2).
- Row 10 is "drift" of DL-012, 5 and 8. Each row from those that it uses, in the module ``entailed``.
- Rows 10 and 11: in all 3/4 delta / kappa in (A), so that 1 + 3/(4 kappa) would do for 1 + 1/kappa; 8/75 c^{2/N} / N in
  (B), and 1/7 + 8/75 < 1/4. So the balance stays, E falls by 12, and all of it holds again.

Wider limits. From depth 2 on eta may be four times as large in (A), and twice in (B); or the imbalance five times in
(A), and eight times in (B) (``wider_limits``): a step's fall by eigenvalues (``eigenvalues``) is more than kept says,
and with what the imbalance has drifted so far, as E fell, these numbers close too, on parts of the range of x and |G|_2
for each N below 30, and for all others at once. At depth 1 eta may be twice as large in (A), and not more.

What is open. The best constants besides, and whether the powers of c are needed: in (B) 23 times eta is too much at
depth 2 and at depth 64 (control), and of 15 times nothing is known. And Theorem 1's own margin for (i),
sigma_min(Phi) - ||W(0) - Phi||_F >= c: with it sigma_min(W) >= c fails, already at depth 3 and in (B), and so does the
rate of a step, at depth 12 and kappa = 40 (controls); that T steps suffice was not refuted.

Hypotheses. As stated; a margin excludes bottlenecks. Neither margin implies the other.

Checked by Coq's kernel, for every depth and width: either balance with either margin, at every step, and T with its
logarithm; and the same of singular data.

Source. This project, after ACGH19 (arXiv:1810.02281).

Differs from the source. The source's data are white; other data, the constants, and N in place of N^2 are this
project's.
"""

from claims.suite import ACGH19, DLC, Claim, Status

CLAIM = Claim(
    uid="DL-072",
    title="Theorem 1 for data that are not white",
    statement=__doc__,
    sources=(DLC.at("DL-072"), ACGH19.at("Theorem 1")),
    items=("13.11.1", "13.11.2"),
    status=Status.THEOREM,
    hypotheses=("margin", "balance", "learning rate", "positive definite"),
    uses=("DL-005", "DL-012", "DL-013"),
)
