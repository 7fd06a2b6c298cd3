"""What the serology guard says: English texts, translated where they are read."""

from apps.kernel.text import N_

ANY_TEST = "antibody"  # any antibody test that has no name of its own
ANY_TEST_NAME = N_("antibody test")
SEROLOGY_WARNING = N_(
    "Antibodies from the product are in the blood. A positive result may be the donors', and a known positive may"
    " turn negative. Use a sample from before the course, or a test that does not look for antibodies."
)
TEST_UNKNOWN = N_("%(test)s is not a known antibody test. Ask with test=antibody for any other.")
