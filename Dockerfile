# Octavo in a container. NOT BUILT IN OUR CI, where no container engine runs: it is linted (hadolint), and
# tests/house/test_deploy.py checks what it copies and names. Build it where there is a network, run it where there is none:
#   docker build -t octavo .
#   docker run --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges -v octavo:/data \
#     -e OCTAVO_API_KEYS=alice=3f9c... -p 127.0.0.1:8000:8000 octavo

FROM python:3.13-slim-bookworm AS build
WORKDIR /src
COPY constraints.txt ./
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --only-binary=:all: --require-hashes --requirement constraints.txt
COPY pyproject.toml README.md LICENSE ./
COPY src ./src
# The build runs with what was checked by its hash just now, and is taken away again.
RUN /venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation . \
    && /venv/bin/pip uninstall --yes hatchling editables

FROM python:3.13-slim-bookworm
RUN groupadd --gid 10001 octavo \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin octavo \
    && install --directory --owner=octavo --group=octavo --mode=0700 /data
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH \
    HOME=/data \
    OCTAVO_DATA_DIR=/data \
    OCTAVO_HOST=0.0.0.0 \
    PYTHONDONTWRITEBYTECODE=1
WORKDIR /data
USER 10001:10001
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/ready', timeout=5)"]
ENTRYPOINT ["octavo"]
CMD ["serve"]
