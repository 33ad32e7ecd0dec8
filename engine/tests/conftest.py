"""Settings of the engine's tests, which run without the workflow, too."""

from hypothesis import settings

# How long an example takes tells more of the machine than of the code.
settings.register_profile("project", deadline=None)
settings.load_profile("project")
