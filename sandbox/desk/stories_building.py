"""The tickets of the queues Facilities and People."""

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
        key="attic-leak-old",
        queue="facilities",
        who="tomasz",
        days=39,
        at=7.5,
        priority=HIGH,
        subject="Water in the attic",
        text=(
            "It rained in. A bucket stands under it, from the collection, I am afraid. "
            "The place is by the third beam."
        ),
        files=("attic.png",),
        tags=("roof",),
        steps=(
            assigns(0.5, "ben", "ben"),
            answers(0.5, "ben", "I cover it today. The roofer comes on Thursday."),
            notes(30, "ben", "Roofer: two tiles. They had slipped since the storm."),
            answers(24, "ben", "Two tiles have been replaced. The bucket may go home."),
            resolves(0.1, "ben", "Two tiles replaced."),
        ),
    ),
    Story(
        key="lamp-stairs",
        queue="facilities",
        who="jonas",
        days=24,
        at=16.0,
        subject="Lamp on the back stairs",
        text="The lamp on the back stairs flickers like in a film. Not a nice one.",
        tags=("lamp",),
        steps=(
            answers(1, "ben", "I have it on tomorrow’s round."),
            resolves(18, "ben", "Lamp replaced."),
        ),
    ),
    Story(
        key="door-squeak",
        queue="facilities",
        who="winnie",
        days=21,
        at=9.8,
        priority=LOW,
        subject="Squeaking door between rooms 3 and 4",
        text="Visitors think that it is part of the exhibition. Please oil it anyway.",
        tags=("door",),
        steps=(
            answers(5, "ben", "Oiled. It now says nothing at all."),
            says(3, "winnie", "Visitors miss it. But thank you!"),
            resolves(15, "ben", "Hinges oiled."),
        ),
    ),
    Story(
        key="heating-room-8",
        queue="facilities",
        who="leila",
        days=10,
        at=8.9,
        subject="Room 8 is cold",
        text="The thermometer says 15 degrees, my fingers say less.",
        tags=("heating",),
        steps=(
            assigns(1, "ben", "ben"),
            answers(1, "ben", "I have bled the radiator. Is it better?"),
            says(22, "leila", "16 degrees. My fingers thank you for the one."),
            notes(2, "ben", "The valve is stuck. Ordered a new one, 8 days."),
            answers(
                0.2,
                "ben",
                "The valve is stuck; a new one is ordered and takes about eight days. "
                "I have put a small heater into the room. Please turn it off at night.",
            ),
            sets(0.1, "ben", "Pending"),
            unlocks(0.1, "ben"),
        ),
    ),
    Story(
        key="lift-noise",
        queue="facilities",
        who="jonas",
        days=5,
        at=12.0,
        priority=HIGH,
        subject="The lift makes a new noise",
        text=(
            "Between the ground floor and the first it goes clack, twice. "
            "It did not do "
            "that last week."
        ),
        tags=("lift",),
        steps=(
            assigns(0.5, "ben", "ben"),
            answers(
                0.3,
                "ben",
                "Thank you. I have closed it until the service has looked. A sign is "
                "up, and the ramp outside leads to the first floor.",
            ),
            notes(3, "ben", "Service comes on Tuesday between 8 and 12."),
            answers(
                70,
                "ben",
                "It was a loose rail on the door. Tightened and tested with 400 kg of "
                "catalogues. The lift is open again.",
                "service-report.pdf",
            ),
            resolves(0.2, "ben", "Door rail tightened by the service; tested."),
        ),
    ),
    Story(
        key="shelf-room-5",
        queue="facilities",
        who="winnie",
        days=5,
        at=13.6,
        subject="A shelf for the toasters",
        text=(
            "We have nine more toasters and need a shelf in room 5: 3 metres long, for "
            "2.5 kg each. By the end of the month if you can."
        ),
        files=("room-5.png",),
        tags=("exhibition",),
        steps=(
            assigns(2, "ben", "Facilities"),
            answers(
                20,
                "ben",
                "3 metres need a bracket in the middle. May it be seen, or shall it be "
                "behind a toaster?",
            ),
            says(2, "winnie", "Behind a toaster, please. The fourth is the widest."),
            notes(1, "ben", "Oak, 30 mm, three brackets. Wood comes on Friday."),
            unlocks(0.1, "ben"),
        ),
    ),
    Story(
        key="gutter",
        queue="facilities",
        who="helen",
        days=2,
        at=10.5,
        subject="Gutter over the pavement",
        text=(
            "Dear colleagues,\n\na resident reports that your gutter empties itself on "
            "the pavement of Ferry Lane. Please see to it before the frost.\n\nHelen "
            "Marsh, Larkhaven Council"
        ),
        tags=("council", "roof"),
        steps=(
            answers(
                3,
                "ben",
                "Dear Ms Marsh,\n\nthank you. A bird had built there. It has moved out "
                "by itself, and the gutter is clear again.",
            ),
            resolves(0.1, "ben", "Gutter cleared."),
        ),
    ),
    Story(
        key="attic-leak-new",
        queue="facilities",
        who="tomasz",
        days=1,
        at=8.2,
        priority=CRITICAL,
        subject="Water in the attic, again",
        text=(
            "It rains in again, one beam further on. Three clocks are wet, and one of "
            "them has begun to go."
        ),
        files=("attic.png",),
        tags=("roof",),
        steps=(
            locks(0.2, "ben"),
            answers(
                0.1,
                "ben",
                "Foil is up and the clocks are in room 12. The roofer comes **tomorrow "
                "at 8** and looks at the whole side this time.",
            ),
            says(
                1, "tomasz", "Thank you! The clock still goes. It has not since 1931."
            ),
            notes(
                2,
                "ben",
                "Photos for the insurance are with Edda. See also the first leak: same "
                "roofer, so this may be theirs.",
            ),
            copies(0.1, "ben", "leila"),
        ),
        links=(("related", "attic-leak-old"),),
    ),
    Story(
        key="bike-rack",
        queue="facilities",
        who="sam",
        minutes=330,
        priority=LOW,
        subject="The bicycle rack is full by ten",
        text=(
            "Hello, on weekends the rack at your north wall is full by ten, and people "
            "lean their bicycles on each other. Would a second one fit?\n\nSam"
        ),
        tags=("outside",),
        steps=(assigns(1, "ben", "Facilities"),),
    ),
    Story(
        key="smell-cellar",
        queue="facilities",
        who="jonas",
        minutes=55,
        priority=HIGH,
        subject="Smell of gas in the cellar?",
        text=(
            "It smells odd by the boiler. Perhaps gas, perhaps Oskar’s lunch. I opened "
            "the windows and turned nothing on."
        ),
        tags=("safety",),
    ),
    Story(
        key="contract-oskar",
        queue="people",
        who="oskar",
        days=15,
        at=10.0,
        subject="Parental leave from March",
        text=(
            "Dear Edda,\n\nwe expect our second child in March, and I would like to "
            "take three months. Which forms do you need?\n\nOskar"
        ),
        tags=("leave",),
        steps=(
            answers(
                4,
                "admin",
                "Congratulations, Oskar! The form is attached. I need it four weeks "
                "before you go. The tours are in good hands.",
                "leave-form.pdf",
            ),
            says(50, "oskar", "Filled in and attached. Thank you!", "leave-form.pdf"),
            resolves(3, "admin", "Leave from 1 March to 31 May, confirmed in writing."),
        ),
    ),
    Story(
        key="volunteer",
        queue="people",
        who="anneke",
        days=3,
        at=15.0,
        channel="web",
        subject="May I help on Saturdays?",
        text=(
            "Good afternoon,\n\nI have time on Saturdays, a steady hand, "
            "and since last "
            "month more room at home. Do you need volunteers?\n\nAnneke de Vries"
        ),
        tags=("volunteer",),
        steps=(
            answers(
                20,
                "admin",
                "Dear Ms de Vries,\n\nyes, very much, in the mending class "
                "for a start. "
                "Would you like to come for a tea on Saturday at 3?",
            ),
            says(3, "anneke", "With pleasure. I bring my own needle."),
            notes(1, "admin", "Background check: form is on its way to her."),
            sets(0.1, "admin", "Pending"),
        ),
    ),
)
