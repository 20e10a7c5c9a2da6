"""Who has a mailbox: the desk's addresses, its agents, and everybody else."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db.models import Count, Max, Q

from sandbox.mailbox.models import Copy, Folder
from wagtail_helpdesk.conf import get_conf
from wagtail_helpdesk.models import QueueAddress, Requester
from wagtail_helpdesk.models.queues import AddressMode

_MODES = {AddressMode.PUBLIC: "", AddressMode.COMMENT: ", internal comments"}


@dataclass(frozen=True, kw_only=True)
class Box:
    """One mailbox of the left pane."""

    address: str
    name: str
    unread: int = 0
    total: int = 0


@dataclass(frozen=True, kw_only=True)
class BoxGroup:
    """A heading of the left pane and the mailboxes below it."""

    label: str
    boxes: tuple[Box, ...]


def is_desk_address(address: str) -> bool:
    """Tell whether mail to this address goes to the help desk's webhook.

    A provider's routes say the same: these addresses, with whatever stands after a
    plus sign, and the whole domain of the signed reply addresses.
    """
    local_part, _, domain = address.lower().rpartition("@")
    if domain == get_conf().reply_domain:
        return True
    base = f"{local_part.partition('+')[0]}@{domain}"
    return QueueAddress.objects.filter(email__in=[address.lower(), base]).exists()


def box_address(address: str) -> str:
    """Return the mailbox that mail to this address lies in.

    What stands after a plus sign tells the desk's mails apart, not its mailboxes.
    """
    address = address.lower()
    if not is_desk_address(address):
        return address
    local_part, _, domain = address.rpartition("@")
    return f"{local_part.partition('+')[0]}@{domain}"


def desk_addresses() -> list[tuple[str, str]]:
    """Return the addresses that belong to the desk, each with what it is for."""
    rows = QueueAddress.objects.select_related("queue").order_by(
        "queue__sort_order", "queue__name", "pk"
    )
    named = [(f"{row.queue.name}{_MODES[row.mode]}", row.email) for row in rows]
    if reply_domain := get_conf().reply_domain:
        named.append(("Signed reply addresses", f"reply@{reply_domain}"))
    return named


def people() -> list[tuple[str, str]]:
    """Return names and addresses of agents and requesters, for suggestions."""
    return [*_agents(), *_requesters()]


def box_groups() -> list[BoxGroup]:
    """Return all mailboxes, those with the newest mail first in each group."""
    rows = (
        Copy.objects.values("address")
        .annotate(
            total=Count("pk"),
            unread=Count("pk", filter=Q(folder=Folder.INBOX, is_read=False)),
            newest=Max("mail__sent_at"),
        )
        .order_by("-newest")
    )
    counts = {row["address"]: (row["unread"], row["total"]) for row in rows}
    desk, agents, requesters = desk_addresses(), _agents(), _requesters()
    known = {address for _, address in (*desk, *agents, *requesters)}
    others = [("", address) for address in counts if address not in known]
    order = list(counts)
    return [
        _group("Agents", agents, counts=counts),
        _group("Requesters", _newest_first(requesters, order=order), counts=counts),
        _group("Others", others, counts=counts),
        _group("The help desk", desk, counts=counts),
    ]


def name_of(address: str) -> str:
    """Return the name that goes with an address; empty if nobody knows it."""
    pairs = [*desk_addresses(), *people()]
    return next((name for name, known in pairs if known == address), "")


def _agents() -> list[tuple[str, str]]:
    users = get_user_model().objects.filter(is_active=True).exclude(email="")
    return [
        (user.get_full_name() or user.get_username(), user.email.lower())
        for user in users.order_by("first_name", "pk")
    ]


def _requesters() -> list[tuple[str, str]]:
    agents = {address for _, address in _agents()}
    rows = Requester.objects.order_by("name", "email").values_list("name", "email")
    return [(name, email) for name, email in rows if email not in agents]


def _newest_first(
    pairs: Iterable[tuple[str, str]], *, order: list[str]
) -> list[tuple[str, str]]:
    ranks = {address: rank for rank, address in enumerate(order)}
    return sorted(pairs, key=lambda pair: ranks.get(pair[1], len(ranks)))


def _group(
    label: str,
    pairs: Iterable[tuple[str, str]],
    *,
    counts: dict[str, tuple[int, int]],
) -> BoxGroup:
    boxes = []
    for name, address in pairs:
        unread, total = counts.get(address, (0, 0))
        boxes.append(Box(address=address, name=name, unread=unread, total=total))
    return BoxGroup(label=label, boxes=tuple(boxes))
