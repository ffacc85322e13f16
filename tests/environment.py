"""The environment that the tests were started in."""

from __future__ import annotations

import os

#: As it was before any test: fixtures change it for each.
GIVEN = dict(os.environ)


def in_ci() -> bool:
    """Whether a missing tool is a failure here instead of a reason to skip."""
    return GIVEN.get("CI", "").lower() not in {"", "0", "false"}
