"""The people of the demo: those who answer, and those who ask."""

from dataclasses import dataclass

DOMAIN = "everyday.example"


@dataclass(frozen=True, kw_only=True)
class Account:
    """Somebody who can log in. The passwords are no secret: the demo prints them."""

    username: str
    first_name: str
    last_name: str
    role: str
    groups: tuple[str, ...] = ()
    is_administrator: bool = False

    @property
    def email(self) -> str:
        """The address at work."""
        return f"{self.username}@{DOMAIN}"

    @property
    def password(self) -> str:
        """The password, as printed."""
        return f"{self.username}-demo"


ACCOUNTS = (
    Account(
        username="ana",
        first_name="Ana",
        last_name="Okafor",
        role="agent, General and IT",
        groups=("Front desk", "IT"),
    ),
    Account(
        username="ben",
        first_name="Ben",
        last_name="Fischer",
        role="agent, Facilities and IT",
        groups=("Facilities", "IT"),
    ),
    Account(
        username="admin",
        first_name="Edda",
        last_name="Nilsson",
        role="administrator",
        is_administrator=True,
        groups=("People team",),
    ),
)

#: short name -> (name, address). Colleagues write from the museum's own domain.
REQUESTERS = {
    "jonas": ("Jonas Weber", f"jonas.weber@{DOMAIN}"),
    "priya": ("Priya Raman", f"priya.raman@{DOMAIN}"),
    "tomasz": ("Tomasz Zieliński", f"tomasz.zielinski@{DOMAIN}"),
    "leila": ("Leila Haddad", f"leila.haddad@{DOMAIN}"),
    "oskar": ("Oskar Lund", f"oskar.lund@{DOMAIN}"),
    "winnie": ("Winnie Achieng", f"winnie.achieng@{DOMAIN}"),
    "mara": ("Mara Lindqvist", "mara.lindqvist@post.example"),
    "hugo": ("Hugo Martins", "hugo.martins@correio.example"),
    "yuki": ("Yuki Tanaka", "yuki.tanaka@mail.example"),
    "fatima": ("Fatima El Amrani", "fatima@elamrani.example"),
    "george": ("George Whitlock", "g.whitlock@larkhaven-school.example"),
    "anneke": ("Anneke de Vries", "anneke.devries@post.example"),
    "sam": ("Sam O’Connell", "sam.oconnell@ferrymail.example"),
    "rosa": ("Rosa Castellanos", "rosa@lanterncoach.example"),
    "dmitri": ("Dmitri Volkov", "dmitri.volkov@mail.example"),
    "ingrid": ("Ingrid Solberg", "ingrid@solberg-film.example"),
    "patrick": ("Patrick Nkemelu", "p.nkemelu@ferrymail.example"),
    "helen": ("Helen Marsh", "helen.marsh@larkhaven-council.example"),
}
