"""How out-of-office answers, bounces and replies begin, in many languages."""

import re

_REPLY = (
    "re|aw|antw|antwort|sv|vs|vá|odp|rif|ref|res|bls|atb|ynt|yanıt|ηα|σχετ|ответ|отв"
    "|答复|回复|回覆|返信|תשובה|رد"
)
_FORWARD = (
    "fwd?|wg|tr|rv|enc|i|doorst|vb|fs|vl|pd|továbbítás|ilt|转发|轉寄|転送|переслано"
)
_TAGS = r"(?:\[[^\[\]]{1,40}\]\s*){0,3}"
_REPLY_PREFIX = re.compile(
    rf"{_TAGS}(?:{_REPLY})(?:\s?[\[(]\d{{1,3}}[\])]|\^\d{{1,3}})?\s?[:：]",
    re.IGNORECASE,
)
_FORWARD_PREFIX = re.compile(
    rf"{_TAGS}(?:{_FORWARD})(?:\[\d{{1,3}}\])?\s?[:：]", re.IGNORECASE
)

_OUT_OF_OFFICE = re.compile(
    r"(?:auto(?:matic)?[ -]?(?:reply|response|respond(?:er)?)\b|autoreply|auto:"
    r"|out of (?:the )?office|away from (?:the )?office|ooo\s?[:：]|on vacation\b"
    r"|vacation (?:reply|message)|i am (?:away|out of)"
    r"|automatische antwort|abwesenheit|abwesend\b|nicht im (?:büro|haus)"
    r"|réponse automatique|absence du bureau|absent du bureau|message d'absence"
    r"|respuesta automática|respuesta automatica|fuera de (?:la )?oficina"
    r"|risposta automatica|fuori sede|fuori ufficio"
    r"|resposta automática|resposta automatica|fora do escritório"
    r"|automatisch antwoord|afwezig(?:heid)?\b"
    r"|automatiskt svar|frånvaro|automatisk svar|autosvar|fravær"
    r"|automaattinen vastaus|poissaolo"
    r"|automatyczna odpowiedź|odpowiedź automatyczna|poza biurem"
    r"|automatická odpověď|mimo kancelář"
    r"|automatikus válasz|otomatik yanıt|răspuns automat"
    r"|автоматический ответ|автоответ|автоматична відповідь|αυτόματη απάντηση"
    r"|自动回复|自動回覆|自動返信|不在通知|자동 ?회신|부재중)",
    re.IGNORECASE,
)
_BOUNCE = re.compile(
    r"(?:undeliver(?:able|ed)|un?deliverable mail|delivery (?:status notification"
    r"|failure|has failed|report|notification)"
    r"|mail delivery (?:failed|failure|system|error)"
    r"|mail system error|returned (?:mail|e?-?mail)|failure notice|delivery failed"
    r"|non[ -]?delivery|message (?:undeliverable|not delivered)"
    r"|warning: (?:could not|message)"
    r"|unzustellbar|nicht zustellbar|zustellung fehlgeschlagen|rücksendung"
    r"|non remis|échec de (?:la )?remise|no se puede entregar|no entregable"
    r"|mancato recapito|non recapitabile|impossibile recapitare|não entregue"
    r"|niet te bezorgen|onbestelbaar|kunde inte levereras|kan ikke leveres"
    r"|nie można dostarczyć|nedoručitelné|недоставленное|не доставлено"
    r"|无法送达|配信不能|배달되지 않음)",
    re.IGNORECASE,
)
_NUMBER_SUFFIX = re.compile(r"\s*\[?#\d{1,10}\]?\s*$")
_WIDTH = 300


def has_reply_prefix(subject: str) -> bool:
    """Tell whether a subject begins as answers do (WT-12)."""
    return bool(_REPLY_PREFIX.match(subject[:_WIDTH].lstrip()))


def has_forward_prefix(subject: str) -> bool:
    """Tell whether a subject begins as forwarded mails do."""
    return bool(_FORWARD_PREFIX.match(subject[:_WIDTH].lstrip()))


def is_out_of_office_subject(subject: str) -> bool:
    """Tell whether a subject is that of an absent person's program."""
    return bool(_OUT_OF_OFFICE.match(_NUMBER_SUFFIX.sub("", subject[:_WIDTH]).lstrip()))


def is_bounce_subject(subject: str) -> bool:
    """Tell whether a subject is that of a mail system's report."""
    return bool(_BOUNCE.match(subject[:_WIDTH].lstrip(" *[")))
