"""Who wrote, and may they write to the ticket that was found (WT-06 … WT-08).

Tokens come before addresses: an address in From can be written by anybody, a token
only by those whom the desk once wrote to. A token counts for its own person only.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any

from django.contrib.auth import get_user_model
from wagtail import hooks

from wagtail_helpdesk import permissions
from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.conf import get_conf
from wagtail_helpdesk.intake.incoming import IncomingMessage
from wagtail_helpdesk.intake.routing import Route
from wagtail_helpdesk.models import Requester
from wagtail_helpdesk.references import is_reply_address

_USERS_ASKED = 10


class Standing(Enum):
    """What a sender is to the ticket that was found."""

    #: The requester or a copied person, or anybody where the queue lets anybody.
    REQUESTER = "requester"
    #: An agent, proven by a token or by the provider's check of the domain.
    AGENT = "agent"
    #: Has an agent's address and no proof (SEC-01).
    UNPROVEN_AGENT = "unproven agent"
    #: An agent, proven, who is no longer active or has lost the right (SEC-02).
    FORMER_AGENT = "former agent"
    STRANGER = "stranger"
    #: The desk itself.
    OURSELVES = "ourselves"
    #: From is missing, or names several, or can't be read (SEC-12).
    NOBODY = "nobody"


@dataclass(frozen=True)
class Sender:
    """The answer of a sender rule."""

    standing: Standing
    #: None for those who get no voice: nobody, ourselves, unproven agents.
    actor: Actor | None = None
    #: Name of the rule that gave it.
    rule: str = ""


@dataclass(frozen=True)
class Letter:
    """A mail with its route, and the people who have its sender's address."""

    incoming: IncomingMessage
    route: Route

    @cached_property
    def users(self) -> list[Any]:
        """Return the users with exactly the address in From."""
        email = self.incoming.sender_email
        if not email:
            return []
        model = get_user_model()
        name = model.get_email_field_name()
        # Databases fold more than Python does: `ı` is no `i` in an address.
        rows = model._default_manager.filter(**{f"{name}__iexact": email})
        return [
            user for user in rows[:_USERS_ASKED] if getattr(user, name).lower() == email
        ]

    @cached_property
    def requester(self) -> Requester | None:
        """Return the requester with the address in From, if there is one."""
        email = self.incoming.sender_email
        return Requester.objects.filter(email=email).first() if email else None

    @cached_property
    def agents(self) -> list[Any]:
        """Return the users with this address who work with tickets."""
        return [user for user in self.users if permissions.is_agent(user)]

    @property
    def verb(self) -> str:
        """Return what an agent would do with this mail."""
        return "add_note" if self.route.is_comment else "reply"

    def is_dmarc_passed(self) -> bool:
        """Tell whether a host we trust says that From's domain sent this (SEC-10).

        Only the uppermost header counts: whoever sent the mail may have written the
        others. Without a trusted host nothing is ever proven.
        """
        trusted = {each.lower() for each in get_conf().trusted_authserv_ids}
        results = self.incoming.header("authentication-results").lower()
        host, *methods = (each.strip() for each in results.split(";"))
        if not trusted or host.partition(" ")[0] not in trusted:
            return False
        domain = self.incoming.sender_email.rpartition("@")[2]
        return any(
            method.split()[:1] == ["dmarc=pass"]
            and f"header.from={domain}" in method.split()
            for method in methods
        )


@dataclass(frozen=True)
class SenderRule:
    """A row of ``SENDER_RULES``."""

    name: str
    identify: Callable[[Letter], Sender | None]


def _nobody(letter: Letter) -> Sender | None:
    return None if letter.incoming.sender_email else Sender(Standing.NOBODY)


def _ourselves(letter: Letter) -> Sender | None:
    if letter.route.is_from_us or is_reply_address(letter.incoming.sender_email):
        return Sender(Standing.OURSELVES)
    return None


def _proven_agent(letter: Letter, user: Any) -> Sender:
    ticket = letter.route.ticket
    may_write = user.is_active and (
        ticket is None or permissions.may(user, letter.verb, ticket)
    )
    if not may_write:
        return Sender(Standing.FORMER_AGENT)
    return Sender(Standing.AGENT, Actor.agent(user))


def _agent_by_token(letter: Letter) -> Sender | None:
    token = letter.route.token
    if token is None or token.recipient_kind != "u":
        return None
    for user in letter.users:
        if user.pk == token.recipient_id:
            return _proven_agent(letter, user)
    return None


def _agent_by_domain(letter: Letter) -> Sender | None:
    if letter.route.ticket is None or not letter.agents:
        return None
    if len(letter.agents) > 1 or not letter.is_dmarc_passed():
        return None
    return _proven_agent(letter, letter.agents[0])


def _requester_of_ticket(letter: Letter) -> Sender | None:
    """Recognise the requester or a copied person, with or without a token.

    Between the desk and them nothing better than the address is to be had (WT-06).
    """
    ticket, person = letter.route.ticket, letter.requester
    if ticket is None or person is None:
        return None
    takes_part = (
        ticket.requester_id == person.pk
        or ticket.participants.filter(requester=person).exists()
    )
    if not takes_part:
        return None
    return Sender(Standing.REQUESTER, Actor.for_requester(person))


def _unproven_agent(letter: Letter) -> Sender | None:
    if letter.route.ticket is None or not letter.agents:
        return None
    return Sender(Standing.UNPROVEN_AGENT)


def _anybody(letter: Letter) -> Sender | None:
    ticket = letter.route.ticket
    if ticket is None or ticket.queue.restrict_replies or ticket.queue.is_restricted:
        return None
    return Sender(Standing.REQUESTER, Actor.for_requester(person_behind(letter)))


def _stranger(letter: Letter) -> Sender | None:
    return Sender(Standing.STRANGER, Actor.for_requester(person_behind(letter)))


def person_behind(letter: Letter) -> Requester:
    """Return the requester with the address in From, created if need be."""
    if letter.requester is not None:
        return letter.requester
    incoming = letter.incoming
    return Requester.objects.add(incoming.sender_email, name=incoming.sender_name)


#: First answer wins.
SENDER_RULES: tuple[SenderRule, ...] = (
    SenderRule("nobody", _nobody),
    SenderRule("ourselves", _ourselves),
    SenderRule("agent by token", _agent_by_token),
    SenderRule("agent by domain", _agent_by_domain),
    SenderRule("requester of the ticket", _requester_of_ticket),
    SenderRule("unproven agent", _unproven_agent),
    SenderRule("anybody", _anybody),
    SenderRule("stranger", _stranger),
)


def sender_rules() -> list[SenderRule]:
    """Return the sender rules of this site, in their order."""
    rows = list(SENDER_RULES)
    for construct in hooks.get_hooks("construct_helpdesk_sender_rules"):
        construct(rows)
    return rows


def identify(incoming: IncomingMessage, route: Route) -> Sender:
    """Return who wrote, and what they are to the ticket that was found."""
    letter = Letter(incoming, route)
    for rule in sender_rules():
        sender = rule.identify(letter)
        if sender is not None:
            return Sender(sender.standing, sender.actor, rule.name)
    return Sender(Standing.NOBODY)
