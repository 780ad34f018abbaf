"""Width beyond the residual's reach never moves: a network is a smaller one that learns, and a rest that stays.

Closed subspaces. Let R = W_N ... W_1 - Phi be the residual at step 0. Subspaces U_j of R^{d_j}, j = 0..N, are closed if

    row(R) in U_0,   col(R) in U_N,   W_j U_{j-1} in U_j,   W_j^T U_j in U_{j-1}.

For orthonormal bases Q_j (d_j x k_j) of them, and P_j = Q_j Q_j^T, let

    V_j = Q_j^T W_j Q_{j-1}                      the small network,
    C_j = (I - P_j) W_j (I - P_{j-1})            the rest.

Statement. For any closed subspaces:

1. The small network learns, the rest stays. At every step of gradient descent, and at every time of gradient flow,

       W_j = Q_j V_j Q_{j-1}^T + C_j    with the same Q_j and the same C_j.

   V does what descent (flow) does from V(0) on the target Q_N^T Phi Q_0. The same learning rate gives the same loss,
   step by step.

2. Imbalance and spectrum. At every step ||B_j(W)||_F^2 = ||B_j(V)||_F^2 + ||B_j(C)||_F^2 for the imbalances, and the
   singular values of W_N ... W_1 are those of V_N ... V_1 and those of C_N ... C_1 outside U_0 and U_N.

3. The smallest. There are smallest closed subspaces: what row(R) and col(R) reach through the layers and their
   transposes. Any others contain them, and nothing smaller is closed.

4. Nothing in reach. The smallest are all {0} if and only if R = 0. If one U_j is {0} no layer ever moves.

5. Data. Let the loss be 1/2 tr(R S R^T) for a covariance S, with G = R S. 1 to 4 hold with G for R where subspaces are
   closed if S U_0 is in U_0 besides; V then descends with the covariance Q_0^T S Q_0. For the loss 1/2 ||M * R||_F^2
   of a mask M, 1 and 2 hold with U_0 and U_N whole, the other conditions being the same.

Proof of 1. In bases that begin with Q_j

    W_j = diag(V_j, C_j)    and    R = diag(S, 0)    with S = V_N ... V_1 - Q_N^T Phi Q_0.

Products of such blocks are such blocks, so D_j = W_{j+1:N}^T R W_{1:j-1}^T = diag(D_j(V), 0). A step changes V_j alone,
by its own gradient, and R keeps its form because C does. Induction over the steps does the rest (a derivative in place
of a step for the flow).

Proof of 2. B_j and the Gram matrix of W are block diagonal.

Proof of 3. Intersections of closed subspaces are closed.

Proof of 4. For R = 0 the subspaces {0} are closed; and row(R) in {0} says that R = 0. If U_j = {0} every D_i has the
factor W_{j+1:N}^T R = 0 or R W_{1:j}^T = 0.

Proof of 5. S is symmetric, so that S = diag(S_1, S_2) in bases that begin with Q_0, and G = diag(R_1 S_1, 0) with
R_1 = V_N ... V_1 - Q_N^T Phi Q_0. The other blocks of R vanish against S_1 or S_2, and never move: they add nothing to
G or to the loss. A mask between whole spaces is a function of the block V_N ... V_1 = W_N ... W_1 alone.

Hypotheses. None: every depth, every width, any weights, target and learning rate.

Source. This project; ``solvers/descent/compress.py`` is the same in float64.
"""

from claims.suite import DLC, Claim, Status

CLAIM = Claim(
    uid="DL-008",
    title="Width beyond reach never moves",
    statement=__doc__,
    sources=(DLC.at("DL-008"),),
    items=(),
    status=Status.THEOREM,
)
