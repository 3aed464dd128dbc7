# The program and the proxy as they run in production. docker-compose.yml puts a database beside them.

FROM node:24-bookworm-slim AS front-end
WORKDIR /front-end
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --omit=dev

FROM caddy:2-alpine AS proxy
# New volumes take over the owner of the folder that they are put on.
RUN adduser -D -u 1000 proxy && mkdir -p /data /config && chown -R proxy /data /config
COPY config/Caddyfile /etc/caddy/Caddyfile
USER proxy

FROM python:3.13-slim-bookworm AS program
# What WeasyPrint needs to make PDF files.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 1000 --create-home app
WORKDIR /app
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes --no-deps --requirement requirements.lock
COPY --from=front-end /front-end/node_modules node_modules
COPY . .
# collectstatic reads the settings but keeps nothing of them: any values will do.
RUN SECRET_KEY=only-for-collectstatic-only-for-collectstatic-only-for-collectstatic \
    BASE_URL=https://only-for.collectstatic.example \
    DATABASE_URL=postgresql://only-for-collectstatic/only-for-collectstatic \
    python manage.py collectstatic --noinput --verbosity 0
# The file system may be read-only: what is written goes to /tmp and is not kept.
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 XDG_CACHE_HOME=/tmp/cache
USER app
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=6s --start-period=30s CMD ["python", "-m", "config.probe", "web"]
CMD ["gunicorn", "config.wsgi", "--config=python:config.gunicorn_conf"]
