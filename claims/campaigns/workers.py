"""What :func:`~claims.campaigns.executors.spread` asks of an executor beyond ``submit``."""

from __future__ import annotations

from concurrent.futures import Executor


class Workers(Executor):
    """An executor that says how much it can take, and what the exception of a future means.

    Its ``submit`` works again after a worker has died, or after a lost connection.
    """

    exact = True
    """Whether the death of a worker is told of the piece that it was running, and of no other."""

    def ahead(self) -> int:
        """How many pieces it is given at a time."""
        raise NotImplementedError

    def deaths(self, error: BaseException) -> int | None:
        """How many workers have died of a piece, as the exception of its future tells; 0 where the connection was lost,
        None where it is no fault of the workers."""
        raise NotImplementedError

    def look(self) -> None:
        """Called while nothing comes, to see whether anything still can."""

    def stop(self) -> float:
        """Called at Ctrl-C: the seconds within which pieces that are running may come to an early end by themselves."""
        return 0.0
