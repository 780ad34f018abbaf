"""``python -m claims``: see :mod:`claims.command_line`."""

import sys

from claims.command_line import main

if __name__ == "__main__":
    sys.exit(main())
