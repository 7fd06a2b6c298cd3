"""What going home says: English texts, translated where they are read."""

from apps.kernel.text import N_

# Antibody tests that can be asked about. One without a waiting time of its own has that of them all.
ANTIBODY_TESTS = {
    "antibody": N_("antibody test"),
    "anti_hbc": "anti-HBc",
    "anti_hbs": "anti-HBs",
    "anti_hcv": "anti-HCV",
    "anti_hav": "anti-HAV",
    "anti_hiv": "anti-HIV",
    "anti_cmv": "anti-CMV",
    "anti_ebv": "anti-EBV",
    "anti_vzv": "anti-VZV",
    "anti_tbe": "anti-TBE",
    "anti_borrelia": "anti-Borrelia",
    "anti_treponema": "anti-Treponema",
    "anti_toxoplasma": "anti-Toxoplasma",
    "measles_igg": N_("measles IgG"),
    "rubella_igg": N_("rubella IgG"),
    "mumps_igg": N_("mumps IgG"),
    "ana": "ANA",
    "anca": "ANCA",
}
SEROLOGY_WARNING = N_(
    "Antibodies from the product are in the blood. A positive result may be the donors', and a known positive may"
    " turn negative. Use a sample from before the course, or a test that does not look for antibodies."
)
TEST_UNKNOWN = N_("%(test)s is not a known antibody test. Ask with test=antibody for any other.")
INACTIVATED = N_("Vaccines that are not live are not affected.")
