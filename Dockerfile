# obsgen with promtool and amtool, for a pipeline that has neither.
#
#   docker build -t obsgen:0.1.0 .
#   docker run --rm --read-only --tmpfs /tmp -v "$PWD:/spec:ro" obsgen:0.1.0 validate prod.yaml
#   docker run --rm --read-only --tmpfs /tmp -v "$PWD:/spec" -u "$(id -u):$(id -g)" obsgen:0.1.0 build prod.yaml

# The bases can be held to what was reviewed: --build-arg DEBIAN=debian@sha256:… --build-arg PYTHON=python@sha256:…
ARG DEBIAN=debian:bookworm-slim
ARG PYTHON=python:3.12-slim-bookworm

# The two checkers as Debian builds them; they need nothing beside libc.
FROM ${DEBIAN} AS tools
RUN apt-get update \
    && apt-get install --yes --no-install-recommends prometheus prometheus-alertmanager \
    && rm -rf /var/lib/apt/lists/*

# The wheel and what it runs with, in an environment of its own. Every file that is installed has a hash in a lock.
FROM ${PYTHON} AS build
WORKDIR /source
COPY requirements.lock requirements-runtime.lock ./
RUN python -m venv /opt/obsgen \
    && python -m venv /opt/build \
    && /opt/build/bin/pip install --no-cache-dir --require-hashes --no-deps --requirement requirements.lock \
    && /opt/obsgen/bin/pip install --no-cache-dir --require-hashes --no-deps --requirement requirements-runtime.lock
COPY . .
RUN /opt/build/bin/python -m build --wheel --no-isolation \
    && /opt/obsgen/bin/pip install --no-cache-dir --no-index --no-deps dist/*.whl \
    && /opt/obsgen/bin/pip uninstall --yes pip

FROM ${PYTHON}
COPY --from=tools /usr/bin/promtool /usr/bin/amtool /usr/local/bin/
COPY --from=build /opt/obsgen /opt/obsgen
COPY sbom.cdx.json /usr/share/sbom/obsgen.cdx.json
ENV PATH=/opt/obsgen/bin:$PATH PYTHONDONTWRITEBYTECODE=1
WORKDIR /spec
# A number, so that Kubernetes can see that it is not root.
USER 999:999
ENTRYPOINT ["obsgen"]
