"""Conformance: is this trainer gradient descent?

    from claims.conformance import check_trainer
    check_trainer(train)                       # ConformanceError, with a report to read, if it is not

where ``train(weights, inputs, outputs, learning_rate, steps)`` returns the weights of a deep linear network after some
steps of full-batch gradient descent on 1/2 ||W_N ... W_1 X - Y||_F^2, all layers at once.

The verdict is rigorous. A dozen small networks are trained for one, two and three steps. Each step is held against the
exact one, in rational numbers, from the trainer's own weights before it, and may differ from it by what rounding in the
trainer's format explains, in whatever order it multiplies and adds (DL-060): no tolerance is chosen by hand. What is
outside is no rounding error of gradient descent. What is inside could still be another algorithm, and the report says
from which relative error of the gradient on it would have been seen: about 1e-15 in float64, 1e-6 in float32, and in
bfloat16 only the coarse.

The diagnosis is not: it says what explains a failed trainer's steps, "momentum 0.9" say, and turns no failure into a
pass.

- :func:`check_trainer` and its :class:`ConformanceReport`; :class:`ConformanceError`.
- :func:`torch_trainer`, :func:`optax_trainer`, :func:`gradient_trainer` make a trainer of a framework's parts.
- :func:`parametrize_with_trainers`: probes and laws (:mod:`claims.conformance.laws`) as tests of a file of your own.
- ``dtype``: float64, float32, float16, bfloat16, and TF32 where products are such.
- LOSSES: the conventions of the loss; SCALES, with ``up_to_scale``: factors of the learning rate.
"""

from claims.conformance.adapters import gradient_trainer, optax_trainer, torch_trainer
from claims.conformance.checking import check_dtype, check_trainer, trainer_name
from claims.conformance.loading import load_trainer
from claims.conformance.losses import LOSSES, SCALES, Loss
from claims.conformance.parametrizing import parametrize_with_trainers
from claims.conformance.report import Check, ConformanceError, ConformanceReport, Deviation, Outcome
from claims.conformance.running import Trainer

__all__ = [
    "LOSSES",
    "SCALES",
    "Check",
    "ConformanceError",
    "ConformanceReport",
    "Deviation",
    "Loss",
    "Outcome",
    "Trainer",
    "check_dtype",
    "check_trainer",
    "gradient_trainer",
    "load_trainer",
    "optax_trainer",
    "parametrize_with_trainers",
    "torch_trainer",
    "trainer_name",
]
