"""Balance: what gradient flow keeps of the layers, and what it says of a network that they are balanced.

Asked. Neighbouring layers W_j and W_{j+1} have the imbalance B_j = W_{j+1}^T W_{j+1} - W_j W_j^T. What becomes of it
under gradient flow and gradient descent? And what do layers share that have none of it, or little?

True. Flow keeps every B_j, whatever the loss; a step of descent moves it by O(eta^2), by an exact law. Where all B_j
vanish, all layers have the same non-zero singular values, the N-th roots of the product's, and each hands its basis on
to the next. Where they are small this is so up to a multiple of them, and no layer is much larger than the N-th root of
the product. Of the imbalances of a ReLU network flow keeps the diagonal, a number for each hidden unit. And width that
the residual does not reach through the layers and their transposes never moves.

Needed. Nothing of the depth, the widths (bottlenecks included), the rank or the loss. Only balance along a whole run of
descent, within 2 delta, needs the hypotheses of Theorem 1.

Open. Whether the flow of a ReLU network exists past its kinks is not decided here; at each point its law is.

Read in this order:

    DL-002  balancedness                       flow keeps B_j; the law of descent; 2 delta under Theorem 1
    DL-009  balanced_spectrum                  B_j = 0: one spectrum, and W^T W = (W_1^T W_1)^N
    DL-010  approximately_balanced_spectrum    ||B_j||_F <= delta: Mirsky, powers, the layers' norms
    DL-011  homogeneous_layers                 ReLU, leaky ReLU, |z|: what is left of it, unit by unit
    DL-008  width_compression                  the part of a network that can move, and the part that never does

Which uses which. DL-009, DL-010, DL-011 and DL-008 stand by themselves; at delta = 0 statement 3 of DL-010 is statement
1 of DL-009. Statements 1 and 2 of DL-002 need nothing either. Its statement 3 rests on DL-010 and, ahead in the next
chapter, on DL-005 (a margin keeps sigma_min(W)) and DL-003 (each step lowers the loss).
"""
