"""Modes are learned in stages, the largest singular value first: when, in which order, and how sharply.

Notation. Balanced modes of targets s_i > 0 flow from one strength u_0 > 0 (``mode_solutions``, DL-030). The half-time
t_i is the time at which u_i = s_i / 2.

Statement.

1. The wait, N = 2. If u_0 < s, then exactly

       t = ln(s/u_0 - 1) / (2 s),    and
       u = f s at the time ln(f / (1 - f) (s/u_0 - 1)) / (2 s).

   So a mode goes from f = 1/10 to f = 9/10 in ln(81) / (2 s), whatever u_0, after a wait that grows with ln(1/u_0).

2. The order. For every N >= 2, t as a function of s rises up to s = r u_0 and falls from there on, where r = r_N > 2 is
   defined by

       int_{1/r}^{1/2} dy / (y^{2-2/N} (1-y)^2) = 2^{2-2/N}.

   So for u_0 <= s_min / r_N modes reach half their value in decreasing order of s; for u_0 > s_min / r_N some larger s
   is later.

   r_2 = 4.5911... is the root of ln(r - 1) = r / (r - 1); r_N falls with N (r_3 = 4.0807..., r_4 = 3.9036...), so that
   u_0 <= s_min / 4.592 will do for every N. For N = 1 there are no stages: t = ln(2 - 2 u_0 / s) rises with s, and at
   u_0 = 0 all modes are at half together.

3. One mode at a time, N = 2. When mode i is at half,

       a smaller one has  u_k       <= u_0 (s_i/u_0 - 1)^{s_k/s_i},
       a larger one has   s_k - u_k <= (s_k^2 / u_0) (s_i/u_0 - 1)^{-s_k/s_i}.

   Both tend to 0 with u_0.

4. Deeper networks wait longer. For N >= 3 and u_0 < s / 2, with q = (2 u_0 / s)^{1-2/N},

       1 - q < (N-2) s u_0^{1-2/N} t < 1 + (N-4) q / 2,

   so that (N-2) s u_0^{1-2/N} t -> 1 as u_0 -> 0.

5. Descent, N = 2. Let h = eta s < 2 (sqrt(2) - 1) and L = ln(s/u_0 - 1) > 0. A mode of gradient descent
   (``scalar_modes``, DL-029) has u >= s / 2 for the first time at a step T with

       L / ln((1 + h/2)^2 / (1 - h - h^2/4)) <= T < 1 + L / (2 ln(1 + h)).

Proof of 1 and 3. By the closed form of ``mode_solutions``, with A = s_i/u_0 - 1: e^{2 s_k t} = A^{s_k/s_i} at the
half-time of mode i.

Proof of 2. With x = u_0/s, t = s^{2/N-2} I / N, where I is the integral of dy / (y^{2-2/N} (1-y)) from x to 1/2. So
dt/ds has the sign of

    D(x) = x^{2/N-1} / (1-x) - (2 - 2/N) I,
    D'(x) = x^{2/N-2} / (1-x)^2 > 0,    D(1/2) = 2^{2-2/N};

and D(0+) is minus infinity exactly for N >= 2.

Proof of 4. With a = 1 - 2/N and x = u_0/s, (N-2) s u_0^a t = a x^a I. The integrand of I is y^{-(1+a)} + y^{-a} /
(1-y). The first term gives 1 - (2x)^a. The second is positive, and at most 2 y^{-a} up to y = 1/2, which gives less
than (2x)^a a / (1-a).

Proof of 5. With p = eta u and e = eta (s - u), p + e = h, a step multiplies u / (s - u) by (1+e)^2 / (1 - 2p - p e).
This rises with p, and p is in [0, h/2] up to half.

Hypotheses. As stated.

Source. SMG14 (arXiv:1312.6120), Section 1, for 1 and the picture.

Differs from the source. 2 with its bounds on u_0, and 3 to 5, are this project's.
"""

from claims.suite import DLC, SMG14, Claim, Status

CLAIM = Claim(
    uid="DL-031",
    title="Learning in stages",
    statement=__doc__,
    sources=(SMG14.at("Section 1"), DLC.at("DL-031")),
    items=("9.4",),
    status=Status.THEOREM,
    hypotheses=("one u_0", "u_0 small", "N >= 2"),
    uses=("DL-029", "DL-030"),
)
