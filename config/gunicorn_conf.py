"""How gunicorn serves on a server: `gunicorn config.wsgi --config python:config.gunicorn_conf`.

What is said on the command line wins. Needs no folder it may write to but the system's for temporary
files.
"""

import os
import shutil
import tempfile
from importlib import import_module
from typing import Any

from config import environment
from config.logs import FORMATS

# Read here, in the first process, so that what is wrong is said once and nothing is begun.
with environment.ends_with_a_sentence(2):
    # For our logger, which is there before Django's settings are.
    os.environ["LOG_FORMAT"] = environment.one_of("LOG_FORMAT", FORMATS, "json")
    _settings = import_module("config.settings")
    if not _settings.LOCAL:
        environment.check_collected(_settings.STATIC_ROOT)

bind = ["0.0.0.0:8000"]
workers = 3
threads = 4
timeout = 120
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 - never a slow disk
control_socket_disable = True
logger_class = "config.quiet_log.QuietLogger"  # a request's line is config.request_log's

# The processes count into files in one folder. It is made before the program is imported, and anew at
# each start.
_shared = tempfile.mkdtemp(prefix="metrics-")
os.environ["PROMETHEUS_MULTIPROC_DIR"] = _shared


def child_exit(server: Any, worker: Any) -> None:
    """Forget what only a process that is gone could say."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)


def on_exit(server: Any) -> None:
    """Leave nothing behind."""
    shutil.rmtree(_shared, ignore_errors=True)
