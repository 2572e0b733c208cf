"""What proves that nothing was changed: a SHA-256 of each payment and batch, and events that each carry the one before.

Canonical form, so that anybody can check it: JSON in UTF-8 with its keys sorted, no blanks between its parts, characters as
they are; the columns of the row but its own hash, a null as ``null``.

    payment.digest   of the payment's columns
    batch.digest     of the digests of its payments, in order, one after the other as text
    event.content    of the columns of the batch that it made; of a return, of the SHA-256 of the bank's list
    event.hash       of the event's columns; ``previous`` among them is the hash of the event before, 64 zeros of the first
"""

import hashlib
from collections.abc import Iterable, Mapping

import msgspec

FIRST = "0" * 64
_encode = msgspec.json.Encoder(order="deterministic").encode


def canonical(row: Mapping[str, object]) -> bytes:
    """The canonical form of ``row``, which is given without its own hash."""
    return _encode(row)


def digest(row: Mapping[str, object]) -> str:
    """SHA-256 of :func:`canonical`, in hexadecimal."""
    return hashlib.sha256(canonical(row)).hexdigest()


def digest_of(digests: Iterable[str]) -> str:
    """SHA-256 of several digests one after the other, as text."""
    return hashlib.sha256("".join(digests).encode()).hexdigest()
