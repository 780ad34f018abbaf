"""What tests of formal proofs share: a prover, or none."""

from __future__ import annotations

import pytest

from claims.formal.coq import MissingProverError, demanded, prover


def a_prover():
    """Coq; where it is missing the test is skipped, or fails where it is demanded."""
    try:
        return prover()
    except MissingProverError as error:
        if demanded():
            pytest.fail(str(error))
        return pytest.skip(str(error))
