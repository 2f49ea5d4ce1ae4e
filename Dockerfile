# obsgen with promtool and amtool, for a pipeline that has neither.
#
#   docker build -t obsgen:0.1.0 .
#   docker run --rm --read-only --tmpfs /tmp -v "$PWD:/spec:ro" obsgen:0.1.0 validate prod.yaml
#   docker run --rm --read-only --tmpfs /tmp -v "$PWD:/spec" -u "$(id -u):$(id -g)" obsgen:0.1.0 build prod.yaml

# The two checkers as Debian builds them; they need nothing beside libc.
FROM debian:bookworm-slim AS tools
RUN apt-get update \
    && apt-get install --yes --no-install-recommends prometheus prometheus-alertmanager \
    && rm -rf /var/lib/apt/lists/*

# The wheel and what it runs with, in an environment of its own. The lock only bounds the versions:
# what is needed for development alone stays out.
FROM python:3.12-slim-bookworm AS build
WORKDIR /source
COPY requirements.lock ./
RUN python -m venv /opt/obsgen \
    && python -m venv /opt/build \
    && /opt/build/bin/pip install --no-cache-dir --constraint requirements.lock build hatchling
COPY . .
RUN /opt/build/bin/python -m build --wheel --no-isolation \
    && /opt/obsgen/bin/pip install --no-cache-dir --constraint requirements.lock dist/*.whl \
    && /opt/obsgen/bin/pip uninstall --yes pip

FROM python:3.12-slim-bookworm
COPY --from=tools /usr/bin/promtool /usr/bin/amtool /usr/local/bin/
COPY --from=build /opt/obsgen /opt/obsgen
ENV PATH=/opt/obsgen/bin:$PATH PYTHONDONTWRITEBYTECODE=1
WORKDIR /spec
# A number, so that Kubernetes can see that it is not root.
USER 999:999
ENTRYPOINT ["obsgen"]
