"""Settings for the server of `finals.py`: the program's own, with two more addresses."""

from config.settings import *  # noqa: F403 - the settings that are measured

ROOT_URLCONF = "benchmarks.served_pages"
