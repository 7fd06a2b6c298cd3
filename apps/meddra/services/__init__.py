"""Writers of MedDRA."""

from apps.meddra.services.loading import load_meddra
from apps.meddra.services.uploading import add_upload_part, begin_upload, load_upload

__all__ = ["add_upload_part", "begin_upload", "load_meddra", "load_upload"]
