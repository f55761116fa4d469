"""Sealing of secrets that the database keeps and only this installation may read. The key is never in the database."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def _key(secret: str, purpose: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"yingting.{purpose}".encode()).derive(
        secret.encode()
    )
    return Fernet(base64.urlsafe_b64encode(derived))


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
    try:
        return MultiFernet([_key(secret, purpose) for secret in secrets]).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None
