"""Ten thousand reports need no more memory than ten."""

import tracemalloc

from apps.icsr.xml.batches import write_batch
from tests.unit.icsr.cases import anaphylaxis, batch, wrapped


class Counted:
    """A file that only counts."""

    def __init__(self):
        self.size = 0
        self.flushed = 0

    def write(self, piece):
        self.size += len(piece)
        return len(piece)

    def flush(self):
        self.flushed += 1


def _resident_kb():
    with open("/proc/self/statm", encoding="ascii") as status:
        return int(status.read().split()[1]) * 4


def test_a_long_batch_is_written_in_flat_memory():
    def reports(count):
        for _ in range(count):
            yield wrapped(anaphylaxis())

    write_batch(Counted(), batch(), reports(50))
    before, out = _resident_kb(), Counted()
    assert write_batch(out, batch(), reports(2000)) == 2000
    assert out.size > 2000 * 20_000
    # libxml2's memory is not Python's: the process is what counts. 60 MB were written.
    assert _resident_kb() - before < 8_000


def test_nothing_of_a_report_is_kept():
    tracemalloc.start()
    try:
        write_batch(Counted(), batch(), (wrapped(anaphylaxis()) for _ in range(5)))
        start, _ = tracemalloc.get_traced_memory()
        write_batch(Counted(), batch(), (wrapped(anaphylaxis()) for _ in range(50)))
        end, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert end - start < 100_000
