"""Questions that cannot be answered."""


class UsageError(ValueError):
    """What was asked for and could not be understood: a sentence, for exit code 2."""
