"""Linear regression on random data: what gradient flow has learnt at each time, for finite data and in the limit.

Notation. X (n x p) has independent N(0, 1) entries, S = X^T X / n, with eigenvalues x_i; c is the limit of p / n and
l_-+ = (1 -+ sqrt c)^2. MP is the law of Marchenko and Pastur: the density sqrt((x - l_-)(l_+ - x)) / (2 pi c x) between
l_- and l_+, and for c > 1 the mass 1 - 1/c at 0.

Statement.
1. Moments. For all n, p >= 1

       E tr S / p = 1,   E tr S^2 / p = 1 + (p + 1)/n,
       E tr S^3 / p = (n^2 + p^2 + 3 n p + 3 n + 3 p + 4) / n^2.

   E tr S^k / p is a polynomial in p and 1/n for every k, and tends to int x^k dMP.

2. Risk. Labels X w* + noise, w* isotropic of norm 1, the noise of variance s per sample and independent. Gradient flow
   w' = -(S w - X^T y / n) from 0 has, given X, at each time t >= 0 the risk E |w(t) - w*|^2

       tr exp(-2 S t) / p + s / n tr (I - exp(-S t))^2 S^{-1}.

   The mean of its second term as t -> infinity is

       s p / (n - p - 1)  for n > p + 1,    s n / (p - n - 1)  for p > n + 1,    infinite for |n - p| <= 1.

3. Limit. For p / n -> c the risk at time t tends to

       int exp(-2 x t) dMP + c s int (1 - exp(-x t))^2 / x dMP.

   For F = 1/p sum h(x_i) more is known: p (E F - int h dMP) tends to

       (h(l_-) + h(l_+)) / 4 - 1/(2 pi) int_0^pi h(1 + c - 2 sqrt(c) cos a) da.

4. Concentration. For all n, p and e > 0

       P(|F - E F| > e) <= 2 exp(-n p^2 e^2 / (8 min(n, p) sup_x x h'(x)^2)).

   The 8 is best possible.

5. Classification (cited from memory). Samples x = y mu + z, y = +-1, z ~ N(0, I), m = |mu|^2, and the flow
   w' = -(S w - 1/n sum y x), S = 1/n sum x x^T, from w(0) ~ N(0, s2 I / p). With f(x) = (1 - exp(-x t)) / x

       mu.w(t) -> E = int f dm,   |w(t)|^2 -> V = (m + c) / m int f^2 dm + s2 int exp(-2 x t) dMP,
       dm = sqrt((x - l_-)(l_+ - x)) / (2 pi (L - x)) dx + ((m^2 - c)_+ / m) delta_L,   L = c + 1 + m + c / m,

   and the error on new samples, Q(mu.w / |w|) given w, tends to Q(E / sqrt V), Q the normal tail.

Proof of 1. tr (X^T X)^k is a sum of products of 2k entries of X; by Isserlis' formula each pairing of the factors
contributes n^a p^b, with a and b the numbers of rows and columns that it leaves. The largest powers are Narayana's
numbers, which are MP's moments.

Proof of 2. w(t) - w* = -exp(-S t) w* + (I - exp(-S t)) S^{-1} X^T noise / n. For n >= p the mean needs E tr S^{-1}:
n / (S^{-1})_11 is the squared distance of the first column of X from the span of the others, chi squared with
n - p + 1 degrees, and E 1/chi^2_m = 1/(m - 2) for m > 2, else infinite. For p > n exchange X and X^T.

Proof of 4. As a function of X, F has the gradient (2/(n p)) X h'(S), of squared norm 4/(n p^2) sum x_i h'(x_i)^2; at
most min(n, p) of the x_i are not 0. Lipschitz functions of normal numbers concentrate so (cited). For n = p = 1 and
h = sqrt(x), F = |x| has the tail of a normal number, so that no constant below 8 does as e grows.

Hypotheses. "normal entries": with entries +-1 already 1 fails.
Source. LC18 (arXiv:1805.11917) for 5 and the limits, CLC18 being the other reading of the survey's reference. 3's
second part is cited for general h, and proved here for polynomials of degree up to 6, exactly. That random matrices
follow MP is cited.
Differs from the source. 4 is this project's in this form: for p > n it is stronger than with p in place of min(n, p).
Evidence. Sampled with fixed seeds; the level and what is trusted are in ``claims.suite.statistics``.
"""

from claims.suite import DLC, Claim, Status
from claims.suite.sources import LC18

CLAIM = Claim(
    uid="DL-058",
    title="Spectra of linear regression",
    statement=__doc__,
    sources=(LC18, DLC.at("DL-058")),
    items=("12.10.2", "12.10.4", "12.10.5"),
    status=Status.THEOREM,
    hypotheses=("normal entries",),
)
