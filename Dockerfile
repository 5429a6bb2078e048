# Both stages share one base and one path: the environment keeps absolute paths to its Python and to itself.
# By digest: a tag can be pointed at another image, this cannot. CONTRIBUTING.md says how it is renewed.
FROM python:3.12.15-slim-bookworm@sha256:54c85f3c47607a77f32adec749d3c81d1348bf25833671f512b26a9b6d778cb3 AS base
WORKDIR /app

FROM base AS build
# With vectors: docker build --build-arg LOCK=requirements-dense.lock (x86-64)
ARG LOCK=requirements.lock
COPY requirements.lock requirements-dense.lock ./
COPY tools ./tools
RUN python tools/bootstrap.py "$LOCK"

FROM base
# A fixed number, so that the owner of a mounted volume can be set beforehand.
RUN groupadd --gid 10001 bot && useradd --uid 10001 --gid bot --no-create-home --shell /usr/sbin/nologin bot \
    && install -d -o bot -g bot /data
COPY --from=build /app/.venv ./.venv
# .dockerignore lets through what the bot runs on, and nothing else. It stays root's: the bot cannot change itself.
COPY . .
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/data \
    HOST=0.0.0.0 \
    PORT=8080
USER 10001:10001
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f\"http://127.0.0.1:{os.environ['PORT']}/healthz\", timeout=4)"]
# Exec form: SIGTERM reaches Python, which finishes what it holds. HOST is not loopback here, so the sandbox is off. It
# answers its own machine alone, and what comes in through a published port comes from the bridge, so it wants the
# network of the host (Linux): docker run --network host -e HOST=127.0.0.1 butterboard
ENTRYPOINT ["python", "app.py"]
