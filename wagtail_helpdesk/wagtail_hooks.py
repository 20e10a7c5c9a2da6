"""Wiring: rights, the menu, log actions, and what every page of the admin loads."""

from typing import Any

from django.templatetags.static import static
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail import permissions as wagtail_permissions
from wagtail.contrib.settings.registry import register_setting
from wagtail.snippets.models import register_snippet

from wagtail_helpdesk.admin.configuration import STATUS_POLICY
from wagtail_helpdesk.admin.group_panel import QueueRolesForm
from wagtail_helpdesk.admin.policy import QUEUE_POLICY, TICKET_POLICY
from wagtail_helpdesk.admin.viewsets import HelpdeskGroup, NoBulkDelete
from wagtail_helpdesk.models import HelpdeskSettings, Queue, Status, Ticket

# Wagtail 8 keeps policies in a registry, and refuses one that comes after somebody
# has asked for it: so this comes first. Wagtail 7.4 reads them from the viewsets.
if hasattr(wagtail_permissions, "register_permission_policy"):
    wagtail_permissions.register_permission_policy(Ticket, TICKET_POLICY)
    wagtail_permissions.register_permission_policy(Queue, QUEUE_POLICY)
    wagtail_permissions.register_permission_policy(Status, STATUS_POLICY)

register_snippet(HelpdeskGroup)
register_setting(HelpdeskSettings, icon="mail")

#: Event kind -> what Wagtail's site history calls it. The ticket is named there by its
#: number alone, for that report is not scoped.
LOG_ACTIONS: dict[str, tuple[Promise, Promise]] = {
    "wagtail_helpdesk.opened": (_("Open ticket"), _("Ticket opened")),
    "wagtail_helpdesk.moved": (_("Move ticket"), _("Ticket moved to another queue")),
    "wagtail_helpdesk.resolved": (_("Resolve ticket"), _("Ticket resolved")),
    "wagtail_helpdesk.closed": (_("Close ticket"), _("Ticket closed")),
    "wagtail_helpdesk.message_edited": (_("Edit message"), _("Message edited")),
    "wagtail_helpdesk.message_deleted": (_("Delete message"), _("Message deleted")),
}


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    """Make the coarse events known to Wagtail's log."""
    for name, (label, message) in LOG_ACTIONS.items():
        actions.register_action(name, label, message)


@hooks.register("register_group_permission_panel")
def register_group_permission_panel() -> type[QueueRolesForm]:
    """Show a group's roles on its page."""
    return QueueRolesForm


@hooks.register("insert_global_admin_css")
def menu_style_sheet() -> str:
    """Load what draws the counts in the menu."""
    return format_html(
        '<link rel="stylesheet" href="{}">', static("wagtail_helpdesk/css/menu.css")
    )


hooks.register("register_bulk_action", NoBulkDelete, order=1000)
