"""Generated input: the same few examples with every `make test`, many new ones with HYPOTHESIS_PROFILE=thorough.

No profile has a limit of time: how fast this machine is at the moment says nothing about the code.
"""

import os

from hypothesis import HealthCheck, settings

PROFILE = "HYPOTHESIS_PROFILE"
THOROUGH = "thorough"
TIMES = 20  # as many examples in the thorough form
OF_TIME = (HealthCheck.too_slow, HealthCheck.data_too_large)


def load_profiles(name: str) -> None:
    """What holds for every property that says nothing else."""
    settings.register_profile("quick", deadline=None, suppress_health_check=OF_TIME, derandomize=True)
    settings.register_profile(THOROUGH, deadline=None, suppress_health_check=OF_TIME, max_examples=100 * TIMES)
    settings.load_profile(name)


def examples(few: int, *unhealthy: HealthCheck) -> settings:
    """So many examples, in the thorough form many times as many; `unhealthy`: what is known and does not matter."""
    times = TIMES if os.environ.get(PROFILE) == THOROUGH else 1
    return settings(max_examples=few * times, suppress_health_check=(*OF_TIME, *unhealthy))
