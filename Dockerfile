# The program as it runs in production. docker-compose.yml puts a database beside it.

FROM node:24-bookworm-slim AS front-end
WORKDIR /front-end
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --omit=dev

FROM python:3.13-slim-bookworm
# What WeasyPrint needs to make PDF files.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --create-home app
WORKDIR /app
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes --no-deps --requirement requirements.lock
COPY --from=front-end /front-end/node_modules node_modules
COPY . .
# collectstatic reads the settings but keeps nothing of them: any secret will do.
RUN SECRET_KEY=only-for-collectstatic-only-for-collectstatic-only-for-collectstatic \
    python manage.py collectstatic --noinput --verbosity 0
USER app
EXPOSE 8000
# The program answers only for its own host names, so the question has to carry one.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-c", "\
import os, urllib.request; \
host = os.environ['ALLOWED_HOSTS'].split(',')[0].strip().lstrip('.'); \
urllib.request.urlopen(urllib.request.Request('http://127.0.0.1:8000/health/', headers={'Host': host}), timeout=4)"]
CMD ["gunicorn", "config.wsgi", "--bind=0.0.0.0:8000", "--workers=3", "--threads=4", "--timeout=120", \
     "--no-control-socket", "--worker-tmp-dir=/dev/shm", "--access-logfile=-", \
     "--logger-class=config.quiet_log.QuietLogger"]
