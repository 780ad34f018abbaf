"""Theorem 1 with 2 N^2 in place of 6144 N^3 and of 256 N^3, and with smaller powers of Phi_F / c.

Statement. Let Phi be a target, Phi_F = ||Phi||_F, and let gradient descent with learning rate eta start from N layers,
with end-to-end matrix W(0) and imbalances B_j(0), such that for some c > 0

    margin          sigma_min(Phi) - ||W(0) - Phi||_F >= c,
    balance         ||B_j(0)||_F <= delta for every j,  where  delta = c^{2/N} / (2 N^2),
    learning rate   0 < eta <= delta / Phi_F^2.

Then for every eps > 0 and every T >= ln(l(0)/eps) / (eta c^{2(N-1)/N}):  l(T) <= eps. The weights stay 2
delta-balanced.

In the form of ACGH19's Theorem 1. Since c <= Phi_F, the same holds with

    eta <= c^{(4N-2)/N} / (2 N^2 Phi_F^{(6N-4)/N}),   delta = c^2 / (2 N^2 Phi_F^{2(N-1)/N}).

Against its 6144 N^3 and 256 N^3 the learning rate may be 3072 N times as large and the imbalance 128 N times; in the
first form, 3072 N (Phi_F/c)^{4-4/N} and 128 N (Phi_F/c)^{2-2/N} times.

Proof, by the rows of ``proof_ledger`` (DL-012), named in quotes. Let x = c / Phi_F, C = 2 Phi_F - c and e = 3 (N-1) /
(2 N^2). At any state with |W - Phi|_2 <= Phi_F - c, sigma = sigma_min(W) >= c, every ||B_j||_F <= 2 delta and eta as
above:

    1. small imbalance   (N-1) 2 delta <= sigma^{2/N} / 4
    2. norms             |W_j|_2^2 <= M^2  with  M^2 = C^{2/N} (1 + e)
    3. kept              kept >= 2/3
    4. lemma             L(t+1) <= L(t) - eta/2 sigma^{2(N-1)/N} ||G||_F^2
    5. potential         ||B_j||_F + 2 eta L does not rise
    6. total drift       2 eta L(0) <= eta Phi_F^2 <= delta

- Row 1 is (N-1)/N^2 <= 1/4. Row 2 is "layer norms", with |W|_2 <= C and c <= C.
- Row 3 at N = 1: kept = 1 - eta/2 >= 3/4. At N >= 2 let u = 1/N and z = eta N M^{2N-2}. Then

      z <= (u/2) x^{2u} (C/Phi_F)^{2-2u} (1+e)^{N-1} <= 2 u (u^u (1-u)^{1-u})^2 exp(3/2 (1-u)^2) <= 121/300,

  by (x/u)^u (C/((1-u) Phi_F))^{1-u} <= x + C/Phi_F = 2. And with y as in the ledger N y <= 4/11 z, as
  (1-x)/(2-x) <= 1/2 and (1+e)^{N/2} >= 11/8.
- Row 4 is "first order", "descent", 1 and 3, as 2/3 >= 1/2 * 5/4. Row 5 is "drift", "descent" and 3, as 2/3 >= 1/2.
- Each row from those that it uses, in the module ``entailed``.

The three conditions on the state then hold at every step. ||G||_F does not rise, by 4, and starts at most at
sigma_min(Phi) - c <= Phi_F - c; sigma_min(W) >= c by the margin (``deficiency_margin``, DL-005); balance by 5 and 6.
So 4 holds at every step, which is the rate.

What is open. The best constants. From depth 2 on four times eta's limit is enough, and so is five times delta
(``general_data``, DL-072); at depth 1 twice eta's limit is, and 3 times is not. At depth 2 eta's limit 7 times is too
much (controls), and so is 12.01 times delta (``balance_needed``). Between, nothing is known. N^2 is not needed: N will
do, with the sum of the imbalances for their largest (``general_data``). Nothing says that the powers of c are needed,
nor N^2 for the largest imbalance: in the experiment ``best_constants`` the least failing eta is between 7/5 and 2 over
N Phi_F^{2-2/N}, whatever c is, and the least failing imbalance is about 1/N too.

Hypotheses. As stated; a positive margin excludes bottlenecks.

Checked by Coq's kernel, for every depth and width: the theorem, T and its logarithm included; and one with N for N^2
in eta, and for the balance N times the sum of all |B_j|_2 for N^2 times the largest. There sigma_min(A) >= s is said as
s |x| <= |A x|.

Source. This project, after ACGH19 (arXiv:1810.02281).

Differs from the source. The constants and the powers of c and Phi_F are this project's, in place of those of ACGH19's
Theorem 1.
"""

from claims.suite import ACGH19, DLC, Claim, Status

CLAIM = Claim(
    uid="DL-013",
    title="Sharper constants for Theorem 1",
    statement=__doc__,
    sources=(DLC.at("DL-013"), ACGH19.at("Theorem 1")),
    items=("4", "4.7"),
    status=Status.THEOREM,
    hypotheses=("margin", "balance", "learning rate"),
    uses=("DL-005", "DL-012"),
)
