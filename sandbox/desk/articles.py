"""What the museum's help pages say."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Article:
    """One help page."""

    slug: str
    title: str
    audience: str
    summary: str
    body: str
    contact_address: str


HELP = "help@everyday.example"
IT = "it@everyday.example"
FACILITIES = "facilities@everyday.example"

ARTICLES = (
    Article(
        slug="opening-hours",
        title="When are you open?",
        audience="visitors",
        summary="Wednesday to Sunday from 10 to 5, and on every bank holiday.",
        body=(
            "<p>We are open from Wednesday to Sunday, 10 am to 5 pm. Last entry is at "
            "4.30 pm, and the kettles go cold at 4.45.</p>"
            "<h2>Bank holidays</h2>"
            "<p>We open on every bank holiday but Christmas Day and New Year’s Day.</p>"
            "<h2>Late Thursdays</h2>"
            "<p>On the first Thursday of each month the lamp gallery stays open until "
            "9 pm, lit by its own exhibits.</p>"
        ),
        contact_address=HELP,
    ),
    Article(
        slug="bring-an-object",
        title="I have something for the collection",
        audience="visitors",
        summary="Send a photo and its story first. We cannot take things at the desk.",
        body=(
            "<p>Thank you! Nearly everything we show was somebody’s once. So that "
            "nothing gets lost, it goes like this:</p>"
            "<ol><li>Send us a photo, the size, and the story of the object.</li>"
            "<li>A curator answers within two weeks.</li>"
            "<li>If it fits, we agree on a day on which you bring it.</li></ol>"
            "<p>We look for things from daily life after 1900, in working order or "
            "honestly broken. We have enough sewing machines.</p>"
        ),
        contact_address=HELP,
    ),
    Article(
        slug="getting-around",
        title="Step-free access, prams and wheelchairs",
        audience="visitors",
        summary="All galleries but the attic are step-free; the lift is by the till.",
        body=(
            "<p>The entrance in Ferry Lane has a ramp. A lift by the till serves all "
            "floors but the attic, whose objects are shown on a screen downstairs.</p>"
            "<ul><li>Two wheelchairs can be borrowed at the till.</li>"
            "<li>Prams are welcome everywhere; the lift takes two.</li>"
            "<li>Assistance dogs get a bowl from the collection of bowls.</li></ul>"
        ),
        contact_address=HELP,
    ),
    Article(
        slug="school-visits",
        title="Visiting with a class",
        audience="visitors",
        summary="Guided mornings for up to 30 children, free for schools nearby.",
        body=(
            "<p>We offer guided mornings from Wednesday to Friday for up to 30 "
            "children. Write to us three weeks ahead with two dates, the age of the "
            "children and whatever we should know.</p>"
            "<p>Every class takes something home: a button, a peg, or a new word.</p>"
        ),
        contact_address=HELP,
    ),
    Article(
        slug="reset-your-password",
        title="I can’t log in any more",
        audience="colleagues",
        summary="Try the reset page first; after five attempts an account rests.",
        body=(
            "<p>After five wrong attempts an account rests for 15 minutes. Then:</p>"
            "<ol><li>Open the reset page from the login screen.</li>"
            "<li>Enter the name that stands on your badge.</li>"
            "<li>Follow the link in the mail within an hour.</li></ol>"
            "<p>No mail? Then IT has another address for you; write from any other.</p>"
        ),
        contact_address=IT,
    ),
    Article(
        slug="borrow-equipment",
        title="Borrow a projector, a laptop or a microphone",
        audience="colleagues",
        summary="Ask two days ahead, say for how long, and bring it back charged.",
        body=(
            "<p>IT keeps two projectors, four laptops and a set of microphones. Write "
            "two working days ahead and say what for, where and until when.</p>"
            "<p>Collect things from the cellar office. Please bring them back charged, "
            "with all their cables, and tell us what broke.</p>"
        ),
        contact_address=IT,
    ),
    Article(
        slug="report-a-fault",
        title="Something is broken in the building",
        audience="colleagues",
        summary="Say where, what, and whether anybody could get hurt. Add a photo.",
        body=(
            "<p>Write to Facilities with the room’s number and, if you can, a photo. "
            "If anybody could get hurt, close the room and ring extension 10 first.</p>"
            "<h2>What happens then</h2>"
            "<p>You get a number at once. Most lamps glow again the same day; the roof "
            "takes longer.</p>"
        ),
        contact_address=FACILITIES,
    ),
)
