"""Every test here draws as many examples as the claims do, unless the user names another profile."""

from claims.suite import profiles

profiles.load_default()
