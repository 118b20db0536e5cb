"""The site's key towards push services (RFC 8292): a private number, and the public point that browsers are given."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

BYTES = 32


def decoded(text: str) -> bytes:
    """URL-safe base64, with or without its padding. Raises ValueError for what is none."""
    if not text.isascii() or set("+/") & set(text):
        raise ValueError("not URL-safe base64")
    return urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))


def encoded(data: bytes) -> str:
    """URL-safe base64 without padding, as browsers and push services write it."""
    return urlsafe_b64encode(data).decode().rstrip("=")


def is_key(text: str) -> bool:
    """Whether this is a private key."""
    try:
        public_key(text)
    except ValueError:
        return False
    return True


@cache
def public_key(private: str) -> str:
    """The public key that belongs to a private one. Raises ValueError for what is no private key."""
    raw = decoded(private)
    if len(raw) != BYTES:
        raise ValueError("not 32 bytes")
    key = ec.derive_private_key(int.from_bytes(raw), ec.SECP256R1())
    return encoded(key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def is_device_key(text: str) -> bool:
    """Whether this is the public key of a device: a point of the curve."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(text))
    except ValueError:
        return False
    return True
