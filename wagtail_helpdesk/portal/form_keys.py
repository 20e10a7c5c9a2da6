"""The signed key in each shown form: says when it was shown, and may be used once."""

import secrets
from datetime import timedelta
from enum import Enum

from django.core.signing import BadSignature, SignatureExpired, TimestampSigner

#: No person reads, types and sends in less.
SHORTEST = timedelta(seconds=2)
#: As long as a page may stay open in somebody's browser.
LONGEST = timedelta(hours=24)

_SALT = "wagtail_helpdesk.portal.form_key"


class KeyState(Enum):
    """What a key says of the form that it came with."""

    GOOD = "good"
    TOO_QUICK = "too quick"
    #: Too old, forged or missing.
    USELESS = "useless"


def new_key() -> str:
    """Return a key for a form that is shown now."""
    return TimestampSigner(salt=_SALT).sign(secrets.token_urlsafe(16))


def _is_younger(key: str, age: timedelta) -> bool:
    try:
        TimestampSigner(salt=_SALT).unsign(key, max_age=age)
    except SignatureExpired:
        return False
    return True


def state_of(key: str) -> KeyState:
    """Tell what the key says."""
    try:
        if _is_younger(key, SHORTEST):
            return KeyState.TOO_QUICK
        return KeyState.GOOD if _is_younger(key, LONGEST) else KeyState.USELESS
    except BadSignature:
        return KeyState.USELESS
