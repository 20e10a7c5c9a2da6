"""The tickets of the queue IT."""

from sandbox.desk.script import (
    CRITICAL,
    HIGH,
    LOW,
    Story,
    answers,
    assigns,
    copies,
    locks,
    notes,
    resolves,
    says,
    sets,
    unlocks,
)

STORIES = (
    Story(
        key="laptop-rollout",
        queue="it",
        who="priya",
        days=37,
        at=9.0,
        channel="admin",
        subject="New laptops for the curators",
        text=(
            "We have four new laptops for the curators. Please plan the exchange, one "
            "person at a time, so that nobody is without."
        ),
        tags=("laptop",),
        steps=(
            assigns(1, "ana", "ana"),
            answers(2, "ana", "I will make a ticket for each person and start Monday."),
            sets(1, "ana", "In progress"),
            unlocks(0.1, "ana"),
        ),
    ),
    Story(
        key="laptop-tomasz",
        queue="it",
        who="tomasz",
        days=30,
        at=10.0,
        channel="admin",
        subject="New laptop: Tomasz",
        text="Exchange of the old laptop (M-114). Data: 40 GB of spoons.",
        tags=("laptop",),
        steps=(
            assigns(0.2, "ana", "ana"),
            answers(
                24, "ana", "Your new one is ready. Shall we do it on Thursday at 9?"
            ),
            says(1, "tomasz", "Thursday at 9. I bring cake."),
            resolves(47, "ana", "Exchanged. All 40 GB of spoons are there."),
        ),
        links=(("child", "laptop-rollout"),),
    ),
    Story(
        key="laptop-winnie",
        queue="it",
        who="winnie",
        days=28,
        at=10.0,
        channel="admin",
        subject="New laptop: Winnie",
        text="Exchange of the old laptop (M-115). Needs the German keyboard.",
        tags=("laptop",),
        steps=(
            assigns(0.2, "ana", "ana"),
            answers(26, "ana", "The German keyboard has come. Is tomorrow at 2 fine?"),
            says(3, "winnie", "Ja, gern!"),
            resolves(24, "ana", "Exchanged, with umlauts."),
        ),
        links=(("child", "laptop-rollout"),),
    ),
    Story(
        key="phishing",
        queue="it",
        who="leila",
        days=25,
        at=8.2,
        priority=CRITICAL,
        subject="I clicked on something",
        text=(
            "A mail said that my parcel was waiting, and I clicked, and it "
            "asked for my "
            "password, and I gave it. I am so sorry. What now?"
        ),
        tags=("security",),
        steps=(
            answers(
                0.2,
                "ben",
                "Don’t worry, you did the right thing by telling us at once.\n\n"
                "1. Your account is **blocked** since two minutes ago.\n"
                "2. Please ring extension 31 for a new password.\n"
                "3. Leave the laptop on, and don’t use it.\n",
            ),
            notes(
                0.5,
                "ben",
                "No log-in from outside so far. Forwarded the mail to the provider. "
                "Blocked the sender’s domain.",
                "login-log.txt",
            ),
            says(0.3, "leila", "I have the new password. Thank you for being so kind."),
            answers(
                4,
                "ben",
                "All clear: nobody logged in with the old one. You may use the laptop "
                "again.",
            ),
            resolves(
                0.2,
                "ben",
                "Password changed within ten minutes, no foreign log-in. Thank you for "
                "telling us so quickly.",
            ),
        ),
    ),
    Story(
        key="old-scanner",
        queue="it",
        who="winnie",
        days=19,
        at=13.0,
        priority=LOW,
        subject="The scanner in room 12 hums",
        text="It scans, but it hums a note between F and F sharp. Tomasz can’t work.",
        tags=("scanner",),
        steps=(
            answers(20, "ben", "Is it louder when the lid is open?"),
            says(2, "winnie", "Softer, and then it is an E."),
            answers(
                3,
                "ben",
                "Then it is the fan. I have oiled it. It is silent now, or "
                "in a key that "
                "I can’t hear.",
            ),
            resolves(0.1, "ben", "Fan oiled."),
        ),
    ),
    Story(
        key="shared-calendar",
        queue="it",
        who="oskar",
        days=13,
        at=9.4,
        subject="Shared calendar for the tour guides",
        text=(
            "The guides would like a calendar that all eight of us can write to, and "
            "that the front desk can read."
        ),
        tags=("calendar",),
        steps=(
            assigns(2, "ana", "ana"),
            answers(
                1,
                "ana",
                "Sure. Please send me the eight names, and who may delete entries of "
                "others.",
            ),
            says(
                26,
                "oskar",
                "Here they are. Nobody may delete what others wrote; we have had that.",
                "guides.txt",
            ),
            answers(
                5,
                "ana",
                "It is there: *Guides*. You all have an invitation in your mail. The "
                "front desk sees it in grey.",
            ),
            says(19, "oskar", "Two of us did not get the invitation: Rahel and Kofi."),
            answers(2, "ana", "Sent again, to their new addresses this time."),
            says(4, "oskar", "Now we are complete. Thanks!"),
            resolves(18, "ana", "Calendar *Guides* is in use by all eight."),
        ),
    ),
    Story(
        key="vpn-train",
        queue="it",
        who="priya",
        days=9,
        at=17.2,
        subject="VPN breaks off on the train",
        text=(
            "Each time the train enters a tunnel, the VPN breaks off and does not come "
            "back by itself. I then have to restart the laptop. On my route there are "
            "nine tunnels."
        ),
        tags=("vpn",),
        steps=(
            assigns(15, "ben", "ben"),
            answers(
                0.5,
                "ben",
                "Could you send me the log? It is under *Help → Save log*.",
            ),
            says(24, "priya", "Here it is. I marked the tunnels.", "vpn-log.txt"),
            notes(
                3,
                "ben",
                "Keepalive is 10 min on our side, 30 s on theirs. Version 4.1 has a "
                "switch for it, we have 3.9.",
            ),
            answers(
                1,
                "ben",
                "Found it. A newer version can do tunnels. May I install it on your "
                "laptop on Monday?",
            ),
            says(14, "priya", "Monday is fine. I am in the building all day."),
            answers(
                70,
                "ben",
                "Installed: version 4.1. If it breaks off now, it comes back within "
                "five seconds:\n\n```\nreconnect = always\nkeepalive = 25s\n```",
            ),
            says(
                9,
                "priya",
                "Seven of nine tunnels are fine now. After the two long ones it asks "
                "me for the password again.",
            ),
            answers(
                13,
                "ben",
                "That is the session, not the tunnel: it ends after three minutes of "
                "silence. How long are the two?",
            ),
            says(1, "priya", "Four minutes each. I counted with the phone’s clock."),
            answers(4, "ben", "I have set it to ten minutes, from tomorrow on."),
            says(26, "priya", "Both long ones are fine, too! And on the ferry?"),
            answers(
                1,
                "ben",
                "I’d like to know that myself. Please try it when you take it next; I "
                "keep this open until then.",
            ),
            sets(0.1, "ben", "Pending"),
        ),
    ),
    Story(
        key="password-oskar",
        queue="it",
        who="oskar",
        days=4,
        at=8.6,
        priority=HIGH,
        channel="web",
        subject="Locked out before the first tour",
        text="Five wrong tries, I fear. The first tour is at 10. Please help!",
        tags=("password",),
        steps=(
            answers(
                0.2,
                "ana",
                "You can try again now. *Caps lock* is the key above *shift*.",
            ),
            says(0.1, "oskar", "It was caps lock. Let us never speak of it again."),
            resolves(0.1, "ana", "Account unlocked."),
        ),
    ),
    Story(
        key="label-printer",
        queue="it",
        who="tomasz",
        days=4,
        at=11.2,
        subject="Label printer cuts off the last letter",
        text=(
            "Every object label lacks its last letter. We now own a spoo, a kettl and "
            "a clothes pe."
        ),
        files=("labels.png",),
        tags=("printer",),
        steps=(
            answers(
                3,
                "ben",
                "Lovely. Please print the test page (hold both buttons for five "
                "seconds) and tell me what stands in its second line.",
            ),
            says(20, "tomasz", "“Width 62 mm, offset 3”. The tape is 59 mm wide."),
            answers(
                1,
                "ben",
                "That is it. Set it to **59 mm** under *Settings → Tape*. I would come "
                "by, but I want to see the pe.",
            ),
            resolves(22, "ben", "Tape width set to 59 mm."),
            says(20, "tomasz", "It is back: “spo”. Now it even lacks two letters."),
        ),
    ),
    Story(
        key="booking-page",
        queue="it",
        who="priya",
        days=2,
        at=9.1,
        priority=HIGH,
        subject="Booking page: endless wheel",
        text=(
            "Since this morning nobody can book the lamp evening. The page shows a "
            "wheel that turns for ever. With one ticket it works, with two it does not."
        ),
        files=("booking-page.png",),
        tags=("booking", "website"),
        steps=(
            assigns(0.3, "ben", "ben"),
            answers(
                0.4,
                "ben",
                "I can see it, too. I have asked the maker of the booking page. Until "
                "then please take bookings by phone.",
            ),
            notes(
                4,
                "ben",
                "Their answer: known since the update, fix comes within two days. "
                "Their number is **LB-2291**.",
            ),
            copies(0.1, "ben", "ana"),
            sets(0.1, "ben", "Pending"),
        ),
    ),
    Story(
        key="shared-drive",
        queue="it",
        who="winnie",
        days=1,
        at=14.0,
        subject="Need the folder “Lamps 2019”",
        text="The folder is there, but it says that I may not. I need it "
        "for the evening.",
        tags=("access",),
        steps=(
            answers(
                1,
                "ana",
                "May I ask Leila, who owns the folder? It takes one word from her.",
            ),
            copies(0.1, "ana", "leila"),
            sets(0.1, "ana", "Pending"),
        ),
    ),
    Story(
        key="till-printer",
        queue="it",
        who="jonas",
        minutes=260,
        priority=CRITICAL,
        subject="Till does not print tickets",
        text=(
            "The till prints blank tickets. I write them by hand, and the queue goes "
            "out of the door.\n\nJonas, front desk"
        ),
        files=("blank-ticket.png",),
        tags=("printer", "till"),
        steps=(
            locks(0.2, "ben"),
            answers(
                0.1,
                "ben",
                "On my way. Please turn the paper roll round meanwhile: only one side "
                "takes print.",
            ),
            says(0.3, "jonas", "The roll was the wrong way round. It prints!"),
            answers(0.2, "ben", "Good. I bring you a spare roll with an arrow on it."),
        ),
    ),
    Story(
        key="second-screen",
        queue="it",
        who="leila",
        minutes=150,
        priority=LOW,
        channel="web",
        subject="A second screen, please",
        text="I compare photographs all day and would like a second screen. Any size.",
        tags=("hardware",),
    ),
    Story(
        key="mail-full",
        queue="it",
        who="oskar",
        minutes=41,
        subject="My mailbox is full",
        text=(
            "It says that my mailbox is full and that I shall delete mails. I need all "
            "of them. Can it be made larger?\n\nOskar"
        ),
        tags=("mail",),
    ),
)
