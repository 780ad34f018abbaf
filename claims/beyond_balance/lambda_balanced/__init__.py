"""The flow of two layers in closed form, where the imbalance is a multiple of the identity.

Setting. W_1 is h x n and W_2 is m x h, W = W_2 W_1, D = W_2^T W_2 - W_1 W_1^T, which gradient flow on
1/2 ||W - Phi||_F^2 conserves. Q = (W_1^T; W_2), of shape n + m by h, E = diag(I_n, -I_m), J = [[0, Phi^T], [Phi, 0]].

Statement.
1. From any start

       Q' = J Q - E Q D / 2 - Q Q^T Q / 2.

2. Let D = c I (for h > m this asks for c <= 0, for h > n for c >= 0), F = J - c E / 2 and X = Q Q^T. Then

       X' = F X + X F - X^2,
       X(t) = Y (I + Q_0^T Gamma Q_0)^{-1} Y^T,   Y = e^{F t} Q_0,   Gamma = int_0^t e^{2 F s} ds,
       F^2 = diag(Phi^T Phi, Phi Phi^T) + c^2/4 I,

   and W(t) is the lower left block of X(t). No rank, width or alignment of the start or of Phi is assumed.

3. One hidden unit, h = 1: every start is covered, D being a number, and with z = Q

       z(t) = e^{F t} z_0 / (1 + int_0^t |e^{F s} z_0|^2 ds)^{1/2}.

4. One output and one input, m = n = 1, and any h: every start with Delta > 0 (DL-069: Delta = lam_1(D)^+ +
   (-lam_h(D))^+) is covered. With Phi = f != 0 and r = (Delta^2 + 4 f^2)^{1/2}

       W = Delta v / (1 - v^2),   v' = f - Delta v - f v^2,   v = (v_+ - k v_-)/(1 - k),
       v_+- = (-Delta +- r)/(2 f),   k = e^{-r t} (v_0 - v_+)/(v_0 - v_-).

Proof of 1. W_2^T W_2 = (Q^T Q + D)/2 and W_1 W_1^T = (Q^T Q - D)/2.
Proof of 2. E anticommutes with J. Y' = F Y, and M = I + Q_0^T Gamma Q_0 has M' = Y^T Y, so that Y M^{-1} Y^T solves the
equation; M is at least I. The solution is unique.
Proof of 3. z = Y M^{-1/2} with a number M.
Proof of 4. By DL-069 W' = (f - W)(Delta^2 + 4 W^2)^{1/2}, and Delta^2 + 4 W^2 = (Delta (1 + v^2)/(1 - v^2))^2.

Hypotheses. Two layers, gradient flow. D = c I in 2: with D = diag(3, 0) no c gives the flow. A general D is open.
Source. DAP24 (arXiv:2409.14623), cited from memory, for aligned starts of full rank. For h = 1, m = n = 1 it is
DL-030's second statement in another form.
Differs from the source. Starts that are not aligned or not of full rank, and 3 and 4, are this project's.
"""

from claims.suite import DLC, Claim, Status
from claims.suite.sources import DAP24

CLAIM = Claim(
    uid="DL-070",
    title="Two layers of equal imbalances in closed form",
    statement=__doc__,
    sources=(DAP24, DLC.at("DL-070")),
    items=("13.9.1", "13.9.2"),
    status=Status.THEOREM,
    hypotheses=("two layers", "D = c I"),
    uses=("DL-002", "DL-069"),
)
