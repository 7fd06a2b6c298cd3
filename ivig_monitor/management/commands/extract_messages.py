"""`manage.py extract_messages`: bring locale/*/django.po up to date with the source."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from apps.edge.rights import OPERATOR
from ivig_monitor.catalogues.extraction import extract_catalog
from ivig_monitor.catalogues.files import LANGUAGES, po_path, read_catalog, save_catalog, untranslated


class Command(BaseCommand):
    rights = OPERATOR
    help = "Find every translatable text and update the catalogues; says how many wait for a translation."

    def handle(self, *args: Any, **options: Any) -> None:
        found = extract_catalog(settings.BASE_DIR)
        for language in LANGUAGES:
            path = po_path(settings.BASE_DIR, language)
            catalog = read_catalog(path, language)
            catalog.update(found, no_fuzzy_matching=True)
            save_catalog(path, catalog)
            self.stdout.write(f"{language}: {len(catalog)} texts, {len(untranslated(catalog))} untranslated.")
