"""Stability: which minima a learning rate can hold, and what descent does at the edge.

Asked. Gradient flow comes to rest at any minimum that attracts it. Gradient descent with a fixed learning rate stays
near a minimum only where the Hessian's largest eigenvalue, the sharpness, is at most 2 / eta. Which critical points are
there, up to second order? How flat can a minimum be? How does the sharpness change along descent, what happens just
beyond the edge, and what does weight decay change?

Read them in this order.

    DL-061  second_order_landscape   every critical point: minimum, strict saddle or not, by ranks; uses DL-020, DL-023
    DL-062  sharpness                a lower bound at every minimum, attained by balanced ones; uses DL-061
    DL-063  sharpness_along_descent  when one step lowers the sharpness that the flow would end at
    DL-064  edge_of_stability        two scalar layers: every cycle of two, and where descent is monotone; uses DL-063
                                     and DL-056
    DL-065  cycles_of_equal_layers   equal scalar layers of any depth: convergence up to the edge, one cycle beyond it;
                                     uses DL-019 and DL-032
    DL-066  weight_decay             every critical point, which are minima, when zero is best; uses DL-002 and DL-010
"""
