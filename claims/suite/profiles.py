"""Hypothesis profiles: ``dev`` (the default for claims), ``ci`` (the same, derandomised), ``thorough`` (100 times)."""

from hypothesis import HealthCheck, settings

EXAMPLES = 25


def register() -> None:
    """Make the three profiles known, so that ``--hypothesis-profile`` finds them."""
    common = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.register_profile("dev", common, max_examples=EXAMPLES)
    settings.register_profile("ci", common, max_examples=EXAMPLES, derandomize=True, database=None, print_blob=True)
    settings.register_profile("thorough", common, max_examples=100 * EXAMPLES)


def load_default() -> None:
    """Choose ``dev`` where the user has chosen nothing."""
    if settings.get_current_profile_name() == "default":
        settings.load_profile("dev")


def fewer(divisor: int) -> settings:
    """The profile's number of examples divided, for checks of which one takes a second: scales with the profile."""
    return settings(max_examples=max(1, settings().max_examples // divisor))
