"""Marking texts for translation where no translation library may be imported."""


def N_(message: str) -> str:
    """Return `message` unchanged; message extraction finds it by this call."""
    return message
