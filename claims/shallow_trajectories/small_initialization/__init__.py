"""Small starts: with full observation smallness is not needed; a flow in closed form; what quadratic units let rise.

Notation. f(U) = 1/4 ||U U^T - M||_F^2, U of d x d, M positive semidefinite of rank r with the eigenvalues
sigma_1 >= ... >= sigma_r > 0. Descent starts at U_0 = alpha Q, Q orthogonal, alpha > 0.

Statement.
1. Full observation. U_t U_t^T has the eigenvectors of M for ever, and the root u of each of its eigenvalues follows
   u' = u (1 + eta (sigma - u^2)) from u_0 = alpha. Let eta <= 1/(2 sigma_1) and alpha^2 < sigma_r. Then

       sigma > 0:  0 < sigma - u_T^2 <= sigma / (1 + (1 + eta sigma)^{2T} alpha^2 / (sigma - alpha^2)),
       sigma = 0:  u_T^2 <= alpha^2 / (1 + 2 eta alpha^2 T), for any alpha with eta alpha^2 <= 3/2.

   So for 0 < eps <= 1 and every T >= ln(sigma_1 / (alpha^2 eps)) / (2 ln(1 + eta sigma_r)),

       ||U_T U_T^T - M||_2 <= max(eps sigma_1, alpha^2 / (1 + 2 eta alpha^2 T)).

   If alpha^2 <= sigma_r / 2, so it is for T >= T_1 + T_2, the time until u^2 is sigma_r / 2 and the time from there:

       T_1 = ceil(ln(sigma_r / (2 alpha^2)) / (2 ln(1 + eta sigma_r / 2))),   T_2 = ceil(ln(1/eps) / (eta sigma_r)).

   Both are about twice as long as they need be; the growth (1 + eta sigma)^{2T} is best possible as eta -> 0.

2. Neither smallness nor stopping is needed for it. Let eta <= 1/(2 sigma_1), r >= 1, 0 < eta alpha^2 < 1 + eta sigma_r.
   Then U_t U_t^T -> M. Where sigma = 0 and eta alpha^2 <= 1/2 the error is 1/(2 eta T) up to a logarithm:

       1/alpha^2 + 2 eta T <= 1/u_T^2 <= 1/alpha^2 + 2 eta T + 8 eta^2 alpha^2 + 4 eta ln(1 + 2 eta alpha^2 T).

   At eta alpha^2 = 1 + eta sigma_r one step leads to u = 0, and the error is sigma_r or more for ever.

3. Flow, any U_0 of d x k, any symmetric M. X = U U^T solves X' = M X + X M - 2 X^2, and

       X(t) = e^{Mt} U_0 (I + 2 U_0^T G U_0)^{-1} U_0^T e^{Mt},   G = int_0^t e^{2 M tau} d tau.

4. Quadratic units in the Gaussian mean: f = 1/4 <N, T N>, N = U U^T - M, T X = 2 X + tr(X) I, no near-isometry.
   Let M = sigma P, P a projection of rank r, 1 <= r < d, and alpha^2 < sigma. Under the flow X = s P + w (I - P), and
   w^{r+2} / s^r falls at the relative rate 4 (d + 2) w. So w, which rises at first if alpha^2 < r sigma / (d + 2),
   stays below

       p = alpha^{4/(r+2)} sigma^{r/(r+2)};   for r = 1 this is alpha^{4/3} sigma^{1/3}, not alpha^2.

   Its peak is p (1 + o(1)) as alpha -> 0: with h = d p / sigma < 1 it is at least

       p (1 - h)^{r/(r+2)} exp(-2 (d+2) / ((r+1)(r+2)) (p/sigma) ((r+2)/r + ln(1/h))).

5. Finite samples (sampled). With T X = 1/m sum_l A_l <A_l, X>, A_l symmetrised Gaussian, fewer than d (d+1)/2 of them,
   smallness matters: d = 20, r = 1, m = 100, eta = 1/10, 3000 steps leave an error ||U U^T - M||_F below 1/200 from
   alpha = 1/1000, of 1/25 to 1/5 from 1/10, and above 2 from 1. With d (d+1)/2 of them, independent, f = 0 only at
   U U^T = M (exact), and from alpha = 1 too the error falls below 1/10, for d = 6.

Hypotheses. "orthogonal start", "learning rate", "full observation", in 1 and 2; "flow", in 4. "small alpha", in 1, is
not needed for convergence (2).
Open. LMZ18's theorem itself, with its restricted isometry.

Source. LMZ18 (arXiv:1712.09203), Theorem 1.1, cited from memory: for a restricted isometry (4r, delta) with delta below
about 1 / (kappa^3 r^{1/2} ln^2 d) the error is about alpha d^{1/2} / kappa^2 within a window of T.

Differs from the source. 1 to 4, with their constants, are this project's.

Proof of 1. Let v = u^2 / sigma and a = eta sigma <= 1/2. Then 1 - v' = (1 - v)(1 - 2 a v - a^2 v (1 - v)), which is
positive for 0 < v < 1, and

    (1 + a (1-v))^2 - (1 + a)^2 (1 - 2 a v - a^2 v (1-v)) >= a^2 v (3 + 2 a) >= 0,

so that v / (1 - v) grows by (1 + a)^2 at least. Where sigma = 0, with x = eta u^2 <= 3/2, (1 - x)^2 (1 + 2 x) =
1 - x^2 (3 - 2 x) <= 1. Two phases: after T_1 + T_2 steps v/(1 - v) is, with y = 1/eps - 1 and k = sigma / sigma_r, at
least (1 + y)^{2 k ln(1+a)/a} / (2 k) >= (1 + y)^{8k/5} / (2 k) >= y.

Proof of 2. With x = eta u^2 and a = eta sigma, x' = x (1 + a - x)^2 <= 4 (1 + a)^3 / 27 <= (1 + a)/3 <= 1/2, and for
a <= x <= 1/2, x' - a = (x - a)(1 - 2 x + x^2 - a x), where 0 <= 1 - 2 x + x^2 - a x <= 1 - 2 a. For x <= 1/2,
(1 - x)^{-2} <= 1 + 2 x + 8 x^2.

Proof of 4. With tau = -tr N = r (sigma - s) - (d - r) w, (log s)' = 2 (2 (sigma - s) + tau) and
(log w)' = 2 (tau - 2 w). While sigma - s >= d p, s' >= 2 (r + 1) s (sigma - s), so that the integral of w in time is at
most one in s. The lower bound's constants are not the best.
"""

from claims.suite import DLC, Claim, Status
from claims.suite.sources import LMZ18

CLAIM = Claim(
    uid="DL-054",
    title="Small starts, and whether they are needed",
    statement=__doc__,
    sources=(LMZ18.at("Theorem 1.1"), DLC.at("DL-054")),
    items=("12.8.1", "12.8.2", "12.8.4", "12.8.5"),
    status=Status.THEOREM,
    hypotheses=("orthogonal start", "learning rate", "full observation", "small alpha", "flow"),
    uses=("DL-039",),
)
