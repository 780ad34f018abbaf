"""A residual layer of ReLU units: a potential, two phases of descent, and what the identity is for.

Statement. Let f(x) = sum_j s((e_j + w_j).x), s(z) = max(z, 0), x ~ N(0, I) in R^K, f* the same with w*_j, and
l(W) = 1/2 E (f - f*)^2; u_j = e_j + w_j are the rows of U, u*_j those of U*.

1. The potential. For any units and teachers, in any number and dimension,

       g  =  sum_j (|u*_j| - |u_j|)  =  (2 pi)^{1/2} E (f* - f),    g^2  <=  4 pi l,

   where 4 pi is the least number that does for every K.

2. Two phases. Let U* = I and start at U_0 = (1 - g_0/K) R, R turning blocks of three by phi about (1, 1, 1), as in
   DL-052, with the learning rate h/K, 0 < h < 4 pi. Let r_0, r_1, r_2 = cos psi_0, ... be the first row of a block. As
   K -> infinity, for every fixed step t,

       g_{t+1} - gamma  ->  (1 - h/(2 pi))(g_t - gamma),    gamma = pi + 2 - sum_s (sin psi_s + (pi - psi_s) cos psi_s),
       ||U_{t+1} - U*||_F^2 - ||U_t - U*||_F^2  ->  (h/pi)(1 - r_0)(g_t - 4 pi rho_0(phi)).

   So the potential shrinks from the start, while the distance to the truth grows as long as g_t > 4 pi rho_0(phi), and
   shrinks afterwards. With tan(phi/2) = 3^{1/2}/12, g_0 = 2, h = 1: gamma = 0.0116..., 4 pi rho_0 = 0.7211..., and the
   distance grows for 6 steps; so it does at K = 600, where g_t = 2, 1.682..., 1.415..., 1.191..., 1.003..., 0.845...

3. Convergence (sampled). From starts in a spectral ball around the identity descent comes to U*. Seen with U* = I,
   K = 12 and 20, W_0 Gaussian with entries of deviation 0.3 K^{-1/2}; with U* = I + W*, W* Gaussian with 0.1 K^{-1/2};
   and from the blocks of 2 at K = 60 and 150. Where U* = I the ends are in the explicit ball of DL-049, from where
   descent is proved to converge.

4. Without the identity. From u_j(0) ~ N(0, 0.01 I/K), K = 12, the chance of 19/20 that 3 has is refuted: after 1000
   steps l > 1/1000 for 16 of 20 starts, for most of them 0.0165... And at K = 6 there is a poor local minimum (DL-050).

Hypotheses. "near the identity", in 3. "large width" and "large potential" (g_0 > 4 pi rho_0), in 2 for the distance to
grow.

Source. LY17 has the model, the potential, and two phases for stochastic descent, which converges if ||W_0||_2 and
||W*||_2 are at most a constant and K >= 100 (Theorem 3.1, cited from memory).

Differs from the source. The source's constant is hidden, so that 3 is sampled. 2, with its limits, and 4 are this
project's.

Proof of 1. E s(u.x) = |u|/(2 pi)^{1/2} (DL-043), and (E (f* - f))^2 <= 2 l. At U = (1 - g/K) I, l = g^2/2K^2 E f*^2 and
E f*^2 = K/2 + K (K-1)/(2 pi): so g^2 / (4 pi l) = 1 / (1 + (pi - 1)/K) -> 1.

Proof of 2. By induction the units are as in ``solvers.shallow.rotated_blocks``, with (a, b, c) = R's row + O(1/K)
and d = O(1/K^2). Then 2 pi grad.hat u = pi |u| + 2 + (K-3)(|u| - 1) + |u| - ... -> -(g - gamma), |grad|^2 = O(1), and
<grad, u_j - e_j> -> 2 (1 - r_0)(rho_0 - g/(4 pi)) by DL-052's computation, with O(1/K) for what d adds.
"""

from claims.suite import DLC, Claim, Status
from claims.suite.sources import LY17

CLAIM = Claim(
    uid="DL-051",
    title="Residual ReLU layers in two phases",
    statement=__doc__,
    sources=(LY17.at("Theorem 3.1"), DLC.at("DL-051")),
    items=("12.6.1",),
    status=Status.THEOREM,
    hypotheses=("near the identity", "large width", "large potential"),
    uses=("DL-049", "DL-050"),
)
