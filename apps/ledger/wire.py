"""How a ward's message travels over Redis: `<sequence> <text>` on the ward's channel.

The number in front lets a receiver see doubles and gaps without reading the text; an empty text says
"look for yourself up to this number".
"""

from django.conf import settings


def channel_of(ward_id: int) -> str:
    """The channel of a ward. Redis keeps channels apart by name only, hence the database's name in it."""
    return f"ivig:{settings.DATABASES['default']['NAME']}:ward.{ward_id}"


def pack(sequence: int, text: str) -> bytes:
    """A message's bytes on its channel."""
    return f"{sequence} {text}".encode()


def unpack(data: bytes) -> tuple[int, str]:
    """(sequence, text) of a message's bytes. Raises ValueError when they are none."""
    sequence, _, text = data.partition(b" ")
    return int(sequence), text.decode()
