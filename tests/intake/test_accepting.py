"""What a mail does to a ticket, by who wrote it and how it was found."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from wagtail import hooks

from tests.factories import (
    make_agent,
    make_queue,
    make_requester,
    make_ticket,
    make_user,
)
from tests.intake.mails import FOLDER, forged, parse_eml, token_of
from wagtail_helpdesk.intake.accepting import accept
from wagtail_helpdesk.intake.guards import GUARDS, Consequence
from wagtail_helpdesk.intake.incoming import Delivery, IncomingMessage
from wagtail_helpdesk.intake.outcomes import Outcome
from wagtail_helpdesk.intake.routing import (
    ROUTING_RULES,
    Found,
    RoutingRule,
    find_route,
)
from wagtail_helpdesk.intake.senders import SENDER_RULES, Letter, identify
from wagtail_helpdesk.models import (
    InboundState,
    Participant,
    Queue,
    Requester,
    Ticket,
    TicketLink,
)
from wagtail_helpdesk.models.notes import InternalNote
from wagtail_helpdesk.rules.lifecycle import Phase

Accept = Callable[..., Outcome]


@pytest.fixture
def ann(support: Queue) -> Requester:
    return make_requester(email="ann@example.org", name="Ann Person")


@pytest.fixture
def ana(support: Queue) -> Any:
    return make_agent(
        username="ana", first_name="Ana", email="ana@desk.example", watches=support
    )


@pytest.fixture
def ticket(support: Queue, ann: Requester, ana: Any) -> Ticket:
    return make_ticket(queue=support, requester=ann, message_id="<first@example.org>")


@pytest.fixture
def accepted(settle: Callable[..., Any], support: Queue) -> Accept:
    """Accept a mail of the folder and send what comes of it."""

    def run(
        name: str, *, delivery: Delivery | None = None, **values: object
    ) -> Outcome:
        with settle():
            return accept(parse_eml(name, delivery=delivery, **values))

    return run


def told() -> set[str]:
    """Return everybody who was mailed."""
    return {address for message in mail.outbox for address in message.recipients()}


def notes(ticket: Ticket) -> list[tuple[str, str]]:
    return [
        (note.kind, note.body) for note in InternalNote.objects.filter(ticket=ticket)
    ]


def values_for(name: str, ticket: Ticket, ana: Any) -> dict[str, object]:
    token = token_of(ticket, ana if "agent" in name else ticket.requester)
    returned = f"abc.{token}@desk.example"
    return {
        "number": ticket.number,
        "token": token,
        "forged": forged(token),
        "returned": returned,
    }


# Routing


@pytest.mark.req("WT-09", "RT-30")
@pytest.mark.parametrize("rule", ROUTING_RULES, ids=lambda rule: rule.name)
def test_rule_finds_the_ticket_and_its_forged_twin_does_not(
    rule: RoutingRule, ticket: Ticket, ana: Any
) -> None:
    name = f"routing-{rule.name.replace(' ', '-')}"
    values = values_for(name, ticket, ana)

    route = find_route(parse_eml(name, **values))
    twin = find_route(parse_eml(f"{name}-forged", **values))

    assert (route.ticket, route.rule) == (ticket, rule.name)
    assert twin.ticket is None


def test_first_rule_wins(ticket: Ticket, ana: Any) -> None:
    other = make_ticket()
    values = values_for("routing", ticket, ana) | {"number": other.number}

    route = find_route(parse_eml("sender-agent-by-token", **values))

    assert (route.ticket, route.rule) == (ticket, "reply address")


@pytest.mark.req("SEC-05", "SEC-06", "SEC-07")
@pytest.mark.parametrize(
    "subject",
    [
        "Re: x #{}0",
        "Re: x #0{}",
        "Re: x #-{}",
        "Re: x {}",
        "Re: x #{} y",
        "Re: x\uff03{}",
        "Re: x #{}' OR 1=1 --",
        "Re: x #" + "9" * 4400,
        "Re: x #" + "9" * 10,
        "Re: x #１",
        "[#" * 5000,
    ],
)
def test_number_that_is_none_finds_nothing(subject: str, ticket: Ticket) -> None:
    incoming = IncomingMessage(
        sender_email="ann@example.org", subject=subject.replace("{}", str(ticket.pk))
    )

    assert find_route(incoming).ticket is None


@pytest.mark.req("RT-02", "RT-31", "RT-32", "REL-12")
def test_queue_is_found_by_any_address_it_was_delivered_to(support: Queue) -> None:
    sales = make_queue(name="Sales", email="sales@desk.example")
    closed = make_queue(name="Old", email="old@desk.example", is_active=False)

    def queue_for(**fields: Any) -> Queue | None:
        return find_route(IncomingMessage(sender_email="a@b.example", **fields)).queue

    envelope = Delivery(envelope_recipient="sales@desk.example")
    assert queue_for(delivery=envelope, to=("support@desk.example",)) == sales
    assert queue_for(delivered_to=("sales@desk.example",), to=("x@y.example",)) == sales
    assert queue_for(cc=("sales@desk.example",)) == sales
    assert queue_for(to=("nobody@desk.example",)) == support
    assert queue_for(to=("old@desk.example",)) == support
    assert not closed.is_active


# Senders

AGENTS = {"agent by token", "agent by domain"}


@pytest.mark.req("SEC-01", "SEC-10", "SEC-11", "SEC-12", "WT-06", "WT-07")
@pytest.mark.parametrize("rule", SENDER_RULES, ids=lambda rule: rule.name)
def test_rule_knows_its_sender_and_not_the_forged_twin(
    rule: object, ticket: Ticket, ana: Any, settings: Any
) -> None:
    settings.WAGTAIL_HELPDESK = {
        **settings.WAGTAIL_HELPDESK,
        "TRUSTED_AUTHSERV_IDS": ["mx.desk.example"],
    }
    name = f"sender-{rule.name.replace(' ', '-')}"
    if rule.name == "anybody":
        ticket.queue.restrict_replies = False
        ticket.queue.save()
        name = "sender-stranger"
    values = values_for(name, ticket, ana)

    def rule_for(name: str) -> str:
        incoming = parse_eml(name, **values)
        return identify(incoming, find_route(incoming)).rule

    assert rule_for(name) == rule.name
    if (FOLDER / f"{name}-forged.eml").exists():
        assert rule_for(f"{name}-forged") in {"stranger", "unproven agent"}


@pytest.mark.req("SEC-10")
def test_no_domain_is_proven_where_no_host_is_trusted(ticket: Ticket, ana: Any) -> None:
    incoming = parse_eml("sender-agent-by-domain", number=ticket.number)

    assert identify(incoming, find_route(incoming)).rule == "unproven agent"


# What comes of it


@pytest.mark.req("RT-01", "RT-03", "OTRS-05", "WT-11")
def test_mail_of_a_stranger_opens_a_ticket_and_is_answered(
    accepted: Accept, ana: Any
) -> None:
    outcome = accepted("sender-stranger", number=999999)

    assert (outcome.state, outcome.reason) == (InboundState.ACCEPTED, "new-ticket")
    assert outcome.ticket.assignee is None
    assert told() == {"eve@example.org", "ana@desk.example"}


@pytest.mark.req("WT-06", "OTRS-14", "OTRS-15")
def test_requester_writes_to_the_ticket(accepted: Accept, ticket: Ticket) -> None:
    outcome = accepted("sender-requester-of-the-ticket", number=ticket.number)

    assert (outcome.reason, outcome.ticket) == ("reply", ticket)
    assert ticket.messages.last().body == "More smoke."
    assert told() == {"ana@desk.example"}


@pytest.mark.req("SEC-03")
def test_nobody_is_copied_because_a_mail_says_so(
    accepted: Accept, ticket: Ticket
) -> None:
    accepted("sender-requester-of-the-ticket", number=ticket.number)

    assert not Participant.objects.exists()
    assert "eve@example.org" not in told()


@pytest.mark.req("RT-04", "RT-05", "OTRS-21")
def test_agent_answers_by_mail(accepted: Accept, ticket: Ticket, ana: Any) -> None:
    values = values_for("agent", ticket, ana)

    outcome = accepted("sender-agent-by-token", **values)

    ticket.refresh_from_db()
    message = ticket.messages.last()
    assert (outcome.reason, message.agent) == ("reply", ana)
    assert (ticket.phase, ticket.locked_by) == (Phase.OPEN, ana)
    assert told() == {"ann@example.org"}
    assert "Throw water on it." in mail.outbox[0].body


@pytest.mark.req("SEC-01")
@pytest.mark.parametrize(
    "name",
    [
        "sender-unproven-agent",
        "sender-agent-by-domain",
        "sender-agent-by-domain-forged",
    ],
)
def test_mail_with_an_agents_address_is_not_believed(
    name: str, accepted: Accept, ticket: Ticket, ana: Any
) -> None:
    outcome = accepted(name, number=ticket.number)

    ticket.refresh_from_db()
    assert (outcome.state, outcome.reason) == (InboundState.ACCEPTED, "unverified")
    assert ticket.messages.count() == 1
    assert ticket.phase == Phase.NEW
    [(kind, body)] = notes(ticket)
    assert kind == "unverified"
    assert "ana@desk.example" in body
    assert "ann@example.org" not in told()


@pytest.mark.req("SEC-01", "SEC-04")
def test_token_of_an_agent_is_of_no_use_to_others(
    accepted: Accept, ticket: Ticket, ana: Any
) -> None:
    values = values_for("agent", ticket, ana)

    outcome = accepted("sender-agent-by-token-forged", **values)

    assert outcome.reason == "not-a-participant"
    assert ticket.messages.count() == 1
    assert "ann@example.org" not in told()


@pytest.mark.req("SEC-02", "SEC-116")
@pytest.mark.parametrize("loss", ["inactive", "no right"])
def test_former_agents_mail_is_held(
    loss: str, accepted: Accept, ticket: Ticket, ana: Any
) -> None:
    values = values_for("agent", ticket, ana)
    if loss == "inactive":
        ana.is_active = False
        ana.save()
    else:
        ana.groups.clear()

    outcome = accepted("sender-agent-by-token", **values)

    assert (outcome.state, outcome.reason) == (InboundState.HELD, "no-right")
    assert ticket.messages.count() == 1
    assert not mail.outbox


@pytest.mark.req("OTRS-08")
def test_agents_mail_to_a_ticket_of_another_is_held_with_the_holders_name(
    accepted: Accept, ticket: Ticket, ana: Any
) -> None:
    ben = make_agent(username="ben", first_name="Ben")
    Ticket.objects.filter(pk=ticket.pk).update(locked_by=ben)

    outcome = accepted("sender-agent-by-token", **values_for("agent", ticket, ana))

    assert (outcome.state, outcome.reason) == (InboundState.HELD, "refused")
    assert "Ben" in outcome.error


@pytest.mark.req("SEC-04", "SEC-06", "WT-11")
def test_strangers_mail_becomes_a_ticket_of_its_own_linked_for_agents(
    accepted: Accept, ticket: Ticket, ana: Any
) -> None:
    outcome = accepted("sender-stranger", number=ticket.number)

    assert outcome.reason == "not-a-participant"
    assert outcome.ticket != ticket
    link = TicketLink.objects.get()
    assert {link.source, link.target} == {ticket, outcome.ticket}
    assert ticket.messages.count() == 1
    assert ticket.requester.email == "ann@example.org"
    to_eve = next(m for m in mail.outbox if m.recipients() == ["eve@example.org"])
    assert f"[#{outcome.ticket.number}]" in to_eve.subject
    assert "It smells of plastic." not in to_eve.body
    assert "ann@example.org" not in told()


@pytest.mark.req("WT-08")
def test_anybody_may_write_where_the_queue_says_so(
    accepted: Accept, ticket: Ticket
) -> None:
    ticket.queue.restrict_replies = False
    ticket.queue.save()

    outcome = accepted("sender-stranger", number=ticket.number)

    assert (outcome.reason, outcome.ticket) == ("reply", ticket)
    assert ticket.messages.last().requester.email == "eve@example.org"
    assert not Participant.objects.exists()


@pytest.mark.req("SEC-12")
def test_mail_of_nobody_is_held(accepted: Accept, ticket: Ticket) -> None:
    outcome = accepted("sender-nobody", number=ticket.number)

    assert (outcome.state, outcome.reason) == (InboundState.HELD, "no-sender")


@pytest.mark.req("SEC-17")
def test_mail_from_our_own_address_is_dropped(accepted: Accept, ticket: Ticket) -> None:
    outcome = accepted("sender-ourselves", number=ticket.number)

    assert (outcome.state, outcome.reason) == (InboundState.DROPPED, "own-address")


@pytest.mark.req("RT-06", "SEC-101")
@pytest.mark.parametrize("way", ["comment address", "answer to a note"])
def test_agents_comment_becomes_a_note(
    way: str, ticket: Ticket, ana: Any, settle: Callable[..., Any]
) -> None:
    token = token_of(ticket, ana, is_internal=way == "answer to a note")
    copied = ("support-comment@desk.example",) if way == "comment address" else ()
    incoming = IncomingMessage(
        sender_email="ana@desk.example",
        to=(f"reply+{token}@reply.desk.example",),
        cc=copied,
        subject="Re: x",
        text="Only for us.",
    )

    with settle():
        outcome = accept(incoming)

    assert outcome.reason == "note"
    assert notes(ticket) == [("note", "Only for us.")]
    assert ticket.messages.count() == 1
    assert "ann@example.org" not in told()


@pytest.mark.req("RT-06")
def test_requesters_mail_to_the_comment_address_stays_with_agents(
    ticket: Ticket, settle: Callable[..., Any]
) -> None:
    incoming = IncomingMessage(
        sender_email="ann@example.org",
        to=("support-comment@desk.example",),
        subject=f"Re: x [#{ticket.number}]",
        text="Secret?",
    )

    with settle():
        outcome = accept(incoming)

    assert outcome.reason == "unverified"
    assert [kind for kind, _ in notes(ticket)] == ["unverified"]
    assert ticket.messages.count() == 1


def test_comment_without_a_ticket_is_held(support: Queue) -> None:
    incoming = IncomingMessage(
        sender_email="a@b.example", to=("support-comment@desk.example",), text="?"
    )

    outcome = accept(incoming)

    assert (outcome.state, outcome.reason) == (
        InboundState.HELD,
        "no-ticket-for-comment",
    )
    assert not Ticket.objects.exists()


@pytest.mark.req("WT-11", "SEC-36", "CTI-42")
def test_answer_to_a_closed_ticket_opens_a_follow_up(
    accepted: Accept, support: Queue, ann: Requester
) -> None:
    closed = make_ticket(queue=support, requester=ann, phase=Phase.CLOSED)

    outcome = accepted("sender-requester-of-the-ticket", number=closed.number)

    assert outcome.reason == "follow-up"
    assert closed.messages.count() == 1
    assert TicketLink.objects.get().target == closed
    assert outcome.ticket.messages.get().body == "More smoke."
    assert told() == {"ann@example.org"}


# Automatic mail


@pytest.mark.req("SEC-17", "SEC-20")
@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.kind)
@pytest.mark.parametrize("phase", [Phase.OPEN, Phase.RESOLVED])
def test_automatic_mail_is_never_answered_and_reopens_nothing(
    guard: object,
    phase: Phase,
    accepted: Accept,
    support: Queue,
    ann: Requester,
    ana: Any,
) -> None:
    ticket = make_ticket(queue=support, requester=ann, phase=phase)
    delivery = Delivery(spam_detected=True) if guard.kind == "spam" else None
    values = values_for("guard", ticket, ana)

    outcome = accepted(f"guard-{guard.kind}", delivery=delivery, **values)

    ticket.refresh_from_db()
    assert ticket.phase == phase
    assert ticket.messages.count() == 1
    assert told() <= {"ana@desk.example"}
    if guard.consequence == Consequence.QUIET:
        assert (outcome.reason, told()) == ("new-ticket", {"ana@desk.example"})
    if guard.consequence == Consequence.DROP:
        assert (outcome.state, outcome.reason) == (InboundState.DROPPED, guard.kind)
    if guard.consequence == Consequence.HOLD:
        assert (outcome.state, outcome.reason) == (InboundState.HELD, guard.kind)


@pytest.mark.req("SEC-17", "SEC-20")
@pytest.mark.parametrize("kind", ["auto-reply", "out-of-office", "bounce", "complaint"])
def test_automatic_mail_is_noted_at_its_ticket(
    kind: str, accepted: Accept, ticket: Ticket, ana: Any
) -> None:
    outcome = accepted(f"guard-{kind}", **values_for("guard", ticket, ana))

    assert (outcome.state, outcome.ticket) == (InboundState.ACCEPTED, ticket)
    assert [each for each, _ in notes(ticket)] == ["system"]
    assert not mail.outbox


@pytest.mark.req("SEC-20")
@pytest.mark.parametrize("kind", ["bounce", "complaint"])
def test_bounce_without_our_signature_finds_no_ticket(
    kind: str, accepted: Accept, ticket: Ticket
) -> None:
    values = {"number": ticket.number, "returned": "first@example.org"}

    outcome = accepted(f"guard-{kind}", **values)

    assert (outcome.state, outcome.ticket) == (InboundState.DROPPED, None)
    assert notes(ticket) == []


@pytest.mark.req("SEC-17")
def test_out_of_office_without_a_ticket_is_dropped(accepted: Accept) -> None:
    outcome = accepted("guard-auto-reply", number=999999, returned="x@y.example")

    assert outcome.state == InboundState.DROPPED
    assert not Ticket.objects.exists()


@pytest.mark.req("SEC-18")
def test_ping_pong_with_a_machine_ends(
    support: Queue, settle: Callable[..., Any]
) -> None:
    for number in range(10):
        incoming = IncomingMessage(
            message_id=f"<{number}@example.org>",
            sender_email="robot@example.org",
            to=("support@desk.example",),
            subject="We have got your mail",
            text="A person will answer.",
        )
        with settle():
            accept(incoming)

    assert Ticket.objects.count() == 10
    assert len(mail.outbox) == 3


# The words


@pytest.mark.req("WT-12", "WT-13", "WT-15", "WT-17")
def test_only_answers_are_cut_and_nothing_is_lost(
    ticket: Ticket, support: Queue
) -> None:
    text = "New.\n\nOn Tue, Mar 3, 2026, Desk <s@desk.example> wrote:\n> Old.\n> Old."
    answer = IncomingMessage(
        sender_email="ann@example.org", subject=f"AW: x [#{ticket.number}]", text=text
    )
    first = IncomingMessage(sender_email="ann@example.org", subject="Look", text=text)
    forward = IncomingMessage(
        sender_email="ann@example.org", subject=f"Fwd: x [#{ticket.number}]", text=text
    )

    for incoming in (answer, first, forward):
        accept(incoming)

    _opening, cut, forwarded = ticket.messages.all()
    assert (cut.body, cut.body_full) == ("New.", text)
    assert (forwarded.body, forwarded.body_full) == (text, "")
    assert Ticket.objects.get(subject="Look").messages.get().body == text


@pytest.mark.req("REL-11", "SEC-73", "CTI-87")
def test_refused_file_is_named_and_the_rest_is_kept(support: Queue) -> None:
    from tests.factories import make_file

    files = (make_file(name="a.txt"), make_file(name="b.EXE"), make_file(name="c.txt"))
    incoming = IncomingMessage(
        sender_email="a@b.example", subject="x", text="Look.", files=files
    )

    outcome = accept(incoming)

    message = outcome.ticket.messages.get()
    assert [each.name for each in message.attachments.all()] == ["a.txt", "c.txt"]
    assert message.body.startswith("Look.")
    assert "b.EXE" in message.body


def test_mail_without_words_is_kept(support: Queue) -> None:
    outcome = accept(IncomingMessage(sender_email="a@b.example"))

    assert outcome.ticket.subject
    assert outcome.ticket.messages.get().body


@pytest.mark.req("RT-31")
def test_html_mail_becomes_text(support: Queue) -> None:
    html = "<p>One</p><script>alert(1)</script><p>Two</p>"

    outcome = accept(IncomingMessage(sender_email="a@b.example", html=html))

    assert outcome.ticket.messages.get().body == "One\n\nTwo"


def test_site_may_find_and_trust_in_other_ways(ticket: Ticket, ana: Any) -> None:
    from wagtail_helpdesk.actors import Actor
    from wagtail_helpdesk.intake.senders import Sender, SenderRule, Standing

    def find(rules: list[RoutingRule]) -> None:
        rules[:0] = [RoutingRule("phone", lambda mail: Found(ticket.pk))]

    def trust(letter: Letter) -> Sender:
        return Sender(Standing.AGENT, Actor.agent(ana))

    with (
        hooks.register_temporarily("construct_helpdesk_routing_rules", find),
        hooks.register_temporarily(
            "construct_helpdesk_sender_rules",
            lambda rules: rules.insert(0, SenderRule("ours", trust)),
        ),
    ):
        outcome = accept(IncomingMessage(sender_email="x@y.example", text="Done."))

    assert (outcome.reason, ticket.messages.last().agent) == ("reply", ana)


def test_user_without_rights_is_no_agent(ticket: Ticket) -> None:
    make_user(username="editor", email="eve@example.org")

    incoming = parse_eml("sender-stranger", number=ticket.number)

    assert identify(incoming, find_route(incoming)).rule == "stranger"
