# Clubroom in one container: docker build --tag clubroom .   (docs/host/docker.md)
# Everything else is pinned by hash; whoever wants that of the base as well names it with its digest:
# --build-arg PYTHON=3.11-slim-bookworm@sha256:…
ARG PYTHON=3.11-slim-bookworm

FROM python:${PYTHON} AS client
WORKDIR /clubroom
COPY requirements/web.txt requirements/
RUN python -m venv .venv && .venv/bin/python -m pip install --quiet --no-cache-dir --require-hashes -r requirements/web.txt
ENV PATH="/clubroom/.venv/bin:${PATH}"
COPY web/package.json web/package-lock.json web/.npmrc web/
RUN npm --prefix web ci --ignore-scripts --no-audit --no-fund --loglevel=error
COPY web/ web/
RUN npm --prefix web run --silent build -- --logLevel warn

FROM python:${PYTHON} AS packages
WORKDIR /clubroom
COPY requirements/run.txt requirements/
RUN python -m venv --without-pip .venv && python -m pip --python .venv/bin/python install --quiet --no-cache-dir --require-hashes -r requirements/run.txt

FROM python:${PYTHON}
WORKDIR /clubroom
RUN useradd --system --uid 10001 --no-create-home --home-dir /data clubroom && install --directory --owner clubroom --mode 0700 /data
COPY --from=packages /clubroom/.venv/ .venv/
COPY bin/clubroom bin/
COPY src/ src/
RUN python -m compileall -q src
COPY --from=client /clubroom/web/dist/ web/dist/
ENV PATH="/clubroom/bin:/clubroom/.venv/bin:${PATH}" PYTHONDONTWRITEBYTECODE=1 HOST=0.0.0.0 CLUBROOM_DATA=/data
USER 10001
VOLUME ["/data"]
EXPOSE 8000 8001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f\"http://127.0.0.1:{os.environ.get('PORT') or 8000}/api/health\", timeout=4)"]
CMD ["clubroom", "serve"]
