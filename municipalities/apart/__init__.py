"""Work done by a process beside this one, with limits: making documents, reading files from outside."""
