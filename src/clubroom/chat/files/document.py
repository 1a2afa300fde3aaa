"""Whether a document begins as its type does. Nobody opens it here: it is only ever downloaded."""

ZIP = b"PK\x03\x04"
_BEGINNINGS = {
    "application/pdf": (b"%PDF-",),
    "application/vnd.recordare.musicxml": (ZIP,),
    "application/vnd.recordare.musicxml+xml": (b"<?xml", b"<score-partwise", b"<score-timewise"),
    "audio/midi": (b"MThd",),
}
_ZIPPED = ("application/vnd.openxmlformats-", "application/vnd.oasis.opendocument.")
_MARK = b"\xef\xbb\xbf"


def is_what_it_says(data: bytes, type: str) -> bool:  # noqa: A002
    """By its first bytes; a text by all of them."""
    if type.startswith("text/"):
        return _is_text(data)
    if type.startswith(_ZIPPED):
        return data.startswith(ZIP)
    return data.removeprefix(_MARK).startswith(_BEGINNINGS[type])


def _is_text(data: bytes) -> bool:
    if b"\0" in data:
        return False
    try:
        data.decode()
    except UnicodeDecodeError:
        return _is_old_text(data)
    return True


def _is_old_text(data: bytes) -> bool:
    """In an encoding of one byte a letter nothing is a control but white space."""
    return not any(byte < 32 and byte not in b"\t\n\r\f" for byte in data)
