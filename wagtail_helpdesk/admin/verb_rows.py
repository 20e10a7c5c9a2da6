"""What a row of the table of verbs is, and the two ways in which most of them act."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from wagtail_helpdesk import permissions
from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.admin.forms import VerbForm
from wagtail_helpdesk.models import Ticket

#: A text, or one that is translated when it is shown.
Words = str | Promise

Act = Callable[[Ticket, Actor, Any], str]
Offered = Callable[[Ticket, Any], bool]


@dataclass(frozen=True, kw_only=True)
class TicketVerb:
    """A row: a verb of the actions, and how agents come to it."""

    #: Last part of the address, ``/tickets/1042/<name>/``.
    name: str
    #: Name in ``permissions.VERB_PERMISSIONS``.
    permission: str
    #: On its button.
    label: Words
    #: Calls the action; returns the anchor to go to, or an empty string.
    act: Act
    #: What is said when it is done; empty says nothing.
    success: Words = ""
    form_class: type[VerbForm] = VerbForm
    icon: str = ""
    #: On the page of its own: who will see what comes of it.
    explanation: Words = ""
    #: Asked besides the permission: does it make sense now?
    makes_sense: Offered = lambda _ticket, _user: True

    @property
    def title(self) -> str:
        """The label without the dots that promise a question."""
        return str(self.label).removesuffix("…")

    @property
    def has_form(self) -> bool:
        """Tell whether it asks something before it acts."""
        return bool(self.form_class.base_fields)

    def is_offered(self, ticket: Ticket, user: Any) -> bool:
        """Tell whether this user gets a button for it now."""
        rule = permissions.VERB_PERMISSIONS[self.permission]
        return (
            permissions.may(user, self.permission, ticket)
            and not (rule.minds_lock and ticket.is_locked_against(user))
            and self.makes_sense(ticket, user)
        )


def simply(action: Callable[..., Any]) -> Act:
    """Return what calls an action that asks for nothing."""

    def act(ticket: Ticket, actor: Actor, form: VerbForm) -> str:
        action(ticket, actor=actor)
        return ""

    return act


def with_field(action: Callable[..., Any], name: str) -> Act:
    """Return what calls an action with the form's only field."""

    def act(ticket: Ticket, actor: Actor, form: VerbForm) -> str:
        action(ticket, actor=actor, **{name: form.cleaned_data[name]})
        return ""

    return act
