"""What going home says: English texts, translated where they are read."""

from apps.kernel.text import N_

INACTIVATED = N_("Vaccines that are not live are not affected.")
