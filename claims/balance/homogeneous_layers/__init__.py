"""Gradient flow keeps, for each hidden unit of a ReLU network, incoming minus outgoing squared weight.

The network. F = W_N phi(W_{N-1} ... phi(W_1 X)) for any samples X. The activation is phi(z) = a z for z > 0 and b z
for z <= 0 (ReLU, leaky ReLU, linear, |z|), another one for each layer if need be. Layer j is fed H_{j-1}, with H_0 = X,
and Z_j = W_j H_{j-1} are its pre-activations. L is any differentiable loss of F, and D_j = dL/dW_j.

Statement. For unit i of hidden layer j let

    c_i = ||W_j[i,:]||^2 - ||W_{j+1}[:,i]||^2.

1. Conservation. <W_j[i,:], D_j[i,:]> = <W_{j+1}[:,i], D_{j+1}[:,i]>, so gradient flow conserves c_i.

   At a kink (a pre-activation 0) this is so for every number taken as phi'(0), another one for each unit and sample if
   need be, as long as all D_j come from the same choice; and so for every element of Clarke's subdifferential of L,
   whose elements are means of limits of gradients.

2. Other activations. For any activation phi, with Z = Z_j and U = dL/dH_j,

       dc_i/dt = 2 sum_n U_in (phi(Z_in) - Z_in phi'(Z_in)).

   U being arbitrary, nothing but phi(z) = z phi'(z) conserves c_i.

3. Descent. A step of gradient descent gives, exactly,

       c_i(t+1) = c_i(t) + eta^2 (||D_j[i,:]||^2 - ||D_{j+1}[:,i]||^2).

Proof of 2. Let G_{j+1} = dL/dZ_{j+1}. By the chain rule, * being the product entry by entry,

    D_j = (U * phi'(Z)) H_{j-1}^T,    D_{j+1} = G_{j+1} H_j^T,    U = W_{j+1}^T G_{j+1}.

So <W_j[i,:], D_j[i,:]> = sum_n U_in phi'(Z_in) Z_in and <W_{j+1}[:,i], D_{j+1}[:,i]> = sum_n U_in phi(Z_in). This is so
for every depth, width, number of samples and loss: all of them are in H_{j-1} and G_{j+1}. The difference is 2.

Proof of 1. Euler's identity z phi'(z) = phi(z) holds for a z and b z, and at z = 0, where phi(0) = 0, whatever phi'(0)
is.

Proof of 3. The terms linear in eta cancel by 1.

Hypotheses. No biases, and a linear last layer. Nothing is assumed of weights, widths, data and loss.

Not covered: that gradient flow exists past kinks (as a differential inclusion, with a chain rule) is not verified here;
at each point 1 is.

Source. DHL18 (arXiv:1806.00900), Theorem 2.1.

Differs from the source. 3, and the converse in 2, are this project's.
"""

from claims.suite import DHL18, DLC, Claim, Status

CLAIM = Claim(
    uid="DL-011",
    title="Units of ReLU networks stay balanced",
    statement=__doc__,
    sources=(DHL18.at("Theorem 2.1"), DLC.at("DL-011")),
    items=("2.7",),
    status=Status.THEOREM,
)
