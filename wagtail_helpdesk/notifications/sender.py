"""From whom the desk's mails come; always an address of ours (SEC-104)."""

from email.utils import formataddr, parseaddr

from django.conf import settings

from wagtail_helpdesk.models import Queue


def default_address() -> str:
    """Return the address of mails whose queue has none of its own."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def address_of(queue: Queue) -> str:
    """Return the address that a queue's mails come from."""
    return queue.public_address or default_address()


def from_header(queue: Queue, *, agent_name: str = "") -> str:
    """Return the From header: the queue's name, or the agent's with the queue's."""
    queue_name = queue.sender_name or queue.name
    name = f"{agent_name} ({queue_name})" if agent_name else queue_name
    return formataddr((" ".join(name.split()), address_of(queue)))
