"""Pages of the financing room: those of a plan (see financing/place.py), and the check of a table."""
