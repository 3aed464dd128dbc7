"""Backup and restore of an installation: everything that people have made, in one file.

`file.py` is the file, `tables.py` the database's side of it, `making.py` and `restoring.py` the two
commands. The same way works with the embedded database, in the container and against any server:
PostgreSQL's own COPY through the connection that the program has. pg_dump would have to be installed
beside the program, and be as new as the server. See docs/backup.md.
"""
