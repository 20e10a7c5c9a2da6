"""The tickets of the queue General."""

from sandbox.desk.script import (
    HIGH,
    LOW,
    Story,
    answers,
    assigns,
    copies,
    locks,
    moves,
    notes,
    resolves,
    says,
    sets,
    unlocks,
)

STORIES = (
    Story(
        key="sewing",
        queue="general",
        who="anneke",
        days=41,
        at=10.2,
        subject="A sewing machine for you",
        text=(
            "Good morning,\n\nmy aunt left me her sewing machine from 1934. It weighs "
            "as much as a calf, and I have no room for it. Would you like to have it?"
            "\n\nKind regards\nAnneke de Vries"
        ),
        tags=("donation",),
        steps=(
            answers(
                3,
                "ana",
                "Dear Ms de Vries,\n\nthank you for thinking of us! We have **eleven** "
                "sewing machines and a rule not to take a twelfth. The *Textile "
                "Workshop* in Millbrook still uses such machines and would be glad to "
                "hear from you.\n\nKind regards\nAna Okafor",
            ),
            says(20, "anneke", "Then I will write to Millbrook. Thank you!"),
            resolves(1, "ana", "Referred to the Textile Workshop in Millbrook."),
        ),
    ),
    Story(
        key="lost-umbrella",
        queue="general",
        who="dmitri",
        days=33,
        at=17.4,
        subject="Lost: green umbrella with a duck’s head",
        text=(
            "I left my umbrella in the lamp gallery on Saturday. It is green and has a "
            "handle like a duck’s head. Please don’t put it on show."
        ),
        tags=("lost property",),
        steps=(
            notes(16, "ana", "It is in the cloakroom. It was in fact put on show."),
            answers(
                0.3,
                "ana",
                "We have it! It waits in the cloakroom under the number "
                "**17**. For one "
                "day it stood among the exhibits, and was much admired.",
            ),
            resolves(0.1, "ana", "Umbrella found; kept in the cloakroom, number 17."),
        ),
    ),
    Story(
        key="school-autumn",
        queue="general",
        who="george",
        days=29,
        at=8.5,
        subject="Visit with class 4b",
        text=(
            "Dear museum,\n\nI would like to come with my class (27 children, aged 9 "
            "and 10). We could do a Wednesday or a Thursday. One child uses a "
            "wheelchair.\n\nGeorge Whitlock, Larkhaven School"
        ),
        tags=("school", "accessibility"),
        steps=(
            assigns(1, "ana", "ana"),
            answers(
                2,
                "ana",
                "Dear Mr Whitlock,\n\nwhat a pleasure. Two mornings are free:\n\n"
                "- Wednesday at 9.30\n- Thursday at 10.00\n\nThe lift takes the "
                "wheelchair to all floors but the attic. The attic’s objects are shown "
                "on a screen, and the children may handle three of them.",
            ),
            says(
                22, "george", "Wednesday at 9.30 would be splendid. What does it cost?"
            ),
            answers(1, "ana", "Nothing. It costs you one good question per child."),
            says(4, "george", "That we can afford. See you then!"),
            resolves(0.5, "ana", "Booked: Wednesday, 9.30, class 4b, 27 children."),
        ),
    ),
    Story(
        key="photo-permission",
        queue="general",
        who="ingrid",
        days=22,
        at=11.0,
        channel="web",
        subject="Filming in the kettle room",
        text=(
            "Hello,\n\nwe make a short film about breakfast and would like to film in "
            "the kettle room for half a day, before you open. Four people, one camera, "
            "no lights.\n\nIngrid Solberg"
        ),
        files=("filming-plan.pdf",),
        tags=("press",),
        steps=(
            notes(2, "ana", "Asked Edda: fine, if a colleague is there all the time."),
            copies(0.1, "ana", "leila"),
            answers(
                0.5,
                "ana",
                "Hello Ms Solberg,\n\nyou are welcome, on these conditions:\n\n"
                "1. From 7 to 9.45 am, so that we can open in time.\n"
                "2. A colleague of ours is with you; that is Leila Haddad, copied.\n"
                "3. Nothing is moved. The kettles are older than they look.\n\n"
                "Which day suits you?",
            ),
            says(5, "ingrid", "Tuesday of next week? We will be as quiet as toast."),
            answers(1, "ana", "Tuesday it is. Ring the bell at the side entrance."),
            says(190, "ingrid", "It was wonderful. Please thank Leila from us all!"),
            resolves(2, "ana", "Filmed on Tuesday; a copy of the film is promised."),
        ),
    ),
    Story(
        key="attic-wheelchair",
        queue="general",
        who="helen",
        days=12,
        at=14.0,
        priority=HIGH,
        subject="Access to the attic: the council’s question",
        text=(
            "Dear colleagues,\n\nfor the yearly report on access I need a statement on "
            "the attic, which cannot be reached without stairs. By the end of the "
            "month, please.\n\nHelen Marsh, Larkhaven Council"
        ),
        tags=("accessibility", "council"),
        steps=(
            assigns(1, "ana", "ana"),
            answers(
                3,
                "ana",
                "Dear Ms Marsh,\n\nyou will have it in time. I am collecting the "
                "figures of this year’s visitors to the screen downstairs.",
            ),
            notes(
                20,
                "ana",
                "Figures from the till: 214 people used the screen. Edda writes the "
                "statement. Last year’s text is attached.",
                "statement-last-year.txt",
            ),
            sets(0.1, "ana", "Pending"),
            unlocks(0.1, "ana"),
        ),
    ),
    Story(
        key="shop-teapot",
        queue="general",
        who="hugo",
        days=8,
        at=12.3,
        subject="Teapot arrived in two pieces",
        text=(
            "Hello, the teapot that I ordered in your shop arrived today, in two "
            "pieces. A picture is attached. Could I have a whole one?\n\nHugo Martins"
        ),
        files=("broken-teapot.png",),
        tags=("shop",),
        steps=(
            answers(
                2,
                "ana",
                "Dear Mr Martins,\n\nI am sorry. A new one leaves today, between two "
                "cushions this time. Please keep the pieces: our mending class would "
                "love them, if you ever come by.",
            ),
            resolves(0.1, "ana", "Replacement sent."),
            says(
                95,
                "hugo",
                "The new one is here, and whole. But the lid is that of "
                "another pot: it "
                "falls in.",
            ),
            answers(
                3, "ana", "Oh no. The right lid follows tomorrow. Keep the other one."
            ),
            unlocks(0.1, "ana"),
            says(50, "hugo", "It fits! Thank you. I have tea and two lids."),
        ),
    ),
    Story(
        key="sunday-open",
        queue="general",
        who="yuki",
        days=6,
        at=19.1,
        subject="Open on the bank holiday?",
        text="Are you open on the coming bank holiday? Your page and your "
        "door disagree.",
        tags=("opening hours",),
        steps=(
            answers(
                14,
                "ana",
                "We are: **10 to 5**. The door is right, and now the page is, too. "
                "Thank you for telling us!",
            ),
            resolves(0.1, "ana", "Open on bank holidays. The page has been corrected."),
        ),
    ),
    Story(
        key="bus-group",
        queue="general",
        who="rosa",
        days=5,
        at=9.3,
        subject="Coach with 48 guests in May",
        text=(
            "Hello,\n\nwe plan a tour along the coast in May with 48 guests and would "
            "love to stop at yours for two hours. Where can a coach park? Could there "
            "be tea?\n\nRosa Castellanos, Lantern Coaches"
        ),
        tags=("group",),
        steps=(
            answers(
                4,
                "ana",
                "Dear Ms Castellanos,\n\nhow nice! The coach parks on the quay, 200 "
                "metres away. For tea we need to know:\n\n- the day and the hour\n"
                "- how many drink tea, how many coffee\n\nUp to 25 people "
                "fit into each "
                "tour, so we would make two.",
            ),
            sets(0.1, "ana", "Pending"),
        ),
    ),
    Story(
        key="school-spring",
        queue="general",
        who="george",
        days=3,
        at=8.1,
        subject="Re: Visit with class 4b",
        text=(
            "Dear Ms Okafor,\n\nthe children still talk about the tin opener. Class 4a "
            "now demands the same. Would there be a Wednesday in spring?\n\nGeorge "
            "Whitlock"
        ),
        tags=("school",),
        follow_up_of="school-autumn",
        steps=(
            assigns(2, "ana", "ana"),
            answers(
                0.5,
                "ana",
                "Dear Mr Whitlock,\n\nthe tin opener sends its regards. "
                "Every Wednesday "
                "in April is free but the second one. Which shall it be?",
            ),
        ),
    ),
    Story(
        key="spoon-question",
        queue="general",
        who="patrick",
        days=2,
        at=16.2,
        priority=LOW,
        subject="What is this spoon for?",
        text=(
            "I found this in my grandmother’s drawer. It has a hole and a "
            "tooth. Nobody "
            "in the family knows what it is for. Do you?\n\nPatrick"
        ),
        files=("spoon.png",),
        tags=("identification",),
        steps=(
            notes(
                18,
                "ana",
                "Asked Tomasz. He thinks: for lifting the stones out of olives, around "
                "1920. He wants to see it.",
            ),
            copies(0.1, "ana", "tomasz"),
            answers(
                0.4,
                "ana",
                "Dear Patrick,\n\nour curator Tomasz Zieliński (copied) thinks that it "
                "lifts **stones out of olives**, and that it was made around 1920. Is "
                "anything stamped into the back?",
            ),
            says(2, "patrick", "There is! A tiny anchor and the letters H&S."),
        ),
    ),
    Story(
        key="till-and-tour",
        queue="general",
        who="mara",
        days=1,
        at=10.4,
        subject="Two tickets for the lamp evening",
        text=(
            "Hello,\n\nI tried to book two tickets for the lamp evening, and the page "
            "only shows a turning wheel.\n\nMara Lindqvist"
        ),
        tags=("booking",),
        steps=(
            notes(1, "ana", "Same fault as Priya reported. IT should look at it."),
            moves(0.1, "ana", "it"),
            assigns(0.1, "ana", "ben"),
        ),
        links=(("caused_by", "booking-page"),),
    ),
    Story(
        key="guide-dog",
        queue="general",
        who="sam",
        minutes=190,
        subject="Coming with a guide dog",
        text=(
            "Hello,\n\nI would like to visit on Friday with my guide dog. Is that all "
            "right, and are there things he should not drink from?\n\nSam O’Connell"
        ),
        tags=("accessibility",),
        steps=(locks(2.2, "ana"),),
    ),
    Story(
        key="donation-radio",
        queue="general",
        who="fatima",
        minutes=72,
        subject="A radio that speaks Portuguese",
        text=(
            "Hello,\n\nmy father’s radio from 1961 has been tuned to the same station "
            "for sixty years. I would like you to have it, with the "
            "station.\n\nA photo "
            "is attached.\n\nFatima El Amrani"
        ),
        files=("radio.png",),
        tags=("donation",),
    ),
    Story(
        key="wedding",
        queue="general",
        who="ingrid",
        minutes=14,
        channel="web",
        subject="May we marry in the kettle room?",
        text=(
            "Hello again,\n\nsince the filming, two of us have decided to marry, and "
            "it has to be the kettle room. Thirty guests, one afternoon in June. Is "
            "that thinkable?\n\nIngrid Solberg"
        ),
        tags=("event",),
        links=(("related", "photo-permission"),),
    ),
)
