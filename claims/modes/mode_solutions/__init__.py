"""A mode's flow solved: in closed form for two layers, balanced or not; implicitly at depth N; and as N grows.

Notation. The flow of a mode with target s (``scalar_modes``, DL-029) is da_j/dt = -(prod_{k != j} a_k) (u - s), where
u = a_1 ... a_N is its strength; it starts at u_0.

Statement.

1. Two balanced layers. Let N = 2 and a = b > 0. Then u' = 2 u (s - u), and

       u(t) = s e^{2st} / (e^{2st} - 1 + s/u_0);    u_0 / (1 + 2 u_0 t) where s = 0.

   For a = -b, of either sign, u = -a^2 obeys u' = -2 u (s - u) instead: the closed form for -u, with -s.

2. Two layers from anywhere. Let N = 2 and a, b be any numbers. Then c = a^2 - b^2 does not change, and

       u' = sqrt(c^2 + 4 u^2) (s - u).

   y = (a + b)^2 obeys y' = 2 s y - (y^2 - c^2) / 2, which is solved for all t >= 0, where a + b != 0, by

       y(t) = (y_0 (y_+ - y_- E) + c^2 (1 - E)) / (y_0 (1 - E) + y_+ E - y_-),
       u = (y - c^2 / y) / 4,
       R = sqrt(4 s^2 + c^2),  y_+- = 2 s +- R,  E = e^{-R t};

   and (a - b)^2 is the same with -s. (R > 0: s = c = 0 is in 1.) So u -> s from every start with c != 0, s of either
   sign.

   SMG14's form, for c > 0: a = sqrt(c) cosh(x/2), b = sqrt(c) sinh(x/2), so that y = c e^x, with

       x' = 2 s - c sinh x,
       t = (1/R) [ln((R + c + 2 s z) / (R - c - 2 s z))] between the two ends of z = tanh(x/2).

3. Balanced layers, any N. Let a_1 = ... = a_N > 0 and s > 0. Then

       u' = N u^{2-2/N} (s - u).

   With x = (u/s)^{1/N}, and in the time s^{2-2/N} t, x' = x^{N-1} (1 - x^N). So s^{2-2/N} t = F(x) - F(x_0), where

       N >= 3:  F(x) = x^{2-N} / (2-N) - (1/N) sum_k Re(r^{2k} ln(1 - x r^{-k}))
                     = sum_{k >= 0} x^{Nk+2-N} / (N k + 2 - N)    for x < 1;
       N = 2:   F(x) = ln x - ln|1 - x^2| / 2;
       N = 1:   F(x) = -ln|1 - x|;

   r^k are the N-th roots of unity, k = 0..N-1.

4. Great depth. In the time T = N t the equation of 3 tends to du/dT = u^2 (s - u) as N -> infinity, solved by

       T = ln(u (s - u_0) / (u_0 (s - u))) / s^2 + (1/u_0 - 1/u) / s,

   and so do its solutions. Let T_N be the time in which depth N takes u_0 to u:

       T_N / T_infinity lies between u_0^{2/N} and u^{2/N}.

   So u_N(T) is u_infinity at a time between T s^{-2/N} and T u_0^{-2/N}, and u_N -> u_infinity.

Proof. Each solution is put into its equation.

Proof of the sandwich in 4. The integrands of T_N and T_infinity have the quotient v^{2/N}, v between u_0 and u, which
is monotone in v.

Hypotheses. As stated.

Source. SMG14 (arXiv:1312.6120): Section 1 for two layers, Section 2 for depth N, its supplement for unbalanced modes
and great depth.

Differs from the source. The closed form in y, the signs in 1, the roots of unity and the sandwich in 4 are this
project's.
"""

from claims.suite import DLC, SMG14, Claim, Status

CLAIM = Claim(
    uid="DL-030",
    title="The flow of a mode in closed form",
    statement=__doc__,
    sources=(SMG14.at("Sections 1 and 2"), DLC.at("DL-030")),
    items=("9.2", "9.3"),
    status=Status.THEOREM,
    hypotheses=("a_j > 0", "balanced"),
    uses=("DL-029",),
)
