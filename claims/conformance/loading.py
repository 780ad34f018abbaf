"""From ``pkg.module:train`` to the function: what a command line, a configuration file or a test calls a trainer."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from typing import Any

from claims.conformance.running import Trainer


def load_trainer(name: str, directory: str | os.PathLike[str] = ".") -> Trainer:
    """The function that ``pkg.module:train`` names, of an installed package or of one in ``directory``.

    Raises ValueError, with a sentence, for a name of another form, a module that cannot be imported, and one without
    such a function.
    """
    module, colon, function = name.partition(":")
    if not (colon and module and all(part.isidentifier() for part in [*module.split("."), *function.split(".")])):
        raise ValueError(f"{name!r} names no trainer; expected a module and a function in it, as in pkg.module:train")
    try:
        place = str(Path(directory).resolve())
        if place not in sys.path:
            sys.path.append(place)  # after all else, and for good: what the trainer imports later may be there too
        found: Any = importlib.import_module(module)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # whatever the module does when it is imported
        raise ValueError(
            f"the trainer is {name}, and importing {module} raised {type(error).__name__}: {error}; expected a module "
            f"that can be imported from {Path(directory).resolve()}"
        ) from error
    for part in function.split("."):
        if not hasattr(found, part):
            raise ValueError(f"the trainer is {name}, and {module} has no {function}; expected a function in it")
        found = getattr(found, part)
    if not callable(found):
        said = f"the trainer is {name}, which is a {type(found).__name__}; expected a function"
        raise ValueError(said)  # noqa: TRY004 - what is wrong is the name that was given
    train: Trainer = found
    return train
