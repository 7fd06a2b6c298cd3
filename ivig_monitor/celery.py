"""The Celery application: it executes; the schedule itself is rows in the database."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ivig_monitor.settings.base")

app = Celery("ivig_monitor")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
