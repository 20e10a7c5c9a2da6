"""The new part of an answer is found, quickly, and never at the cost of words."""

import time

import pytest

from wagtail_helpdesk.intake.html_text import html_to_text
from wagtail_helpdesk.intake.reply_parsing import new_part

MARKER = "--- Reply above this line ---"

CUT = {
    "gmail": (
        "Yes.",
        "",
        "On Tue, Mar 3, 2026 at 10:00 AM Desk <s@desk.example> wrote:",
        "> Old.",
        "> Old.",
    ),
    "gmail wrapped": (
        "Yes.",
        "",
        "On Tue, Mar 3, 2026 at 10:00 AM Desk Support",
        "<s@desk.example>",
        "wrote:",
        "",
        "> Old.",
    ),
    "german": (
        "Yes.",
        "",
        "Am 03.03.2026 um 10:00 schrieb Desk:",
        "> Old.",
    ),
    "french": (
        "Yes.",
        "",
        "Le mar. 3 mars 2026 à 10:00, Desk <s@desk.example> a écrit :",
        "> Old.",
    ),
    "spanish": (
        "Yes.",
        "",
        "El mar, 3 mar 2026 a las 10:00, Desk (<s@desk.example>) escribió:",
        "> Old.",
    ),
    "italian": (
        "Yes.",
        "",
        "Il giorno mar 3 mar 2026 alle ore 10:00 Desk ha scritto:",
        "> Old.",
    ),
    "portuguese": (
        "Yes.",
        "",
        "Em 3 de março de 2026 às 10:00, Desk escreveu:",
        "> Old.",
    ),
    "dutch": (
        "Yes.",
        "",
        "Op di 3 mrt. 2026 om 10:00 schreef Desk <s@desk.example>:",
        "> Old.",
    ),
    "swedish": (
        "Yes.",
        "",
        "Den 3 mars 2026 10:00 skrev Desk:",
        "> Old.",
    ),
    "polish": (
        "Yes.",
        "",
        "W dniu 3.03.2026 o 10:00 Desk pisze: ",
        "wt., 3 mar 2026 o 10:00 Desk <s@desk.example> napisał(a):",
        "> Old.",
        "> Old.",
    ),
    "russian": (
        "Yes.",
        "",
        "вт, 3 мар. 2026 г. в 10:00, Desk <s@desk.example> написал:",
        "> Old.",
        "> Old.",
    ),
    "no quote marks": (
        "Yes.",
        "",
        "On 3 Mar 2026, at 10:00, Desk <s@desk.example> wrote:",
        "",
        "Old.",
        "Old.",
    ),
    "outlook": (
        "Yes.",
        "",
        "________________________________",
        "From: Desk <s@desk.example>",
        "Sent: Tuesday, March 3, 2026",
        "To: Ann",
        "Subject: Old",
        "",
        "Old.",
    ),
    "outlook german": (
        "Yes.",
        "",
        "Von: Desk <s@desk.example>",
        "Gesendet: Dienstag, 3. März 2026",
        "An: Ann",
        "Betreff: Old",
        "",
        "Old.",
    ),
    "outlook bold": (
        "Yes.",
        "",
        "*From:* Desk <s@desk.example>",
        "*Sent:* Tuesday, March 3, 2026",
        "*To:* Ann",
        "*Subject:* Old",
        "",
        "Old.",
    ),
    "original message": (
        "Yes.",
        "",
        "-----Original Message-----",
        "From: Desk",
        "",
        "Old.",
    ),
    "original message german": (
        "Yes.",
        "",
        "-----Ursprüngliche Nachricht-----",
        "Von: Desk",
        "",
        "Old.",
    ),
    "only quotes": (
        "Yes.",
        "",
        "> Old.",
        "> Old.",
    ),
    "unknown language": (
        "Yes.",
        "",
        "3/3/2026 10:00 Desk <s@desk.example> xyzzy:",
        "",
        "> Old.",
        "> Old.",
    ),
    "marker": (
        "Yes.",
        "",
        f"{MARKER}",
        "Old.",
    ),
    "marker quoted": (
        "Yes.",
        "",
        "On Tue, Mar 3, 2026 Desk <s@desk.example> wrote:",
        f"> {MARKER}",
        "> Old.",
    ),
    "marker wrapped": (
        "Yes.",
        "",
        "> --- Reply above",
        "> this line ---",
        "> Old.",
    ),
    "marker in bold": (
        "Yes.",
        "",
        f"> *{MARKER}*",
        "> Old.",
    ),
    "marker without blanks": (
        "Yes.",
        "",
        ">--- Reply above this line---",
        "> Old.",
    ),
    "marker, introduction unknown": (
        "Yes.",
        "",
        f"> {MARKER}",
        "",
        "Old, unmarked.",
    ),
}


@pytest.mark.req("WT-13", "WT-14")
@pytest.mark.parametrize("name", CUT)
def test_quoted_text_is_cut(name: str) -> None:
    new = new_part("\n".join(CUT[name]), separators=[MARKER])

    assert new.startswith("Yes.")
    assert "Old." not in new
    if name != "polish":
        assert new == "Yes."


KEPT = {
    "plain": (
        "One.",
        "",
        "Two.",
    ),
    "answer below": (
        "On Tue, Mar 3, 2026, Desk <s@desk.example> wrote:",
        "> Old.",
        "",
        "New.",
    ),
    "answers between": (
        "Hi.",
        "",
        "On Mar 3, 2026, Desk <s@desk.example> wrote:",
        "> A?",
        "",
        "Yes.",
        "",
        "> B?",
        "",
        "No.",
    ),
    "only a quote": (
        "> Old.",
        "> Old.",
    ),
    "a list like headers": (
        "I agree.",
        "",
        "From: the log it says",
        "To: ..",
        "Subject: ..",
        "words that matter",
    ),
    "a quoted log": (
        "It says:",
        "> one line",
        "What now?",
    ),
    "a colon": (
        "I wrote this:",
        "nothing",
    ),
    "signature": (
        "Yes.",
        "",
        "-- ",
        "Ann",
        "+1 555",
    ),
    "rule": (
        "Above.",
        "____________________",
        "Below.",
    ),
    "indented": (
        "    def f():",
        "        return 1",
    ),
}


@pytest.mark.req("WT-17", "REL-07")
@pytest.mark.parametrize("name", KEPT)
def test_whole_text_is_kept_where_nothing_is_surely_old(name: str) -> None:
    text = "\n".join(KEPT[name])

    assert new_part(text, separators=[MARKER]).split() == text.split()


@pytest.mark.req("WT-15", "SEC-126")
def test_administrators_separators_are_plain_lines() -> None:
    text = "Yes.\n\n(Please answer above (.*)+ this line\nOld."

    assert new_part(text, separators=["(please answer above (.*)+ THIS line"]) == "Yes."
    assert new_part(text, separators=[""]) == text


def test_html_answer_is_cut_and_html_answers_below_are_kept() -> None:
    quote = (
        "<div>On Mar 3, 2026 Desk &lt;<a href='mailto:s@d.example'>s@d.example</a>&gt;"
        " wrote:<br></div><blockquote><div>Old.</div></blockquote>"
    )

    assert new_part(html_to_text(f"<div>Yes.</div>{quote}")) == "Yes."
    assert "Below." in new_part(html_to_text(f"{quote}<div>Below.</div>"))


SLOW = {
    "blank lines": "\n" * 64_000,
    "blanks": " " * 64_000,
    "On a": "On " + "a" * 64_000,
    "On On": "On " * 20_000,
    "On lines": "On 1 a\n" * 10_000,
    "From lines": "From: a@b\n" * 7_000,
    "From, blank": "From: a@b\n\n" * 6_000,
    "colons": "a:\n" * 20_000,
    "wrote": "wrote " * 11_000,
    "almost wrote": "On 1 wrote " * 6_000 + ":",
    "quotes": "> a\n" * 16_000,
    "marks": ">" * 64_000,
    "rules": "_" * 20 + "\n" * 3,
    "addresses": ("a@" * 190 + "\n") * 160,
    "angles": ("On 1 " + "< " * 190 + "\n") * 150,
    "almost marker": "--- Reply above\n" * 4_000,
    "paragraphs": ("On 1\n" * 3 + "x" * 50 + "\n") * 1_000,
}


@pytest.mark.req("SEC-121")
@pytest.mark.parametrize("name", SLOW)
def test_no_text_takes_long(name: str) -> None:
    started = time.process_time()

    new_part(SLOW[name], separators=[MARKER, "another separator"])

    # The limit is 0.2 s on a machine of its own.
    assert time.process_time() - started < 0.4


@pytest.mark.req("WT-13", "WT-14")
def test_outlooks_rule_above_its_header_is_no_new_text() -> None:
    marker = "--- Reply above this line ---"
    text = (
        "It prints again.\n\n________________________________\n"
        "From: Ben (IT) <it@desk.example>\nSent: Friday, 20 November 2026 10:02\n"
        f"To: Jonas Weber\nSubject: Re: Till\n\n{marker}\n\nTry again.\n"
    )

    assert new_part(text, separators=[marker]) == "It prints again."
