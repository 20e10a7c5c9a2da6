"""Links between tickets."""

import pytest

from tests.factories import make_agent, make_queue, make_ticket
from wagtail_helpdesk import actions
from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.exceptions import ActionNotPermitted, LinkNotAllowed
from wagtail_helpdesk.models import TicketLink
from wagtail_helpdesk.rules.event_kinds import EventKind
from wagtail_helpdesk.rules.links import LinkKind

pytestmark = pytest.mark.django_db


@pytest.mark.req("CTI-57", "CTI-58", "CTI-60")
def test_link_reads_from_both_sides() -> None:
    parent, child = make_ticket(), make_ticket()

    link = actions.link(
        parent, actor=Actor.agent(make_agent()), target=child, kind=LinkKind.PARENT
    )

    assert link.label_for(parent) == "parent of"
    assert link.label_for(child) == "child of"
    assert link.other_side(child) == parent


@pytest.mark.req("CTI-70")
def test_link_to_itself() -> None:
    ticket = make_ticket()

    with pytest.raises(LinkNotAllowed):
        actions.link(
            ticket, actor=Actor.agent(make_agent()), target=ticket, kind="related"
        )


@pytest.mark.req("CTI-59", "CTI-70")
def test_link_twice_from_either_side() -> None:
    actor = Actor.agent(make_agent())
    one, two = make_ticket(), make_ticket()
    actions.link(one, actor=actor, target=two, kind=LinkKind.RELATED)

    for source, target in ((one, two), (two, one)):
        with pytest.raises(LinkNotAllowed):
            actions.link(source, actor=actor, target=target, kind=LinkKind.RELATED)


@pytest.mark.req("CTI-70")
def test_link_that_closes_a_circle_of_parents() -> None:
    actor = Actor.agent(make_agent())
    one, two, three = make_ticket(), make_ticket(), make_ticket()
    actions.link(one, actor=actor, target=two, kind=LinkKind.PARENT)
    actions.link(two, actor=actor, target=three, kind=LinkKind.PARENT)

    with pytest.raises(LinkNotAllowed, match="parent"):
        actions.link(three, actor=actor, target=one, kind=LinkKind.PARENT)


@pytest.mark.req("SEC-54")
def test_link_to_a_ticket_that_does_not_exist_for_the_agent() -> None:
    hidden = make_ticket(queue=make_queue(is_restricted=True))

    with pytest.raises(ActionNotPermitted):
        actions.link(
            make_ticket(),
            actor=Actor.agent(make_agent()),
            target=hidden,
            kind=LinkKind.RELATED,
        )


@pytest.mark.req("CTI-67")
def test_link_by_a_requester() -> None:
    ticket = make_ticket()

    with pytest.raises(ActionNotPermitted):
        actions.link(
            ticket,
            actor=Actor.for_requester(ticket.requester),
            target=make_ticket(),
            kind=LinkKind.RELATED,
        )


@pytest.mark.req("CTI-66")
def test_unlink_takes_it_from_both_sides() -> None:
    actor = Actor.agent(make_agent())
    one, two = make_ticket(), make_ticket()
    link = actions.link(one, actor=actor, target=two, kind=LinkKind.CAUSED_BY)

    actions.unlink(two, actor=actor, link=link)

    assert not TicketLink.objects.exists()


@pytest.mark.req("SEC-54", "REL-56")
def test_unlink_what_is_gone_already_or_ties_other_tickets() -> None:
    actor = Actor.agent(make_agent())
    one, two, three = make_ticket(), make_ticket(), make_ticket()
    link = actions.link(one, actor=actor, target=two, kind=LinkKind.RELATED)

    actions.unlink(three, actor=actor, link=link)
    assert TicketLink.objects.exists()
    for _press in range(2):
        actions.unlink(one, actor=actor, link=link)

    assert not three.events.filter(kind=EventKind.UNLINKED).exists()
    assert one.events.filter(kind=EventKind.UNLINKED).count() == 1
