"""Every guard recognises its mail, and no person is taken for a machine."""

import pytest

from tests.intake.mails import FOLDER, parse_eml
from wagtail_helpdesk.intake.guards import GUARDS, Consequence, judge
from wagtail_helpdesk.intake.incoming import Delivery, IncomingMessage
from wagtail_helpdesk.intake.outcomes import Reason

HUMANS = sorted(path.stem for path in FOLDER.glob("human-*.eml"))


def mail_for(kind: str) -> IncomingMessage:
    delivery = Delivery(spam_detected=True) if kind == "spam" else None
    return parse_eml(f"guard-{kind}", delivery=delivery, returned="x@y", number=7)


@pytest.mark.req("SEC-17", "SEC-20", "RT-15")
@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.kind)
def test_guard_recognises_its_mail(guard: object) -> None:
    assert judge(mail_for(guard.kind)) is guard


@pytest.mark.req("SEC-09", "SEC-17")
@pytest.mark.parametrize("name", HUMANS)
def test_person_is_not_taken_for_a_machine(name: str) -> None:
    assert judge(parse_eml(name)) is None


def test_every_consequence_without_a_ticket_is_a_known_reason() -> None:
    ends = {Consequence.QUIET}
    for guard in GUARDS:
        assert guard.consequence in ends or guard.kind in Reason.values


@pytest.mark.parametrize(("limit", "kind"), [(None, None), (5.0, "spam"), (7.5, None)])
def test_score_is_read_where_the_site_sets_a_limit(
    limit: float | None, kind: str | None, settings: object
) -> None:
    settings.WAGTAIL_HELPDESK = {**settings.WAGTAIL_HELPDESK, "SPAM_SCORE": limit}
    incoming = parse_eml("guard-spam", delivery=Delivery(spam_score=6.5))

    guard = judge(incoming)

    assert (guard.kind if guard else None) == kind


@pytest.mark.parametrize(
    "sender",
    ["MAILER-DAEMON", "<>", "postmaster@example.org", "Mail <mailer-daemon@x.example>"],
)
def test_mail_systems_are_known_by_their_names(sender: str) -> None:
    incoming = parse_eml("human-auto-submitted-no")
    headers = {**incoming.headers, "from": (sender,)}
    email = sender.strip("Mail <>") if "@" in sender else ""
    changed = IncomingMessage(
        subject="A report", sender_email=email, headers=headers, text="x"
    )

    guard = judge(changed)

    assert guard is not None
    assert guard.kind == "bounce"


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: Your ticket [#7]",
        "Automatische Antwort: Ihr Vorgang",
        "Réponse automatique : Votre demande",
        "Respuesta automática: Su caso",
        "Risposta automatica: richiesta",
        "Automatisch antwoord: verzoek",
        "Autosvar: sak",
        "Automaattinen vastaus: asia",
        "Odpowiedź automatyczna: sprawa",
        "Автоматический ответ: заявка",
        "自动回复: 请求",
        "自動返信: 件名",
        "Out of Office: Your ticket",
    ],
)
def test_absence_is_known_by_the_subject_in_many_languages(subject: str) -> None:
    guard = judge(IncomingMessage(subject=subject, sender_email="a@b.example"))

    assert guard is not None
    assert guard.kind == "out-of-office"


def test_site_may_add_a_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    from wagtail import hooks

    from wagtail_helpdesk.intake.guards import Guard

    def forbid(guards: list[Guard]) -> None:
        rows = [Guard("jokes", lambda mail: "joke" in mail.subject, Consequence.HOLD)]
        guards[:0] = rows

    with hooks.register_temporarily("construct_helpdesk_guards", forbid):
        guard = judge(IncomingMessage(subject="A joke"))

    assert guard is not None
    assert guard.kind == "jokes"
