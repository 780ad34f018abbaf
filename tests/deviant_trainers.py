"""Trainers that are not gradient descent on 1/2 ||W X - Y||_F^2: a table, with what a diagnosis says of each.

They share no line with ``claims.conformance.rules``: where PyTorch or JAX has such an optimizer it is that one, and the
others are written down anew, in NumPy.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import torch

from claims.conformance import check_trainer, torch_trainer


def flows(weights, inputs):
    """The signals before each layer, and the predictions."""
    signals = [inputs]
    for matrix in weights:
        signals.append(matrix @ signals[-1])
    return signals


def slopes(weights, inputs, outputs):
    """D_1, ..., D_N by products from the left."""
    signals = flows(weights, inputs)
    found = []
    for layer in range(len(weights)):
        each = (signals[-1] - outputs) @ signals[layer].T
        for matrix in weights[:layer:-1]:
            each = matrix.T @ each
        found.append(each)
    return found


def stepping(step):
    """A trainer of ``step(t, weights, inputs, outputs, rate) -> weights``, t = 0, 1, ..."""

    def train(weights, inputs, outputs, learning_rate, steps):
        weights = list(weights)
        rate = weights[0].dtype.type(learning_rate)
        for t in range(steps):
            weights = step(t, weights, inputs, outputs, rate)
        return weights

    return train


def moved(weights, rate, found):
    return [matrix - rate * each for matrix, each in zip(weights, found, strict=True)]


def of_gradient(change):
    """W - eta change(W, D)."""
    return stepping(lambda t, w, x, y, rate: moved(w, rate, change(w, slopes(w, x, y))))


honest = stepping(lambda t, w, x, y, rate: moved(w, rate, slopes(w, x, y)))


def scaled(factor):
    """The gradient times factor(x, y)."""
    return stepping(
        lambda t, w, x, y, rate: moved(w, rate, [w[0].dtype.type(factor(x, y)) * d for d in slopes(w, x, y)])
    )


def on_data(change):
    return lambda w, x, y, rate, steps: honest(w, *change(x, y), rate, steps)


def optimizer(kind, **options):
    """One of torch.optim."""
    return torch_trainer(optimizer=partial(kind, **options))


def clipping(function, limit):
    """PyTorch's clipping of gradients before each step."""

    def fit(model, inputs, outputs, learning_rate, steps):
        descent = torch.optim.SGD(model.parameters(), lr=learning_rate)
        for _ in range(steps):
            descent.zero_grad()
            (((model(inputs) - outputs) ** 2).sum() / 2).backward()
            function(model.parameters(), limit)
            descent.step()

    return torch_trainer(fit)


def never_zeroed(model, inputs, outputs, learning_rate, steps):
    descent = torch.optim.SGD(model.parameters(), lr=learning_rate)
    for _ in range(steps):
        (((model(inputs) - outputs) ** 2).sum() / 2).backward()
        descent.step()


def warmed_up(model, inputs, outputs, learning_rate, steps):
    """A fifth of the learning rate, two fifths, ..."""
    descent = torch.optim.SGD(model.parameters(), lr=learning_rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(descent, lambda t: min(1, (t + 1) / 5))
    for _ in range(steps):
        descent.zero_grad()
        (((model(inputs) - outputs) ** 2).sum() / 2).backward()
        descent.step()
        schedule.step()


def with_loss(loss):
    return torch_trainer(loss=loss)


def stale(weights, inputs, outputs, learning_rate, steps):
    weights, before = list(weights), list(weights)
    for _ in range(steps):
        weights, before = moved(weights, learning_rate, slopes(before, inputs, outputs)), weights
    return weights


def in_turn(order):
    def step(t, w, x, y, rate):
        w = list(w)
        for layer in order(len(w)):
            w[layer] = w[layer] - rate * slopes(w, x, y)[layer]
        return w

    return stepping(step)


def frozen(layer):
    def step(t, w, x, y, rate):
        found = moved(w, rate, slopes(w, x, y))
        found[layer] = w[layer]
        return found

    return stepping(step)


def biased(weights, inputs, outputs, learning_rate, steps):
    """PyTorch's Linear with its biases, from 0."""
    layers = [torch.nn.Linear(matrix.shape[1], matrix.shape[0]) for matrix in weights]
    for layer, matrix in zip(layers, weights, strict=True):
        layer.weight = torch.nn.Parameter(torch.tensor(matrix))
        layer.bias = torch.nn.Parameter(torch.zeros(len(matrix), dtype=layer.weight.dtype))
    model = torch.nn.Sequential(*layers)
    descent = torch.optim.SGD(model.parameters(), lr=learning_rate)
    for _ in range(steps):
        descent.zero_grad()
        (((model(torch.tensor(inputs.T)) - torch.tensor(outputs.T)) ** 2).sum() / 2).backward()
        descent.step()
    return [layer.weight.detach().numpy().copy() for layer in layers]


def whitened(inputs, outputs):
    values, vectors = np.linalg.eigh(inputs @ inputs.T / inputs.shape[1])
    root = vectors * np.where(values > 1e-9, values, np.inf) ** -0.5 @ vectors.T
    return root @ inputs, outputs


def square(weights):
    return len({size for matrix in weights for size in matrix.shape}) == 1


def if_square(change):
    """Something that is wrong only where shapes let it pass."""
    return stepping(lambda t, w, x, y, rate: change(w, x, y, rate) if square(w) else moved(w, rate, slopes(w, x, y)))


def without_transposes(weights, inputs, outputs, rate):
    signals = flows(weights, inputs)
    back, found = signals[-1] - outputs, []
    for layer in range(len(weights) - 1, -1, -1):
        found.insert(0, back @ signals[layer].T)
        back = weights[layer] @ back
    return moved(weights, rate, found)


def cast(kind):
    """Everything in another format."""

    def train(weights, inputs, outputs, learning_rate, steps):
        narrow = honest(
            [w.astype(kind) for w in weights], inputs.astype(kind), outputs.astype(kind), learning_rate, steps
        )
        return [matrix.astype(weights[0].dtype) for matrix in narrow]

    return train


def kept_bits(array, bits):
    fraction, exponent = np.frexp(array)
    return np.ldexp(np.rint(fraction * 2.0**bits) / 2.0**bits, exponent).astype(array.dtype)


def with_products_of(bits):
    """Factors of every product are rounded to so many bits, and sums are kept."""

    def product(a, b):
        return kept_bits(a, bits) @ kept_bits(b, bits)

    def step(t, w, x, y, rate):
        signals = [x]
        for matrix in w:
            signals.append(product(matrix, signals[-1]))
        back, found = signals[-1] - y, []
        for layer in range(len(w) - 1, -1, -1):
            found.insert(0, product(back, signals[layer].T))
            back = product(w[layer].T, back)
        return moved(w, rate, found)

    return stepping(step)


def weighting_samples(weights, inputs, outputs, learning_rate, steps):
    """Sample k counts k + 1 times."""
    factors = np.sqrt(1.0 + np.arange(inputs.shape[1]))
    return honest(weights, factors * inputs, factors * outputs, learning_rate, steps)


def projected(weights, inputs, outputs, learning_rate, steps):
    for _ in range(steps):
        weights = [matrix.clip(-1, 1) for matrix in honest(weights, inputs, outputs, learning_rate, 1)]
    return weights


def noisy(weights, inputs, outputs, learning_rate, steps):
    random = np.random.default_rng()
    return [
        matrix + 1e-9 * random.standard_normal(matrix.shape)
        for matrix in honest(weights, inputs, outputs, learning_rate, steps)
    ]


def in_place(weights, inputs, outputs, learning_rate, steps):
    for _ in range(steps):
        for layer, each in enumerate(slopes(weights, inputs, outputs)):
            weights[layer] -= learning_rate * each
    return weights


def cleaned(weights, inputs, outputs, learning_rate, steps):
    return [np.nan_to_num(matrix) for matrix in honest(weights, inputs, outputs, learning_rate, steps)]


KNOWN = {
    "sum of squares": (with_loss(lambda p, y: ((p - y) ** 2).sum()), r'learning rate x 2, which is loss="sum"'),
    "mean of squares": (with_loss(torch.nn.functional.mse_loss), r'learning rate x 2/\(m d_N\), which is loss="mean"'),
    "mean over samples": (
        scaled(lambda x, y: 1 / x.shape[1]),
        r'learning rate x 1/m, which is loss="half-mean-of-samples"',
    ),
    "twice the mean over samples": (
        scaled(lambda x, y: 2 / x.shape[1]),
        r'learning rate x 2/m, which is loss="mean-of-samples"',
    ),
    "mean over outputs": (scaled(lambda x, y: 1 / len(y)), r"learning rate x 1/d_N"),
    "half the learning rate": (scaled(lambda x, y: 0.5), r"learning rate x 1/2"),
    "a scale near 1": (scaled(lambda x, y: 1.0001), r"learning rate x \(1 \+ 0.0001\)"),
    "ascent": (optimizer(torch.optim.SGD, maximize=True), r"ascent, not descent"),
    "weight decay": (optimizer(torch.optim.SGD, weight_decay=0.01), r"weight decay 0.01"),
    "weights shrunk": (
        stepping(lambda t, w, x, y, rate: [0.999 * each for each in moved(w, rate, slopes(w, x, y))]),
        r"learning rate x \(1 - 0.001\), weight decay 0.001 a step, whatever the learning rate",
    ),
    "momentum": (optimizer(torch.optim.SGD, momentum=0.9), r"momentum 0.9"),
    "dampened momentum": (optimizer(torch.optim.SGD, momentum=0.9, dampening=0.9), r"momentum 0.9 with dampening 0.9"),
    "momentum and decay": (
        optimizer(torch.optim.SGD, momentum=0.5, weight_decay=0.1),
        r"momentum 0.5, weight decay 0.1",
    ),
    "Nesterov": (optimizer(torch.optim.SGD, momentum=0.9, nesterov=True), r"Nesterov momentum 0.9"),
    "gradients never zeroed": (torch_trainer(never_zeroed), r"momentum 1, or gradients that are never set to 0"),
    "warm-up": (torch_trainer(warmed_up), r"learning rate x \(0.2, 0.4, 0.6\) from step 1 on"),
    "Adam": (optimizer(torch.optim.Adam), r"Adam"),
    "AdamW": (optimizer(torch.optim.AdamW), r"AdamW with weight decay 0.01"),
    "RMSprop": (optimizer(torch.optim.RMSprop), r"RMSprop"),
    "Adagrad": (optimizer(torch.optim.Adagrad), r"Adagrad"),
    "signs": (of_gradient(lambda w, d: [np.sign(each) for each in d]), r"sign descent"),
    "normalised": (
        of_gradient(lambda w, d: [each / np.sqrt(sum((e**2).sum() for e in d)) for each in d]),
        r"normalised gradient",
    ),
    "clipped norm": (
        clipping(torch.nn.utils.clip_grad_norm_, 1.0),
        r"gradients clipped to norm 1, with 10\^-6 added to theirs",
    ),
    "clipped entries": (
        clipping(torch.nn.utils.clip_grad_value_, 0.5),
        r"gradients clipped to entries of at most (1/2|0.5)",
    ),
    "stale gradients": (stale, r"the gradient of the step before"),
    "layers in turn, forward": (in_turn(range), r"layers updated one after another, from the first"),
    "layers in turn, backward": (
        in_turn(lambda n: range(n - 1, -1, -1)),
        r"layers updated one after another, from the last",
    ),
    "first layer frozen": (frozen(0), r"the first layer does not move"),
    "last layer frozen": (frozen(-1), r"the last layer does not move"),
    "biases": (biased, r"trained biases"),
    "whitened": (on_data(whitened), r"whitened inputs"),
    "centred": (on_data(lambda x, y: (x - x.mean(1, keepdims=True), y)), r"centred inputs"),
    "first sample": (on_data(lambda x, y: (x[:, :1], y[:, :1])), r"only the first sample"),
    "weighted samples": (weighting_samples, r"samples weighted 1, 2, 3"),
    "missing transposes": (if_square(without_transposes), r"back-propagation by W_j in place of W_j\^T"),
    "layers reversed": (
        if_square(lambda w, x, y, rate: moved(w, rate, slopes(w[::-1], x, y)[::-1])),
        r"weights read in reversed order",
    ),
    "read transposed": (
        if_square(lambda w, x, y, rate: moved(w, rate, [d.T for d in slopes([m.T for m in w], x, y)])),
        r"weights read transposed",
    ),
    "gradients transposed": (
        if_square(lambda w, x, y, rate: moved(w, rate, [d.T for d in slopes(w, x, y)])),
        r"gradients transposed",
    ),
    "one step more": (lambda w, x, y, rate, steps: honest(w, x, y, rate, steps + 1), r"one step too many"),
    "one step less": (lambda w, x, y, rate, steps: honest(w, x, y, rate, max(steps - 1, 0)), r"one step too few"),
    "float32": (cast(np.float32), r"right to 2\^-2\d, like float32"),
    "TF32": (with_products_of(11), r"right to 2\^-1\d, like products in TF32 or float16"),
    "bfloat16 products": (with_products_of(8), r"right to 2\^-\d, like products in bfloat16"),
    "rate in float32": (
        lambda w, x, y, rate, steps: honest(w, x, y, float(np.float32(rate)), steps),
        r"a learning rate rounded to float32",
    ),
    "batches of 64": (
        stepping(lambda t, w, x, y, rate: [*_epoch(w, x, y, rate, 64)]),
        r"an epoch a step, in batches of 64",
    ),
    "weights clipped": (projected, r"weights clipped to entries of at most 1"),
}
"""By name: the trainer, and the diagnosis as a regular expression."""


def _epoch(weights, inputs, outputs, rate, size):
    for k in range(0, inputs.shape[1], size):
        weights = moved(weights, rate, slopes(weights, inputs[:, k : k + size], outputs[:, k : k + size]))
    return weights


BEHAVING = {
    "noise": (noisy, "determinism"),
    "in place": (in_place, "caller's arrays"),
    "cleaned": (cleaned, "NaN"),
    "one step at 0": (lambda w, x, y, rate, steps: honest(w, x, y, rate, max(steps, 1)), "steps=0"),
}
"""By name: the trainer, and the question that it fails."""


# What no rule was written for.


def quantised(weights, inputs, outputs, learning_rate, steps):
    for _ in range(steps):
        weights = [np.rint(each * 2**20) / 2**20 for each in honest(weights, inputs, outputs, learning_rate, 1)]
    return weights


def looking_ahead(weights, inputs, outputs, learning_rate, steps):
    """Every second step goes back half of the way."""
    slow = list(weights)
    for t in range(steps):
        weights = honest(weights, inputs, outputs, learning_rate, 1)
        if t % 2:
            weights = slow = [(a + b) / 2 for a, b in zip(weights, slow, strict=True)]
    return weights


def sharpness_aware(weights, inputs, outputs, learning_rate, steps):
    for _ in range(steps):
        found = slopes(weights, inputs, outputs)
        length = np.sqrt(sum((each**2).sum() for each in found)) + 1e-12
        above = [matrix + 0.05 / length * each for matrix, each in zip(weights, found, strict=True)]
        weights = moved(weights, learning_rate, slopes(above, inputs, outputs))
    return weights


def searching(weights, inputs, outputs, learning_rate, steps):
    """Half the learning rate where the loss would not fall to three quarters."""

    def loss(layers):
        return ((flows(layers, inputs)[-1] - outputs) ** 2).sum()

    for _ in range(steps):
        tried = honest(weights, inputs, outputs, learning_rate, 1)
        weights = (
            tried if loss(tried) <= 0.75 * loss(weights) else honest(weights, inputs, outputs, learning_rate / 2, 1)
        )
    return weights


def stopping(weights, inputs, outputs, learning_rate, steps):
    """Stops where the gradient is small."""
    for _ in range(steps):
        if np.sqrt(sum((each**2).sum() for each in slopes(weights, inputs, outputs))) < 1e-3:
            break
        weights = honest(weights, inputs, outputs, learning_rate, 1)
    return weights


def cycling(calls=[0]):  # noqa: B006 - the state is the point
    def train(weights, inputs, outputs, learning_rate, steps):
        calls[0] += 1
        return honest(weights, inputs, outputs, learning_rate * (1 + calls[0] % 2 * 1e-9), steps)

    return train


def preconditioned(w, x, y, rate):
    inner = np.linalg.inv(x @ x.T + np.eye(len(x)))
    found = slopes(w, x, y)
    return moved(w, rate, [found[0] @ inner, *found[1:]])


def implicit(weights, inputs, outputs, learning_rate, steps):
    """Gradients at the next iterate, by three fixed-point iterations."""
    for _ in range(steps):
        ahead = weights
        for _ in range(3):
            ahead = moved(weights, learning_rate, slopes(ahead, inputs, outputs))
        weights = ahead
    return weights


def half_steps(weights, inputs, outputs, learning_rate, steps):
    return honest(weights, inputs, outputs, learning_rate / 2, 2 * steps)


def with_noise_in_data(x, y):
    return x + 1e-12 * np.sin(np.arange(x.size)).reshape(x.shape), y


def mixed(x, y):
    return 0.9 * x + 0.1 * np.roll(x, 1, axis=1), 0.9 * y + 0.1 * np.roll(y, 1, axis=1)


def sparse(w, d):
    return [np.where(abs(each) < 1e-2, 0, each) for each in d]


def symmetric(w, d):
    return [(each + each.T) / 2 if each.shape[0] == each.shape[1] else each for each in d]


UNKNOWN = {
    "quantised weights": quantised,
    "look-ahead": looking_ahead,
    "sharpness-aware": sharpness_aware,
    "line search": searching,
    "stops early": stopping,
    "a learning rate that alternates": cycling(),
    "preconditioned inputs": stepping(lambda t, w, x, y, rate: preconditioned(w, x, y, rate)),
    "implicit steps": implicit,
    "two half steps": half_steps,
    "data off by 10^-12": on_data(with_noise_in_data),
    "smoothed outputs": on_data(lambda x, y: (x, 0.9 * y)),
    "mixed samples": on_data(mixed),
    "small entries dropped": of_gradient(sparse),
    "symmetric gradients": of_gradient(symmetric),
    "rate over 1 + norm": of_gradient(lambda w, d: [each / (1 + np.sqrt((each**2).sum())) for each in d]),
    "last column frozen": of_gradient(
        lambda w, d: [each * (np.arange(each.shape[1]) < max(1, each.shape[1] - 1)) for each in d]
    ),
    "one entry off by 10^-12": of_gradient(
        lambda w, d: [*d[:-1], d[-1] * np.where(np.arange(d[-1].size).reshape(d[-1].shape) == 0, 1 + 1e-12, 1)]
    ),
    "RAdam": optimizer(torch.optim.RAdam),
    "Rprop": optimizer(torch.optim.Rprop),
    "Adadelta": optimizer(torch.optim.Adadelta),
    "averaged SGD": optimizer(torch.optim.ASGD),
    "cubic error": with_loss(lambda p, y: ((p - y).abs() ** 3).sum() / 3),
    "predictions penalised": with_loss(lambda p, y: ((p - y) ** 2).sum() / 2 + 0.01 * (p**2).sum()),
    "weights in bfloat16": stepping(
        lambda t, w, x, y, rate: [kept_bits(each, 8) for each in moved(w, rate, slopes(w, x, y))]
    ),
}
"""By name: all are to be detected, and need not be named."""


def table():
    """For each trainer whether it is detected, the largest error over its bound, and the diagnosis."""
    named = {name: trainer for name, (trainer, _) in (KNOWN | BEHAVING).items()} | UNKNOWN
    for name, trainer in named.items():
        report = check_trainer(trainer, on_fail="return")
        yield name, not report.conforms, report.ratio, report.diagnosis


if __name__ == "__main__":
    for name, detected, ratio, told in table():
        print(f"{name:32} {'detected' if detected else 'MISSED':9} {ratio or 0:8.1e}  {told}")
