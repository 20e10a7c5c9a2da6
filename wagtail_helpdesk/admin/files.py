"""Files of messages and notes, handed to agents who may see the ticket."""

from django.http import FileResponse, HttpRequest

from wagtail_helpdesk.admin.lookup import (
    AgentsOnlyView,
    get_attachment,
    get_note_attachment,
)
from wagtail_helpdesk.attachments import file_response


class AttachmentView(AgentsOnlyView):
    """A file of a message; ``?inline`` shows a picture in place."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, ticket_pk: int, pk: int) -> FileResponse:
        """Hand it out."""
        attachment = get_attachment(request, ticket_pk=ticket_pk, pk=pk)
        return file_response(attachment, is_inline="inline" in request.GET)


class NoteAttachmentView(AgentsOnlyView):
    """A file of an internal note (CTI-94)."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, ticket_pk: int, pk: int) -> FileResponse:
        """Hand it out."""
        attachment = get_note_attachment(request, ticket_pk=ticket_pk, pk=pk)
        return file_response(attachment, is_inline="inline" in request.GET)
