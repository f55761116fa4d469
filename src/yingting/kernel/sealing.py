"""Sealing of secrets that the database keeps and only this installation may read. The key is never in the database.

Each purpose has a key of its own, so what was sealed for one opens for no other. A fingerprint finds a sealed value again
without opening it; its keys are others than those that seal.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def _derived(secret: str, info: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info.encode()).derive(secret.encode())


# Deriving a key costs as much as sealing a value; an installation has a few secrets and some dozens of purposes.
@lru_cache(maxsize=512)
def _key(secret: str, purpose: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_derived(secret, f"yingting.{purpose}")))


@lru_cache(maxsize=64)
def _fingerprint_key(secret: str, purpose: str) -> bytes:
    return _derived(secret, f"yingting-fingerprint.{purpose}")


def seal(text: str, secret: str, purpose: str) -> str:
    """Return the text sealed with the installation's secret, for one purpose: no other purpose opens it.

    >>> unseal(seal("robot key", "a secret", "example"), ["a secret"], "example")
    'robot key'
    """
    return _key(secret, purpose).encrypt(text.encode()).decode("ascii")


def unseal(sealed: str, secrets: Sequence[str], purpose: str) -> str | None:
    """Return what was sealed with one of the secrets (the present one, earlier ones); None when none of them opens it.

    >>> unseal(seal("robot key", "a secret", "example"), ["another"], "example") is None
    True
    """
    for secret in secrets:
        try:
            return _key(secret, purpose).decrypt(sealed.encode()).decode()
        except InvalidToken:
            continue
    return None


def fingerprint(text: str, secret: str, purpose: str) -> str:
    """Return 128 bits (22 characters) that are the same for the same text, and say nothing of it without the secret.

    >>> one, other = (fingerprint("13800138000", secret, "example") for secret in ("a secret", "another"))
    >>> len(one), one == fingerprint("13800138000", "a secret", "example"), one == other
    (22, True, False)
    """
    mac = hmac.digest(_fingerprint_key(secret, purpose), text.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(mac[:16]).decode("ascii").rstrip("=")
