# An image that grades: docs/docker.md has the commands.
# It holds the solutions and the hidden checks: keep it off every public registry.

ARG BASE=docker.io/library/python:3.11-slim-bookworm
FROM ${BASE}

# The environment lies apart from the repository: the sandbox shows all of it to student code.
WORKDIR /opt/digits-course
COPY constraints.txt pyproject.toml ./
RUN python3 -m venv /opt/venv \
    && /opt/venv/bin/python -m pip install --no-cache-dir --quiet -c constraints.txt pip \
    && /opt/venv/bin/python -m pip install --no-cache-dir --progress-bar off -c constraints.txt --group run

# .dockerignore lists what comes along.  Whoever runs the container reads it and cannot change it.
COPY . .
RUN chmod -R a+rX . && /opt/venv/bin/python -m compileall -q datasets exercises grader solutions

# --user may name a user that the image does not know: here is a HOME that it can write, and the name that torch wants.
# A course folder may come from outside the container; its nbgrader_config.py then names the repository's place there.
ENV PATH=/opt/venv/bin:$PATH \
    OMP_NUM_THREADS=1 \
    HOME=/tmp \
    USER=grader \
    COURSE_REPOSITORY=/opt/digits-course

RUN useradd --uid 1000 --no-create-home --home-dir /tmp grader
USER grader
CMD ["python", "-m", "grader", "doctor"]
