"""Tell the stories: make each ticket by the actions that people would use."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from sandbox.desk import letters
from sandbox.desk.cast import ACCOUNTS, REQUESTERS
from sandbox.desk.clock import beginning_of, clock_at, end_of
from sandbox.desk.files import file_content
from sandbox.desk.script import Step, Story
from wagtail_helpdesk import actions
from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.attachments import IncomingFile
from wagtail_helpdesk.models import Channel, Queue, Requester, Status, Ticket
from wagtail_helpdesk.rules.links import LinkKind

#: The mailbox keeps the mails of tickets on which something happened since then.
KEEPS_MAIL_FOR = timedelta(hours=36)
#: What is younger than this, people have not read yet.
UNREAD_FOR = timedelta(hours=1)


class Teller:
    """Makes the tickets of all stories, the oldest first."""

    def __init__(self, *, now: datetime) -> None:
        self.now = now
        self.tickets: dict[str, Ticket] = {}
        names = [account.username for account in ACCOUNTS]
        users = get_user_model()._default_manager.filter(username__in=names)
        self.agents = {user.get_username(): Actor.agent(user) for user in users}
        emails = {email: key for key, (_name, email) in REQUESTERS.items()}
        rows = Requester.objects.filter(email__in=emails)
        self.requesters = {emails[row.email]: row for row in rows}

    def tell(self, stories: Iterable[Story]) -> None:
        """Make all tickets, then let time pass until now."""
        for story in sorted(stories, key=lambda each: beginning_of(each, now=self.now)):
            self._tell_one(story)
        letters.mark_read(before=self.now - UNREAD_FOR)

    def _tell_one(self, story: Story) -> None:
        moment = beginning_of(story, now=self.now)
        is_kept = end_of(story, now=self.now) > self.now - KEEPS_MAIL_FOR
        with clock_at(moment):
            ticket = self._open(story, is_kept=is_kept)
            letters.send_notifications(ticket, is_kept=is_kept)
        self.tickets[story.key] = ticket
        ticket.tags.add(*story.tags)
        for kind, key in story.links:
            with clock_at(moment):
                self._link(ticket, kind=kind, other=self.tickets[key])
        for step in story.steps:
            moment += timedelta(hours=step.after)
            self._let_time_pass(ticket, until=moment)
            with clock_at(moment):
                self._take(step, ticket, by_mail=is_kept and story.channel == "mail")
                letters.send_notifications(ticket, is_kept=is_kept)
            ticket.refresh_from_db()
        self._let_time_pass(ticket, until=self.now)

    def _open(self, story: Story, *, is_kept: bool) -> Ticket:
        """Open the ticket by the door that the story names."""
        queue = Queue.objects.get(slug=story.queue)
        earlier = self.tickets.get(story.follow_up_of)
        subject = story.subject
        if is_kept and story.channel == Channel.MAIL:
            if earlier is not None:
                subject = f"{subject} [#{earlier.number}]"
            ticket = letters.write_to_desk(
                story.who,
                to=queue.public_address,
                subject=subject,
                text=story.text,
                files=story.files,
            )
            # There is no verb for the priority; this is a demo's shortcut.
            Ticket.objects.filter(pk=ticket.pk).update(priority=story.priority)
            ticket.refresh_from_db()
            return ticket
        requester = self.requesters[story.who]
        actor = Actor.for_requester(requester)
        if story.channel == Channel.ADMIN:
            actor = self.agents["ana"]
        return actions.open_ticket(
            queue,
            actor=actor,
            requester=requester,
            subject=subject,
            body=story.text,
            channel=story.channel,
            priority=story.priority,
            files=_files(story.files),
            follow_up_of=earlier,
        )

    def _link(self, ticket: Ticket, *, kind: str, other: Ticket) -> None:
        actor = self.agents["admin"]
        if kind == "child":
            actions.link(other, actor=actor, target=ticket, kind=LinkKind.PARENT)
        else:
            actions.link(ticket, actor=actor, target=other, kind=kind)

    def _let_time_pass(self, ticket: Ticket, *, until: datetime) -> None:
        """Do what the scheduled jobs would have done in the meantime."""
        expires, closes = ticket.lock_expires_at, ticket.closes_at
        if expires is not None and expires <= until:
            with clock_at(expires):
                actions.expire_lock(ticket, actor=Actor.system("lock timeout"))
        if closes is not None and closes <= until:
            with clock_at(closes + timedelta(minutes=20)):
                actions.close(ticket, actor=Actor.system("scheduled closure"))

    def _take(self, step: Step, ticket: Ticket, *, by_mail: bool) -> None:
        if step.verb == "say":
            self._say(step, ticket, by_mail=by_mail)
        else:
            _VERBS[step.verb](self, step, ticket, actor=self.agents[step.who])

    def _say(self, step: Step, ticket: Ticket, *, by_mail: bool) -> None:
        if by_mail:
            letters.answer_desk(step.who, ticket, text=step.text, files=step.files)
            return
        actions.reply(
            ticket,
            actor=Actor.for_requester(self.requesters[step.who]),
            body=step.text,
            body_format="text",
            channel=ticket.channel if ticket.channel != Channel.ADMIN else Channel.MAIL,
            files=_files(step.files),
        )

    def answer(self, step: Step, ticket: Ticket, *, actor: Actor) -> None:
        """Reply as an agent."""
        actions.reply(
            ticket,
            actor=actor,
            body=step.text,
            channel=Channel.ADMIN,
            files=_files(step.files),
        )

    def note(self, step: Step, ticket: Ticket, *, actor: Actor) -> None:
        """Write an internal note."""
        actions.add_note(ticket, actor=actor, body=step.text, files=_files(step.files))

    def resolve(self, step: Step, ticket: Ticket, *, actor: Actor) -> None:
        """Resolve it, with notes."""
        actions.resolve(ticket, actor=actor, notes=step.text)

    def assign(self, step: Step, ticket: Ticket, *, actor: Actor) -> None:
        """Make an agent or a group responsible."""
        if step.to in self.agents:
            actions.assign(ticket, actor=actor, assignee=self.agents[step.to].user)
        else:
            group = Group.objects.get(name=step.to)
            actions.assign(ticket, actor=actor, group=group)

    def set_status(self, step: Step, ticket: Ticket, *, actor: Actor) -> None:
        """Choose a status."""
        status = Status.objects.get(name=step.to)
        actions.set_status(ticket, actor=actor, status=status)

    def move(self, step: Step, ticket: Ticket, *, actor: Actor) -> None:
        """Put it into another queue."""
        queue = Queue.objects.get(slug=step.to)
        actions.move_to_queue(ticket, actor=actor, queue=queue)

    def copy(self, step: Step, ticket: Ticket, *, actor: Actor) -> None:
        """Copy somebody on it."""
        if step.to in self.agents:
            actions.add_participant(ticket, actor=actor, user=self.agents[step.to].user)
        else:
            person = self.requesters[step.to]
            actions.add_participant(ticket, actor=actor, requester=person)

    def lock(self, step: Step, ticket: Ticket, *, actor: Actor) -> None:
        """Take it for oneself alone."""
        actions.lock(ticket, actor=actor)

    def unlock(self, step: Step, ticket: Ticket, *, actor: Actor) -> None:
        """Put it back."""
        actions.unlock(ticket, actor=actor)


_VERBS: dict[str, Callable[..., Any]] = {
    "answer": Teller.answer,
    "note": Teller.note,
    "resolve": Teller.resolve,
    "assign": Teller.assign,
    "set_status": Teller.set_status,
    "move": Teller.move,
    "copy": Teller.copy,
    "lock": Teller.lock,
    "unlock": Teller.unlock,
}


def _files(names: tuple[str, ...]) -> list[IncomingFile]:
    made = [(name, *file_content(name)) for name in names]
    return [
        IncomingFile(name=name, content=content, content_type=kind)
        for name, content, kind in made
    ]
