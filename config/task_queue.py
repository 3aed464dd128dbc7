"""What is asked of the task queue's tables: by /metrics, by /health/ready/ and by the worker's probe.

Without Django: the probe is.
"""

# How many workers live: each says so every ten seconds.
WORKERS = """
    SELECT count(*) FROM procrastinate_workers
     WHERE last_heartbeat > now() - interval '1 minute'
"""
# The jobs that may be done now and are not begun, and since when. What is to be done at a time of its own,
# or again after a failure, waits from that time on.
DUE = """
    SELECT j.id, coalesce(j.scheduled_at, min(e.at)) AS since
      FROM procrastinate_jobs j
      LEFT JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'deferred'
     WHERE j.status = 'todo' AND (j.scheduled_at IS NULL OR j.scheduled_at <= now())
     GROUP BY j.id
"""
