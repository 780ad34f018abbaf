"""Gradient descent: the public function, and what chooses, runs, watches and certifies it.

:mod:`~solvers.descent.descent` checks its input and returns trajectories, :mod:`~solvers.descent.dispatch` chooses what
moves the weights (:mod:`~solvers.descent.paths`, :mod:`~solvers.descent.compress`), :mod:`~solvers.descent.march`
records, stops and isolates what diverges, :mod:`~solvers.descent.error_bound` bounds how far a float run is from the
exact descent. :mod:`~solvers.descent.perturbed` adds noise near critical points.
:mod:`~solvers.descent.two_cycles` has the cycles of two of scalar networks, and whether they are stable.
"""

from solvers.descent.descent import DivergenceError, InterruptedRun, Trajectory, geometric_steps, gradient_descent
from solvers.descent.error_bound import loss_ball, weight_error_bound
from solvers.descent.paths.kernel import kernel
from solvers.descent.perturbed import PerturbedTrajectory, perturbed_gradient_descent

__all__ = [
    "DivergenceError",
    "InterruptedRun",
    "PerturbedTrajectory",
    "Trajectory",
    "geometric_steps",
    "gradient_descent",
    "kernel",
    "loss_ball",
    "perturbed_gradient_descent",
    "weight_error_bound",
]
