"""What goes wrong with a ledger, in a sentence."""


class LedgerError(ValueError):
    """A file that is no ledger, or something in it, or for it, that no ledger holds."""


class LedgerWriteError(OSError):
    """A ledger that could not be written: the disk is full, the place read-only, or another process holds it."""
