"""Ids, etags and page tokens with YouTube's shapes.

A video id carries its channel and its place there, scrambled so that it looks like one of
YouTube's. So any id can be answered, in a world of any size, without a table of them.
"""

import base64
import hashlib

_BITS = 64
_MASK = (1 << _BITS) - 1
_ODD_1, _ODD_2 = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9
_INVERSE_1, _INVERSE_2 = pow(_ODD_1, -1, 1 << _BITS), pow(_ODD_2, -1, 1 << _BITS)
_INDEX_BITS, _CHECK_BITS = 24, 20

_LAST_CHARACTERS = "AEIMQUYcgkosw048"
"""What 64 bits in base64 can end with."""


def etag(*parts: object) -> str:
    """The etag of whatever `parts` determine: 27 characters."""
    return _text(_digest(20, *parts))


def channel_id(seed: int, number: int) -> str:
    """The id of a world's channel `number`: UC and 22 characters."""
    return "UC" + _text(_digest(16, "channel", seed, number))


def uploads_id(channel: str) -> str:
    """The id of the playlist that holds everything the channel with this id uploaded."""
    return "UU" + channel[2:]


def playlist_item_id(playlist: str, video: str) -> str:
    """The id of a video's entry in a playlist."""
    return base64.b64encode(f"{playlist}.{video}".encode()).decode()


def video_id(seed: int, number: int, index: int) -> str:
    """The id, 11 characters, of upload `index` of a world's channel `number`."""
    place = (number << _INDEX_BITS) | index
    mixed = ((place << _CHECK_BITS | _check(place)) * _ODD_1 + seed) & _MASK
    mixed = int.from_bytes(mixed.to_bytes(8, "little"), "big")
    return _text((mixed * _ODD_2 & _MASK).to_bytes(8, "big"))


def parse_video_id(seed: int, text: str) -> tuple[int, int] | None:
    """The channel number and upload index behind a video id; None when no world's seed made it."""
    if len(text) != 11 or text[-1] not in _LAST_CHARACTERS:
        return None
    try:
        mixed = int.from_bytes(base64.b64decode(f"{text}=", b"-_", validate=True), "big")
    except ValueError:
        return None
    mixed = mixed * _INVERSE_2 & _MASK
    mixed = int.from_bytes(mixed.to_bytes(8, "big"), "little")
    place, check = divmod((mixed - seed) * _INVERSE_1 & _MASK, 1 << _CHECK_BITS)
    return divmod(place, 1 << _INDEX_BITS) if check == _check(place) else None


def page_token(offset: int, *, back: bool = False) -> str:
    """The token of the page that begins at `offset`, as YouTube writes it (CAUQAA for 5)."""
    octets = bytearray(b"\x08")
    while offset > 0x7F:
        octets.append(offset & 0x7F | 0x80)
        offset >>= 7
    octets += bytes([offset, 0x10, back])
    return _text(bytes(octets))


def parse_page_token(token: str) -> int | None:
    """The offset behind a page token; None when it isn't one."""
    try:
        octets = base64.b64decode(token + "=" * (-len(token) % 4), b"-_", validate=True)
    except ValueError:
        return None
    offset = sum((octet & 0x7F) << (7 * i) for i, octet in enumerate(octets[1:-2]))
    made = {page_token(offset), page_token(offset, back=True)}
    return offset if token in made else None


def _check(place: int) -> int:
    return place * _ODD_2 >> 7 & (1 << _CHECK_BITS) - 1


def _digest(size: int, *parts: object) -> bytes:
    text = "\x1f".join(map(str, parts))
    return hashlib.blake2b(text.encode(), digest_size=size).digest()


def _text(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).decode().rstrip("=")
