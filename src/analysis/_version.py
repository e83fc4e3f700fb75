"""The version, in a file of its own so that the build backend and the command read it without importing anything."""

__version__ = "0.3.0"
