"""Two factors that are not balanced: what happens to u v -> m, and to one column times one row.

Notation. l(u, v) = (u v - m)^2 / 2 for numbers u, v and m > 0; gradient descent with learning rate eta > 0. Let
r = u v - m, p = u + v, q = u - v, and let ' stand for one step.

Statement.
1. Exact laws. For all u, v, m and eta

       p' = (1 - eta r) p,      q' = (1 + eta r) q,
       u'^2 - v'^2 = (1 - eta^2 r^2) (u^2 - v^2),
       r' = (1 - eta (u^2 + v^2) + eta^2 r u v) r.

   So the imbalance |u^2 - v^2| grows exactly where eta |r| > sqrt 2, unless it is 0.

2. Convergence. Let p_0 != 0, u_0 v_0 <= m and eta (2m + q_0^2) <= 1. Then u_t v_t rises and stays <= m, and

       |u_t v_t - m| <= (m/2) (1 - eta m)^{t - T}      for all t >= T,

   where T is the least number >= 0 with p_0^2 (1 + eta m/2)^{2T} >= 2m + q_0^2. For q_0^2 <= 2m, eta <= 1/(4m) does,
   and T <= max(0, ceil(ln(4m/p_0^2) / (2 ln(1 + eta m/2)))). So almost every start with u_0 v_0 <= m has a learning
   rate with which it converges; those with p_0 = 0 have none: u = -v for ever, and l >= m^2/2.

3. Factors of one sign. If moreover u_0 v_0 > 0, then for all t, with no waiting,

       (m - u_t v_t) / (u_t v_t) <= (1 + eta m)^{-2t} (m - u_0 v_0) / (u_0 v_0).

4. Rank one. For any A != 0 let u and v follow the flow of 1/2 ||u v^T - A||_F^2 from |u_0| = |v_0| > 0. Let z = (u, v)
   and J z = (A v, A^T u), whose greatest eigenvalue is s_1 = |A|_2. Then |u| = |v| for ever, and

       z(t) = e^{J t} z_0 / (1 + int_0^t |e^{J tau} z_0|^2 dtau)^{1/2}.

   Let a be the part of z_0 in the eigenspace of s_1, b = z_0 - a, and s_2 the next eigenvalue of J. If a != 0, the part
   of z(t) off this eigenspace is at most e^{-(s_1 - s_2) t} |b|/|a| times that in it, and z(t) -> (2 s_1)^{1/2} a/|a|:
   u v^T tends to a best approximation of A of rank one. If a = 0, then always
   ||u v^T - A||_F^2 >= ||A||_F^2 - max(s_2, 0)^2, and no best one is approached.

How sharp that is. In 2 each of m/2, 2m + q_0^2 (in T) and q_0^2 is least, at starts with T = 0. The exponent 2 of 3 is
the greatest for small u_0 v_0. eta (2m + q_0^2) <= 1 is what keeps u v <= m, exactly; the inequality of 2 was seen to
hold as long as eta (3m + q_0^2) <= 2, for q_0^2 <= 2m, and fails beyond. In T, 1 + eta m/2 must not be 1 + eta m. Open:
which factor between is least, and whether eta (3m + q_0^2) <= 2 is enough.

Hypotheses. "p_0 not zero", "u_0 v_0 at most m", "a small learning rate": eta (2m + q_0^2) <= 1; in 4 "equal norms".

Proof of 2 and 3. Let r <= 0, x = u v. As eta |r| <= eta (m + q^2/4) < 1, |q| shrinks and |p| grows, so that
x = (p^2 - q^2)/4 rises. The factor of r' is 1 - eta (2x + q^2) - eta^2 (m - x) x, which falls in x on [0, m], and is
1 - eta (2m + q^2) >= 0 at x = m; for x <= 0 it is at least 1 - eta q^2 >= 0: r <= 0 stays.
While x < m/2, |p| grows by 1 + eta m/2 at least; from p^2 >= 2m + q_0^2 on, x >= m/2. There u^2 + v^2 >= 2x >= m, and
the factor is at most 1 - eta m. For 3, x' = x (1 + eta^2 r^2) - eta r (u^2 + v^2) >= x (1 - eta r)^2, and with
y = 1 + eta (m - x), G = 1 + eta m

    y^2 (1 + (G + 1)(G - y)) - G^2 = (G + 1)(y - 1)(G - y)(y + G/(G + 1)) >= 0,

which says that (m - x')/x' <= G^{-2} (m - x)/x.

Proof of 4. (|u|^2)' = 2 <u, A v> - 2 |u|^2 |v|^2 = (|v|^2)'. So z' = J z - |z|^2 z/2 (Oja's flow), which the formula
solves. It keeps directions of e^{J t} z_0; and for |u| = |v|, with n = |z|^2/2,

    ||u v^T - A||_F^2 = ||A||_F^2 - s^2 + (n - s)^2 + <z, (s - J) z>      for every s.

Source. DHL18, Section 3, cited from memory.

Differs from the source. The source has rank one with a small random start and a constant rate, with high probability; 1
to 4 with these constants and for almost every start are this project's.
"""

from claims.suite import DHL18, DLC, Claim, Status

CLAIM = Claim(
    uid="DL-056",
    title="Two factors that are not balanced",
    statement=__doc__,
    sources=(DHL18.at("Section 3"), DLC.at("DL-056")),
    items=("12.9.1", "12.9.2", "12.9.3"),
    status=Status.THEOREM,
    hypotheses=("p_0 not zero", "u_0 v_0 at most m", "a small learning rate", "equal norms"),
)
