"""Queues, statuses, and the roles of groups: who may set them up, and what holds."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.admin.conftest import SignIn
from wagtail_helpdesk.admin.group_panel import QueueRolesForm
from wagtail_helpdesk.models import Queue, QueueGrant, QueueRole, Status
from wagtail_helpdesk.rules.lifecycle import Phase

pytestmark = pytest.mark.django_db

QUEUES = "/admin/helpdesk/queues/"
STATUSES = "/admin/helpdesk/statuses/"


@pytest.fixture
def root(sign_in: SignIn) -> Client:
    return sign_in(factories.make_user(username="root", is_superuser=True))


def queue_form(**changed: Any) -> dict[str, Any]:
    """Return the queue form as it is posted, without addresses and groups."""
    return {
        "name": "Facilities",
        "slug": "facilities",
        "description": "",
        "sender_name": "",
        "restrict_replies": "on",
        "is_active": "on",
        "sort_order": "0",
        "reopen_window_days": "",
        "lock_timeout_hours": "",
        "addresses-TOTAL_FORMS": "0",
        "addresses-INITIAL_FORMS": "0",
        "grants-TOTAL_FORMS": "0",
        "grants-INITIAL_FORMS": "0",
        **changed,
    }


def errors(response: HttpResponse) -> dict[str, Any]:
    """Return the form's errors."""
    form: Any = response.context["form"]
    return dict(form.errors)


# --- Queues -------------------------------------------------------------------------


@pytest.mark.req("OTRS-25", "RT-31")
def test_a_queue_is_made_with_its_addresses_and_groups(root: Client) -> None:
    group = factories.make_group(name="Caretakers")

    root.post(
        f"{QUEUES}add/",
        queue_form(
            **{
                "addresses-TOTAL_FORMS": "1",
                "addresses-0-email": "doors@desk.example",
                "addresses-0-mode": "public",
                "addresses-0-id": "",
                "grants-TOTAL_FORMS": "1",
                "grants-0-group": group.pk,
                "grants-0-role": "senior",
                "grants-0-id": "",
            }
        ),
    )

    queue = Queue.objects.get(name="Facilities")
    assert queue.public_address == "doors@desk.example"
    assert queue.grants.get().role == QueueRole.SENIOR


@pytest.mark.req("SEC-60", "RT-19")
def test_a_manager_edits_their_own_queue_and_no_other(sign_in: SignIn) -> None:
    own = factories.make_queue(name="Support", email="")
    other = factories.make_queue(name="Personnel", is_restricted=True, email="")
    manager = sign_in(factories.make_agent(queue=own, role="manager"))

    listed = manager.get(QUEUES).content.decode()
    opened = manager.get(f"{QUEUES}edit/{own.pk}/")
    refused = [
        manager.get(f"{QUEUES}edit/{other.pk}/"),
        manager.post(f"{QUEUES}edit/{other.pk}/", queue_form()),
        manager.get(f"{QUEUES}add/"),
        manager.post(f"{QUEUES}add/", queue_form()),
        manager.get(f"{QUEUES}delete/{own.pk}/"),
        manager.post(f"{QUEUES}delete/{own.pk}/"),
        manager.get(STATUSES),
    ]

    other.refresh_from_db()
    assert "Support" in listed
    assert "Personnel" not in listed
    assert opened.status_code == 200
    assert {response.status_code for response in refused} == {302}
    assert other.name == "Personnel"
    assert Queue.objects.filter(pk=own.pk).exists()


@pytest.mark.req("SEC-60")
def test_an_agent_sets_up_nothing(sign_in: SignIn) -> None:
    queue = factories.make_queue()
    agent = sign_in(factories.make_agent(role="senior"))

    for address in (QUEUES, f"{QUEUES}edit/{queue.pk}/", STATUSES, f"{STATUSES}add/"):
        assert agent.get(address).status_code == 302
        assert agent.post(address, queue_form()).status_code == 302


def test_a_right_of_djangos_lets_one_set_up_every_queue(sign_in: SignIn) -> None:
    queue = factories.make_queue(is_restricted=True)
    user = factories.make_user()
    group = factories.make_group()
    group.permissions.add(Permission.objects.get(codename="change_queue"))
    user.groups.add(group)

    response = sign_in(user).get(f"{QUEUES}edit/{queue.pk}/")

    assert response.status_code == 200


def test_a_queue_with_tickets_stays(root: Client) -> None:
    ticket = factories.make_ticket()

    response = root.post(f"{QUEUES}delete/{ticket.queue_id}/", follow=True)

    assert "there are tickets that have it" in response.content.decode()
    assert Queue.objects.filter(pk=ticket.queue_id).exists()


def test_a_queue_without_tickets_goes(root: Client) -> None:
    queue = factories.make_queue()

    root.post(f"{QUEUES}delete/{queue.pk}/")

    assert not Queue.objects.filter(pk=queue.pk).exists()


# --- Statuses -----------------------------------------------------------------------


def status_form(status: Status, **changed: Any) -> dict[str, Any]:
    """Return the status form as it is posted."""
    data = {
        "name": status.name,
        "colour": status.colour,
        "phase": status.phase,
        "sort_order": status.sort_order,
        "is_default": "on" if status.is_default else "",
        **changed,
    }
    return {name: value for name, value in data.items() if value != ""}


def defaults() -> dict[str, int]:
    """Return how many defaults each phase has."""
    rows = Status.objects.filter(is_default=True).values_list("phase", flat=True)
    return {phase: list(rows).count(phase) for phase in Phase.values}


@pytest.mark.req("CTI-27", "CTI-28")
def test_a_new_default_takes_the_place_of_the_old(root: Client) -> None:
    status = Status(name="Waiting for parts", colour="amber", phase=Phase.PENDING)

    root.post(f"{STATUSES}add/", status_form(status, is_default="on"))

    assert Status.objects.default_of(Phase.PENDING).name == "Waiting for parts"
    assert set(defaults().values()) == {1}


@pytest.mark.req("CTI-28")
@pytest.mark.parametrize(
    ("field", "changed"),
    [("phase", {"phase": "open"}), ("is_default", {"is_default": ""})],
)
def test_a_default_status_stays_what_it_is(
    root: Client, field: str, changed: dict[str, str]
) -> None:
    status = Status.objects.default_of(Phase.PENDING)

    response = root.post(f"{STATUSES}edit/{status.pk}/", status_form(status, **changed))

    status.refresh_from_db()
    assert field in errors(response)
    assert (status.phase, status.is_default) == (Phase.PENDING, True)
    assert set(defaults().values()) == {1}


@pytest.mark.req("CTI-28")
def test_the_phase_of_a_status_in_use_stays(root: Client) -> None:
    status = Status.objects.create(name="Elsewhere", phase=Phase.OPEN)
    ticket = factories.make_ticket()
    type(ticket).objects.filter(pk=ticket.pk).update(status=status, phase=Phase.OPEN)

    response = root.post(
        f"{STATUSES}edit/{status.pk}/", status_form(status, phase="resolved")
    )

    status.refresh_from_db()
    assert "phase" in errors(response)
    assert status.phase == Phase.OPEN


@pytest.mark.req("CTI-28")
def test_a_default_status_cannot_be_deleted(root: Client) -> None:
    status = Status.objects.default_of(Phase.NEW)
    spare = Status.objects.create(name="Spare", phase=Phase.OPEN)

    root.post(f"{STATUSES}delete/{status.pk}/")
    root.post(f"{STATUSES}delete/{spare.pk}/")

    assert Status.objects.filter(pk=status.pk).exists()
    assert not Status.objects.filter(pk=spare.pk).exists()


def test_wagtails_bulk_deletion_is_off(root: Client) -> None:
    queue = factories.make_queue()

    for model in ("queue", "status", "ticket"):
        address = f"/admin/bulk/wagtail_helpdesk/{model}/delete/?id={queue.pk}"
        assert root.get(address).status_code == 404
        assert root.post(address).status_code == 404
    assert Queue.objects.filter(pk=queue.pk).exists()


# --- Roles of groups ----------------------------------------------------------------


@pytest.fixture
def group() -> Group:
    return factories.make_group(name="Support team", can_use_admin=False)


def posted(**roles: str) -> dict[str, str]:
    """Return the panel as it is posted."""
    fields = {"is_present": "True", **roles}
    return {f"helpdesk_roles-{name}": value for name, value in fields.items()}


def save(group: Group, **roles: str) -> None:
    """Save the panel of a group."""
    form = QueueRolesForm(posted(**roles), instance=group)
    assert form.is_valid(), form.errors
    form.save()


def roles_of(group: Group) -> dict[str | None, str]:
    """Return the group's roles by the queue's name."""
    grants = QueueGrant.objects.filter(group=group)
    return dict(grants.values_list("queue__name", "role"))


@pytest.mark.req("RT-19", "WT-16")
def test_roles_are_given_changed_and_taken_away(group: Group) -> None:
    queue = factories.make_queue(name="Personnel", is_restricted=True)
    name = f"queue_{queue.pk}"

    save(group, **{"everywhere": "agent", name: "reader"})
    given = roles_of(group)
    save(group, **{"everywhere": "senior", name: ""})

    assert given == {None: "agent", "Personnel": "reader"}
    assert roles_of(group) == {None: "senior"}


def test_a_request_without_the_panel_changes_nothing(group: Group) -> None:
    save(group, everywhere="agent")

    form = QueueRolesForm({"name": "Support team"}, instance=group)
    assert form.is_valid()
    form.save()

    assert roles_of(group) == {None: "agent"}


def test_an_unknown_role_is_refused(group: Group) -> None:
    assert not QueueRolesForm(posted(everywhere="king"), instance=group).is_valid()


def test_the_page_of_a_group_has_the_panel(root: Client, group: Group) -> None:
    address = reverse("wagtailusers_groups:edit", args=[group.pk])

    page = root.get(address).content.decode()

    assert "Helpdesk roles" in page
    assert "All queues that are not restricted" in page
    assert 'name="helpdesk_roles-everywhere"' in page
