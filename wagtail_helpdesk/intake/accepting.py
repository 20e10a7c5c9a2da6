"""From an IncomingMessage to a ticket: guard, route, identify, act.

The one place where every channel's mail goes through. Whoever calls it has a
transaction open, so that the mail and what became of it are one change.
"""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext

from wagtail_helpdesk import actions
from wagtail_helpdesk.actions.storing import split_files
from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.attachments import IncomingFile
from wagtail_helpdesk.exceptions import HelpdeskError, TransitionNotAllowed
from wagtail_helpdesk.intake.automatic_subjects import (
    has_forward_prefix,
    has_reply_prefix,
)
from wagtail_helpdesk.intake.brakes import (
    MAILS_AN_HOUR,
    mails_in_the_last_hour,
)
from wagtail_helpdesk.intake.guards import Consequence, Guard, judge
from wagtail_helpdesk.intake.html_text import html_to_text
from wagtail_helpdesk.intake.incoming import IncomingMessage
from wagtail_helpdesk.intake.outcomes import Outcome, Reason
from wagtail_helpdesk.intake.reply_parsing import new_part
from wagtail_helpdesk.intake.routing import Route, find_route
from wagtail_helpdesk.intake.senders import Sender, Standing, identify
from wagtail_helpdesk.models import (
    HelpdeskSettings,
    InboundEmail,
    InboundState,
    Queue,
    Ticket,
)
from wagtail_helpdesk.references import parse_reply_token, reply_markers
from wagtail_helpdesk.rules.links import LinkKind

_TEXT = "text"
_MESSAGE_ID_LENGTH = 255


@dataclass(frozen=True)
class _Content:
    """The words and files of a mail, as a ticket stores them."""

    body: str
    #: The whole text, if `body` is only its new part.
    body_full: str
    files: list[IncomingFile]


def accept(
    incoming: IncomingMessage,
    *,
    inbound_email: InboundEmail | None = None,
    is_released: bool = False,
) -> Outcome:
    """Do with a mail what the tables say, and tell what that was.

    :param inbound_email: the row in which the mail is kept.
    :param is_released: a person has said that a held mail is to be taken.
    """
    guard = judge(incoming)
    if guard is not None and is_released and guard.consequence == Consequence.HOLD:
        guard = None
    if guard is not None and guard.consequence == Consequence.DROP:
        return Outcome(InboundState.DROPPED, guard.kind)
    if guard is not None and guard.consequence == Consequence.HOLD:
        return Outcome(InboundState.HELD, guard.kind)
    letter = _Acceptance(incoming, inbound_email, guard)
    try:
        return letter.accepted()
    except HelpdeskError as error:
        return Outcome(
            InboundState.HELD, Reason.REFUSED, letter.route.ticket, str(error)
        )


class _Acceptance:
    """One mail on its way; holds what its steps have in common."""

    def __init__(
        self,
        incoming: IncomingMessage,
        inbound_email: InboundEmail | None,
        guard: Guard | None,
    ) -> None:
        self.incoming = incoming
        self.inbound_email = inbound_email
        self.guard = guard
        self.route = self._route()

    def _route(self) -> Route:
        route = find_route(self.incoming)
        only_signed = (
            self.guard is not None
            and self.guard.consequence == Consequence.NOTE_IF_SIGNED
        )
        if not only_signed or route.token is not None:
            return route
        # A bounce tells of a mail of ours in its copy of that mail's headers. What
        # anybody could have written there finds nothing (SEC-20).
        token = next(
            filter(None, map(parse_reply_token, self.incoming.returned_ids)), None
        )
        ticket = Ticket.objects.filter(pk=token.ticket_id).first() if token else None
        return Route(ticket=ticket, token=token, rule="returned id" if ticket else "")

    @property
    def is_automatic(self) -> bool:
        """Tell whether nothing is to be sent by itself because of this mail."""
        return self.guard is not None

    def accepted(self) -> Outcome:
        """Find out who wrote, and act."""
        if self.guard is not None and self.guard.consequence in (
            Consequence.NOTE,
            Consequence.NOTE_IF_SIGNED,
        ):
            return self._noted_as_automatic(self.guard)
        sender = identify(self.incoming, self.route)
        if sender.standing == Standing.NOBODY:
            return Outcome(InboundState.HELD, Reason.NO_SENDER)
        if sender.standing == Standing.OURSELVES:
            return Outcome(InboundState.DROPPED, Reason.OWN_ADDRESS)
        if self.route.ticket is None:
            return self._without_ticket(sender)
        return self._with_ticket(self.route.ticket, sender)

    def _without_ticket(self, sender: Sender) -> Outcome:
        if self.route.is_comment:
            return Outcome(InboundState.HELD, Reason.NO_TICKET_FOR_COMMENT)
        return self._opened(sender, reason=Reason.NEW_TICKET)

    def _with_ticket(self, ticket: Ticket, sender: Sender) -> Outcome:
        if sender.standing == Standing.FORMER_AGENT:
            return Outcome(InboundState.HELD, Reason.NO_RIGHT, ticket)
        if self._is_copy(ticket):
            return Outcome(InboundState.DROPPED, Reason.DUPLICATE, ticket)
        is_agent = sender.standing == Standing.AGENT
        if self.route.is_comment and is_agent:
            return self._noted(ticket, sender, kind="note", reason=Reason.NOTE)
        if self.route.is_comment or sender.standing == Standing.UNPROVEN_AGENT:
            return self._noted(
                ticket, sender, kind="unverified", reason=Reason.UNVERIFIED
            )
        if sender.standing == Standing.STRANGER:
            return self._opened(sender, reason=Reason.NOT_A_PARTICIPANT)
        return self._replied(ticket, sender)

    def _is_copy(self, ticket: Ticket) -> bool:
        """Tell whether the ticket has this mail already, by another address."""
        if not self.incoming.message_id or self.inbound_email is None:
            return False
        earlier = ticket.inbound_emails.filter(
            message_id=self.incoming.message_id[:_MESSAGE_ID_LENGTH],
            state=InboundState.ACCEPTED,
        ).exclude(pk=self.inbound_email.pk)
        digest = self.incoming.content_digest
        return any(
            meta.get("content_digest") == digest
            for meta in earlier.values_list("request_meta", flat=True)
        )

    def _replied(self, ticket: Ticket, sender: Sender) -> Outcome:
        content = self._content(is_reply=True)
        before = mails_in_the_last_hour(
            ticket, sender=self.incoming.sender_email, now=timezone.now()
        )
        try:
            actions.reply(
                ticket,
                actor=_voice(sender),
                body=content.body,
                body_full=content.body_full,
                body_format=_TEXT,
                channel=self.incoming.channel,
                files=content.files,
                message_id=self.incoming.message_id[:_MESSAGE_ID_LENGTH],
                inbound_email=self.inbound_email,
                is_quiet=before >= MAILS_AN_HOUR,
                is_automatic=self.is_automatic,
            )
        except TransitionNotAllowed:
            if sender.standing == Standing.AGENT:
                raise
            return self._opened(sender, reason=Reason.FOLLOW_UP, follow_up_of=ticket)
        if before == MAILS_AN_HOUR:
            self._say_that_nobody_is_mailed(ticket)
        return Outcome(InboundState.ACCEPTED, Reason.REPLY, ticket)

    def _say_that_nobody_is_mailed(self, ticket: Ticket) -> None:
        """Let agents see why it has become quiet, once."""
        text = gettext(
            "%(sender)s has written more than %(number)d mails to this ticket within "
            "an hour. They are kept here, but nobody is mailed about them until it "
            "gets quieter: two machines may be answering each other."
        )
        actions.add_note(
            ticket,
            actor=_desk(),
            body=text % {"sender": self.incoming.sender_email, "number": MAILS_AN_HOUR},
            kind="system",
            body_format=_TEXT,
        )

    def _opened(
        self, sender: Sender, *, reason: Reason, follow_up_of: Ticket | None = None
    ) -> Outcome:
        queue = self._queue_for(follow_up_of)
        if queue is None:
            return Outcome(InboundState.HELD, Reason.NO_QUEUE)
        content = self._content(is_reply=False)
        ticket = actions.open_ticket(
            queue,
            actor=_voice(sender),
            subject=self._subject(follow_up_of),
            body=content.body,
            body_format=_TEXT,
            channel=self.incoming.channel,
            files=content.files,
            follow_up_of=follow_up_of,
            message_id=self.incoming.message_id[:_MESSAGE_ID_LENGTH],
            inbound_email=self.inbound_email,
            is_automatic=self.is_automatic,
        )
        if reason == Reason.NOT_A_PARTICIPANT and self.route.ticket is not None:
            actions.link(
                ticket,
                actor=_desk(),
                target=self.route.ticket,
                kind=LinkKind.RELATED,
            )
        return Outcome(InboundState.ACCEPTED, reason, ticket)

    def _subject(self, follow_up_of: Ticket | None) -> str:
        """Return the mail's subject; an answer to a closed ticket has that one's."""
        subject = self.incoming.subject
        is_answer = follow_up_of is not None and has_reply_prefix(subject)
        return follow_up_of.subject if is_answer and follow_up_of else subject

    def _queue_for(self, follow_up_of: Ticket | None) -> Queue | None:
        if follow_up_of is not None and follow_up_of.queue.is_active:
            return follow_up_of.queue
        return self.route.queue

    def _noted(
        self, ticket: Ticket, sender: Sender, *, kind: str, reason: Reason
    ) -> Outcome:
        content = self._content(is_reply=True)
        is_agent = sender.standing == Standing.AGENT
        lines = [content.body] if is_agent else [self._from_line(), content.body]
        actions.add_note(
            ticket,
            actor=_voice(sender) if is_agent else _desk(),
            body="\n\n".join(lines),
            kind=kind,
            body_format=_TEXT,
            files=content.files,
            inbound_email=self.inbound_email,
        )
        return Outcome(InboundState.ACCEPTED, reason, ticket)

    def _noted_as_automatic(self, guard: Guard) -> Outcome:
        ticket = self.route.ticket
        if ticket is None:
            return Outcome(InboundState.DROPPED, guard.kind)
        content = self._content(is_reply=True)
        actions.add_note(
            ticket,
            actor=_desk(),
            body="\n\n".join([self._from_line(), content.body]),
            kind="system",
            body_format=_TEXT,
            inbound_email=self.inbound_email,
        )
        return Outcome(InboundState.ACCEPTED, guard.kind, ticket)

    def _from_line(self) -> str:
        sender = self.incoming.sender_email or gettext("(no sender)")
        return gettext("From %(sender)s: %(subject)s") % {
            "sender": sender,
            "subject": self.incoming.subject or gettext("(no subject)"),
        }

    def _content(self, *, is_reply: bool) -> _Content:
        whole = self.incoming.text
        if not whole.strip():
            whole = html_to_text(self.incoming.html)
        whole = whole.strip()
        body = self._new_part(whole) if is_reply else whole
        files, remarks = split_files(self.incoming.files)
        remarks = [*self.incoming.problems, *remarks]
        if not body and not files:
            body = gettext("(This mail has no text.)")
        return _Content(
            body="\n\n".join(filter(None, [body, *remarks])),
            body_full=whole if whole != body else "",
            files=files,
        )

    def _new_part(self, whole: str) -> str:
        """Cut what is quoted, of answers only (WT-12, WT-13)."""
        subject = self.incoming.subject
        is_answer = has_reply_prefix(subject) or self.incoming.answers_something
        if not is_answer or has_forward_prefix(subject):
            return whole
        separators = [*reply_markers(), *HelpdeskSettings.load().separators()]
        return new_part(whole, separators=separators)


def _desk() -> Actor:
    return Actor.system(gettext("incoming mail"))


def _voice(sender: Sender) -> Actor:
    return sender.actor or _desk()
