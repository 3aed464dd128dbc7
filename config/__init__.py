"""Settings, addresses, and the embedded database."""

VERSION = "0.1.0"  # as in pyproject.toml, which the container does not have
