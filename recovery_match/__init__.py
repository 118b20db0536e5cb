from recovery_match.celery import app as celery_app

__all__ = ["celery_app"]
