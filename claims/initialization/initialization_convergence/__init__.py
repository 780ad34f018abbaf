"""With one output, balanced initialisation converges at a linear rate, with any probability below one half (Theorem 2).

Setting. d_N = 1 and Phi != 0. A (1 x d_0) has independent N(0, s^2) entries; v = s^2 d_0 is the mean of ||A||^2. The
weights at step 0 are those of Procedure 1 (``balanced_initialization``) for A; l(T) is the loss after T steps of
gradient descent with learning rate eta.

Statement.
1. Theorem 2. For every p < 1/2 there are d_0' and a such that, if d_0 >= d_0' and

       0 < s   <= ||Phi|| / sqrt(a d_0^2),
       0 < eta <= v^{4-2/N} / (10^5 N^3 ||Phi||^{10-6/N}),

   then with probability at least p: l(T) <= eps for every eps > 0 and every whole T >= 0 with

       T >= (4/eta) ( ln 4 (||Phi|| / v)^{2-2/N}
                      + ||Phi||^{2/N-2} ln(||Phi||^2 / (8 eps)) ).

2. The hidden constants. d_0' = 1 will do for every p in (0, 1/2), with a = (e + 2)^2 / (2 pi e^4), e = 1/2 - p; and
   a = 1 for p = 1/20.
3. A larger learning rate. The same holds with

       0 < eta <= (v / (2 ||Phi||))^{2/N} / (2 N^2 ||Phi||^2),

   at least 12500 N times as large.

Proof of 1 and 2. Let c = v / (2 ||Phi||). With the a of 2 the margin is at least c with probability p (DL-034), and
v <= ||Phi||^2. Where it is:

- Theorem 1 (DL-004) applies: B_j = 0 (DL-016), and eta is below its limit, as 6144 * 2^{4-2/N} < 10^5.
- First phase. As l(0) <= ||Phi||^2 / 2, Theorem 1 takes the loss to at most ||Phi||^2 / 8 from
  2^{2-2/N} ln 4 (||Phi|| / v)^{2-2/N} / eta steps on.
- Second phase. From then on ||W - Phi|| <= ||Phi|| / 2 <= sigma_min(W), and the descent lemma (DL-003) gives the second
  term, with 2^{2-2/N} for 4; the difference is more than the one step by which the first count is rounded up.
- For eps above ||Phi||^2 / 8 the second term is negative, and Theorem 1 alone gives the claim.

Proof of 3. In the same way, from DL-013 in place of DL-004.

Hypotheses. As stated. No width is a bottleneck, as one output needs width one.
Source. ACGH19 (arXiv:1810.02281), Theorem 2. 2 and 3: this project.
Differs from the source. The source hides d_0' and a, which 2 gives; 3 is this project's.
Run. Statement 1 to its own T, eta at its limit, a = 1, p = 1/20: at depth 1 for d_0 = 1, 2 and 10 (diabetes); at depths
2 and 3 for d_0 = 1 from an end of the event (5 * 10^6 and 2 * 10^7 steps, only with the compiled kernel). With d_0 = 2
at depth 2 T is 10^8, with d_0 = 10 it is 5 * 10^10: there the hypotheses of Theorem 1 are checked exactly, and its
guarantee along the way. Statement 3 to its own T at depths 2 to 4 for d_0 = 2, 3 and 10. Seeds are fixed; the tests'
level, and what they trust, are in ``claims.suite.statistics``.
Not known. Whether p < 1/2 is needed for d_0 >= 2 (at d_0 = 1 it is): at depth 2 no start was found that fails.
"""

from claims.suite import ACGH19, DLC, Claim, Status

CLAIM = Claim(
    uid="DL-033",
    title="Balanced initialisation converges",
    statement=__doc__,
    sources=(ACGH19.at("Theorem 2"), DLC.at("DL-033")),
    items=("6.4",),
    status=Status.THEOREM,
    hypotheses=("normal entries", "one output", "small entries", "balance", "learning rate", "p < 1/2"),
    uses=("DL-003", "DL-004", "DL-013", "DL-016", "DL-034"),
)
