"""Who does something: an agent, a requester or the system; never nobody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from wagtail_helpdesk.models import Requester

#: A row of the site's own user model, whatever class that is.
User = Any


class ActorKind(TextChoices):
    """The three kinds of actors."""

    AGENT = "agent", _("agent")
    REQUESTER = "requester", _("requester")
    SYSTEM = "system", _("system")


def user_label(user: User) -> str:
    """Return how a user is called in front of others: the full name, else the login.

    Never the e-mail address: requesters read this (SEC-105).
    """
    get_full_name = getattr(user, "get_full_name", None)
    full_name = get_full_name().strip() if get_full_name else ""
    return str(full_name or user.get_username())


@dataclass(frozen=True)
class Actor:
    """Whoever is behind a change; every verb takes one and none may be missing."""

    kind: ActorKind
    label: str
    user: User = None
    requester: Requester | None = None

    @classmethod
    def agent(cls, user: User) -> Actor:
        """Return the actor for a user who works tickets."""
        return cls(kind=ActorKind.AGENT, label=user_label(user), user=user)

    @classmethod
    def for_requester(cls, requester: Requester) -> Actor:
        """Return the actor for the person who asks."""
        return cls(
            kind=ActorKind.REQUESTER,
            label=requester.display_name,
            requester=requester,
        )

    @classmethod
    def system(cls, label: str) -> Actor:
        """Return the actor for something nobody pressed, such as a scheduled job."""
        return cls(kind=ActorKind.SYSTEM, label=label)

    @property
    def is_agent(self) -> bool:
        """Tell whether an agent acts."""
        return self.kind == ActorKind.AGENT

    @property
    def is_requester(self) -> bool:
        """Tell whether a requester acts."""
        return self.kind == ActorKind.REQUESTER

    @property
    def is_system(self) -> bool:
        """Tell whether the software itself acts."""
        return self.kind == ActorKind.SYSTEM
