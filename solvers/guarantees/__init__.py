"""What theorems promise, as functions of a problem: hypotheses, limits, rate, number of steps. One module a theorem.

Each module has the same names where its theorem has the thing:

- ``imbalance_limit``, ``learning_rate_limit``, ``decay_exponent``: the constants, one line each;
- ``hypotheses(problem, margin)``: what the theorem assumes, as :class:`~solvers.arithmetic.Comparison`;
- ``violated(problem, margin)``: which of these certainly fail, by sentence;
- ``enough_steps(problem, margin, initial, accuracy)``: the T after which the loss is at most the accuracy;
- ``guarantee(trajectory, margin, initial)``, ``after_steps(problem, margin, steps)``: the conclusion, of a certified
  float64 run, and of steps in the problem's own arithmetic.

Limits are formulas in N, c and Phi_F, for numbers, intervals and SymPy's symbols (:mod:`~solvers.guarantees.limits`).

:mod:`~solvers.guarantees.theorem_one` is Theorem 1 of ACGH19, :mod:`~solvers.guarantees.sharper_constants` the same
with better constants, :mod:`~solvers.guarantees.general_data` one for data of any covariance;
:mod:`~solvers.guarantees.theorem_two` is Theorem 2, where a deviation s of random entries stands in place of the
margin. :mod:`~solvers.guarantees.residual` and :mod:`~solvers.guarantees.near_identity` are of layers that start at the
identity, and have no margin to be given: positive definite targets, learned at a rate of their own, and targets within
1/2 of the identity, to which Theorem 1 applies; :mod:`~solvers.guarantees.from_identity` has the largest learning rate
for the former. :mod:`~solvers.guarantees.any_imbalance` is of two layers whose imbalance has a gap.
:mod:`~solvers.guarantees.bounded_descent` asks for nothing: a learning rate at which the loss falls for ever from any
start. :mod:`~solvers.guarantees.relu_teachers` has the ball and the learning rates for ReLU units near orthonormal
teachers, :mod:`~solvers.guarantees.small_initialization` what a small start promises a factor of a matrix,
:mod:`~solvers.guarantees.weight_decay` from which decay on a mode is given up, :mod:`~solvers.guarantees.stability`
which learning rates can hold a minimum, :mod:`~solvers.guarantees.rank_bias` how little a singular value grows while
another one does. Strategies build problems for them, claims verify them.
"""
