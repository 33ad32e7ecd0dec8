"""The version of the workflow, which is that of its distribution."""

__version__ = "0.2.0.dev0"
