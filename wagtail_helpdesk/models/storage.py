"""Where files are kept that only the application may hand out."""

import uuid

from django.core.files.storage import (
    InvalidStorageError,
    Storage,
    default_storage,
    storages,
)
from django.db import models

from wagtail_helpdesk.conf import get_conf


def private_storage() -> Storage:
    """Return the storage of attachments and stored mails (CTI-83, SEC-71).

    Falls back to the default storage, about which a system check warns.
    """
    try:
        return storages[get_conf().private_storage]
    except InvalidStorageError:
        return default_storage


def attachment_path(instance: models.Model, filename: str) -> str:
    """Return a random path; nothing of the sender's name is in it (CTI-90)."""
    name = uuid.uuid4().hex
    return f"helpdesk/attachments/{name[:2]}/{name}"


def inbound_path(instance: models.Model, filename: str) -> str:
    """Return a random path for a mail as it came in."""
    name = uuid.uuid4().hex
    return f"helpdesk/inbound/{name[:2]}/{name}"
