"""What the containers are asked to tell whether they are well: python -m config.probe web|worker

Ends with 0, or with 1 and a sentence. Without Django, as it is asked every half minute.
"""

import os
import sys
import urllib.request
from urllib.parse import urlsplit

from config import task_queue

ADDRESS = "http://127.0.0.1:8000/health/"
PATIENCE_SECONDS = 4


def web(address: str) -> str:
    """Ask the program itself; it answers only for its own host name. Return what is wrong."""
    host = urlsplit(os.environ.get("BASE_URL", "")).netloc
    asked = urllib.request.Request(address, headers={"Host": host})  # noqa: S310 - an address of ours
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        direct.open(asked, timeout=PATIENCE_SECONDS).close()
    except OSError as problem:
        return f"the web server does not answer well: {problem}"
    return ""


def worker() -> str:
    """Ask the database whether a worker has said lately that it lives. Return what is wrong.

    The queue does not know which container a worker is in: with several, this says that one works.
    """
    import psycopg

    url = os.environ.get("DATABASE_URL", "")
    try:
        with psycopg.connect(url, connect_timeout=PATIENCE_SECONDS) as connection:
            row = connection.execute(task_queue.WORKERS).fetchone()
    except psycopg.Error as problem:
        return f"the database does not answer: {type(problem).__name__}"
    return "" if row and row[0] else "no worker has lived for a minute"


def main(arguments: list[str]) -> int:
    """Ask one of the two, and say what is wrong."""
    if arguments[:1] == ["web"]:
        wrong = web(arguments[1] if len(arguments) > 1 else ADDRESS)
    elif arguments == ["worker"]:
        wrong = worker()
    else:
        wrong = "say web or worker"
    if wrong:
        print(wrong, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
