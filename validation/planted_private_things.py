"""Things of the planted set: how people, vendors and countries write names, machines, numbers and secrets."""

import base64
import random
import string
import sys
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import planted_private_words as words

LOWER_HEX = "0123456789abcdef"
ALNUM = string.ascii_letters + string.digits
UPPER = string.ascii_uppercase + string.digits


@dataclass
class Case:
    """One text being written: what its firm knows, and what was planted so far."""

    rng: random.Random
    clients: list[str]
    people: list[tuple[str, str]]
    spans: list[dict[str, Any]] = field(default_factory=list)

    def some(self, alphabet: str, count: int) -> str:
        """So many characters."""
        return "".join(self.rng.choice(alphabet) for _ in range(count))

    def shape(self, pattern: str) -> str:
        """`#` a digit, `@` a capital, `%` a capital or digit, `~` lower-case hex; the rest as it stands."""
        alphabets = {"#": string.digits, "@": string.ascii_uppercase, "%": UPPER, "~": LOWER_HEX}
        return "".join(self.rng.choice(alphabets[c]) if c in alphabets else c for c in pattern)


def _ascii(name: str) -> str:
    table = str.maketrans("áàâäãåąčćçďéèêëęěğíîïıłñńňóôöõøőřśšşťúùûüůűýžźż", "aaaaaaacccdeeeeeegiiiilnnnoooooorssstuuuuuuyzzz")  # fmt: skip
    return "".join(c for c in name.lower().translate(table) if c.isascii() and c.isalnum())


def _who(case: Case) -> tuple[str, str]:
    """A listed person half of the time, else somebody on no list."""
    if case.rng.random() < 0.5:
        return case.rng.choice(case.people)
    first, last = case.rng.choice(words.PEOPLE)
    return first, last


def person(case: Case) -> str:
    """A person, in full or by first name."""
    first, last = _who(case)
    return case.rng.choice(
        [f"{first} {last}", f"{first} {last}", first, first, f"{first} {last[0]}.", f"{first[0]}. {last}"]
    )


def full_name(case: Case) -> str:
    """A person in full."""
    return " ".join(_who(case))


def first_name(case: Case) -> str:
    """A first name."""
    return _who(case)[0]


def honorific(case: Case) -> str:
    """A last name, as it follows Mr or Dr."""
    return _who(case)[1]


def reversed_name(case: Case) -> str:
    """Last, First."""
    first, last = _who(case)
    return f"{last}, {first}"


def client(case: Case) -> str:
    """A client, written as people write it."""
    name = case.rng.choice(case.clients)
    short = name
    for suffix in words.SUFFIXES:
        short = short.removesuffix(suffix)
    ways = [
        name,
        short,
        short,
        short.lower(),
        short.upper(),
        short.replace(" ", "-"),
        short.replace("&", "and"),
        short.replace(" ", "  "),
    ]
    return case.rng.choice(ways)


def domain(case: Case) -> str:
    """A domain that nobody listed."""
    stem = case.rng.choice(words.STEMS)
    return stem + case.rng.choice(
        [
            ".com",
            ".com",
            ".co.uk",
            ".net",
            ".org",
            ".de",
            ".com.au",
            ".ca",
            ".io",
            ".fr",
            ".nl",
            ".co.za",
            ".health",
            ".law",
            ".onmicrosoft.com",
        ]
    )


def email(case: Case) -> str:
    """An address of mail."""
    first, last = (_ascii(part) or "info" for part in _who(case))
    local = case.rng.choice(
        [
            f"{first}.{last}",
            f"{first[0]}{last}",
            first,
            f"{first}_{last}",
            f"{last}.{first[0]}",
            f"{first}+it",
            "accounts",
            "helpdesk",
            f"{first}{case.rng.randint(1, 99)}",
            f"{first}.o'{last}",
        ]
    )
    written = f"{local}@{domain(case)}"
    return written.upper() if case.rng.random() < 0.04 else written


def upn(case: Case) -> str:
    r"""A name to sign in with: DOMAIN\user or user@internal."""
    first, last = (_ascii(part) or "user" for part in _who(case))
    stem = case.rng.choice(words.STEMS)
    return case.rng.choice(
        [
            f"{stem[:10].upper()}\\{first[0]}{last}",
            f"{stem[:8]}\\{first}.{last}",
            f"{first}.{last}@{stem}.local",
            f"{stem.upper()[:6]}\\svc_{case.rng.choice(['backup', 'sql', 'scan', 'veeam'])}",
            f"AzureAD\\{first.title()}{last.title()}",
            f"{first[0]}{last}@{stem}.onmicrosoft.com",
        ]
    )


def phone(case: Case) -> str:
    """A telephone number, as written in one of many countries."""
    rng = case.rng
    area, office = (
        f"{rng.randint(2, 9)}{rng.randint(0, 8)}{rng.randint(0, 9)}",
        f"{rng.randint(2, 9)}{rng.randint(0, 9)}{rng.randint(2, 9)}",
    )
    area = (
        rng.choice(["212", "415", "312", "206", "617", "404", "713", "303", "604", "416", "514", "902", "858", "919"])
        if rng.random() < 0.8
        else area
    )
    line = case.shape("####")
    shape = rng.choice(words.PHONES)
    return case.shape(shape.replace("AAA", area).replace("OOO", office).replace("LLLL", line))


def host(case: Case) -> str:
    """A machine or its full name."""
    rng, stem = case.rng, case.rng.choice(words.STEMS)
    site = stem[:3].upper()
    role = rng.choice(["DC", "FS", "SQL", "APP", "RDS", "EXCH", "PRINT", "HV", "VEEAM", "WEB", "NAS", "FW", "SW", "AP"])
    number = f"{rng.randint(1, 19):02d}"
    return rng.choice([
        f"{site}-{role}{number}", f"SRV-{role}{number}", f"{site}{role}{number}", f"{site}-{role}-{number}",
        case.shape("DESKTOP-%%%%%%%"), case.shape("LAPTOP-%%%%%%%%"), f"{site}-LT-{case.shape('####')}", f"WS-{_ascii(first_name(case)).upper() or 'X'}",
        f"{role.lower()}{number}.{stem}.local", f"srv{number}.{stem}.lan", f"{role.lower()}-{number}.corp.{stem}.internal",
        f"mail.{domain(case)}", f"vpn.{domain(case)}", f"remote.{domain(case)}", f"{role.lower()}{number}.ad.{stem}.com", f"{site.lower()}-{role.lower()}{number}",
        f"ip-{case.rng.randint(10, 99)}-0-3-{case.rng.randint(2, 99)}.ec2.internal",
    ])  # fmt: skip


def ip(case: Case) -> str:
    """An address of the network, of either version, perhaps with a port or a mask."""
    rng = case.rng
    four = rng.choice(
        [
            f"192.168.{rng.randint(0, 254)}.{rng.randint(1, 254)}",
            f"10.{rng.randint(0, 254)}.{rng.randint(0, 254)}.{rng.randint(1, 254)}",
            f"172.{rng.randint(16, 31)}.{rng.randint(0, 254)}.{rng.randint(1, 254)}",
            f"{rng.choice([81, 92, 203, 51, 142])}.{rng.randint(1, 254)}.{rng.randint(0, 254)}.{rng.randint(1, 254)}",
        ]
    )
    six = rng.choice(
        [
            case.shape("2001:db8:~~~~:~~~~::~~"),
            case.shape("fe80::~~~~:~~ff:fe~~:~~~~"),
            case.shape("2a02:~~~~:~~~~:~~~~:~~~~:~~~~:~~~~:~~~~"),
            case.shape("fd12:3456:789a::~"),
        ]
    )
    return rng.choice(
        [four, four, four, f"{four}:{rng.choice([443, 3389, 8080, 22])}", f"{four.rsplit('.', 1)[0]}.0/24", six]
    )


def mac(case: Case) -> str:
    """A hardware address."""
    return case.rng.choice(
        [
            case.shape("~~:~~:~~:~~:~~:~~"),
            case.shape("~~-~~-~~-~~-~~-~~").upper(),
            case.shape("~~~~.~~~~.~~~~"),
            case.shape("~~:~~:~~:~~:~~:~~").upper(),
        ]
    )


def serial(case: Case) -> str:
    """A vendor's serial number or the firm's tag."""
    return case.shape(case.rng.choice(["#%@##@#", "%%%%%%%", "PF#@%%%%", "MP##%%%%", "5CG#######", "CND#######", "C02@%###@@@@", "FVH@%###@@@#", "FGT60F@@########", "FCW####@###", "Q2@@-%%%%-%%%%", "2M#######", "CZC#######", "SGH###@%%%", "R9##@#####", "VMware-########", "########", "LR0@####"]))  # fmt: skip


def asset(case: Case) -> str:
    """The firm's own tag of a thing."""
    return case.shape(
        case.rng.choice(["LT-####", "ASSET-#####", "A######", "IT-####-##", "######", "WS###-@@", "MON-####"])
    )


def password(case: Case) -> str:
    """A password as people make them."""
    rng = case.rng
    return rng.choice([
        f"{rng.choice(words.SECRET_WORDS)}{rng.randint(1, 2026)}!", f"{rng.choice(words.SECRET_WORDS)}-{rng.choice(words.SECRET_WORDS)}-{rng.randint(10, 99)}",
        case.some(ALNUM + "!@#$%^&*", rng.randint(9, 16)).strip("!@#$%^&*") + "7x", f"{rng.choice(words.SECRET_WORDS)}@{rng.randint(100, 9999)}",
        f"P@ssw0rd{rng.randint(1, 99)}", f"{rng.choice(words.SECRET_WORDS).lower()}{rng.choice(words.SECRET_WORDS)}#{rng.randint(1, 99)}",
    ])  # fmt: skip


def key(case: Case) -> str:
    """A key or token in a vendor's shape."""
    some = case.some
    jwt = ".".join(
        base64.urlsafe_b64encode(part.encode()).decode().rstrip("=")
        for part in ('{"alg":"HS256","typ":"JWT"}', f'{{"sub":"{some("0123456789", 8)}"}}', some(ALNUM, 24))
    )
    pem = (
        "-----BEGIN RSA PRIVATE KEY-----\n"
        + "\n".join(some(ALNUM + "+/", 64) for _ in range(3))
        + "\n-----END RSA PRIVATE KEY-----"
    )
    return case.rng.choice([
        "AKIA" + some(UPPER.replace("0", "").replace("1", ""), 16), some(ALNUM + "+/", 40), "ghp_" + some(ALNUM, 36), "github_pat_" + some(ALNUM, 22) + "_" + some(ALNUM, 59),
        "xoxb-" + some(string.digits, 12) + "-" + some(string.digits, 12) + "-" + some(ALNUM, 24), "sk_live_" + some(ALNUM, 24), "AIza" + some(ALNUM + "_-", 35), "glpat-" + some(ALNUM, 20),
        "SG." + some(ALNUM, 22) + "." + some(ALNUM, 43), jwt, pem, case.shape("%%%%%-%%%%%-%%%%%-%%%%%-%%%%%"), "-".join(case.shape("######") for _ in range(8)), some(LOWER_HEX, 40), some(LOWER_HEX, 64),
        "sk-ant-api03-" + some(ALNUM + "-_", 60), "sk-proj-" + some(ALNUM, 48), "npm_" + some(ALNUM, 36), some(ALNUM, 3) + "8Q~" + some(ALNUM + "_.~-", 34).rstrip("_.~-") + "aa",
        "https://hooks.slack.com/services/T" + some(UPPER, 8) + "/B" + some(UPPER, 10) + "/" + some(ALNUM, 24), "AccountKey=" + some(ALNUM + "+/", 86) + "==", "SK" + some(LOWER_HEX, 32),
    ])  # fmt: skip


def card(case: Case) -> str:
    """A card number that passes Luhn's check."""
    start = case.rng.choice(["4", "51", "55", "37", "6011", "2221"])
    size = 15 if start == "37" else 16
    digits = start + case.some(string.digits, size - len(start) - 1)
    total = sum(sum(divmod(int(d) * 2, 10)) if place % 2 == 0 else int(d) for place, d in enumerate(reversed(digits)))
    digits += str(-total % 10)
    if size == 15:
        return case.rng.choice([digits, f"{digits[:4]} {digits[4:10]} {digits[10:]}"])
    parts = [digits[i : i + 4] for i in range(0, 16, 4)]
    return case.rng.choice([digits, " ".join(parts), "-".join(parts)])


def iban(case: Case) -> str:
    """A bank account with its check digits."""
    country, body = case.rng.choice(
        [
            ("DE", case.some(string.digits, 18)),
            ("GB", "NWBK" + case.some(string.digits, 14)),
            ("FR", case.some(string.digits, 23)),
            ("NL", "INGB" + case.some(string.digits, 10)),
            ("CH", case.some(string.digits, 17)),
            ("ES", case.some(string.digits, 20)),
            ("PL", case.some(string.digits, 24)),
            ("NO", case.some(string.digits, 11)),
        ]
    )
    number = int("".join(str(int(c, 36)) for c in f"{body}{country}00"))
    written = f"{country}{98 - number % 97:02d}{body}"
    return case.rng.choice([written, " ".join(written[i : i + 4] for i in range(0, len(written), 4))])


def url(case: Case) -> str:
    """An address of the web that says whose it is, or holds a secret."""
    rng = case.rng
    return rng.choice([
        f"https://portal.{domain(case)}/login", f"https://10.{rng.randint(0, 99)}.4.{rng.randint(2, 99)}:8443/admin",
        f"https://admin:{case.some(ALNUM, 10)}@{domain(case)}/backup", f"http://{rng.choice(['nas', 'unifi', 'print'])}.{rng.choice(words.STEMS)}.local:{rng.choice([80, 5000, 8443])}/", f"\\\\{rng.choice(words.STEMS)[:3].upper()}-FS{rng.randint(1, 9):02d}\\shared",
        f"https://{rng.choice(words.STEMS)}.sharepoint.com/sites/finance", f"ftp://{rng.choice(words.STEMS)}:{case.some(ALNUM, 9)}@ftp.{domain(case)}", f"https://{rng.choice(words.STEMS)}.screenconnect.com/Host#Access",
    ])  # fmt: skip


def guid(case: Case) -> str:
    """A tenant's, a subscription's or a device's id."""
    written = str(uuid.UUID(int=case.rng.getrandbits(128), version=4))
    return case.rng.choice([written, written, written.upper(), "{" + written + "}"])


def user(case: Case) -> str:
    """The name of a user in a path."""
    first, last = (_ascii(part) or "user" for part in _who(case))
    return case.rng.choice(
        [f"{first[0]}{last}", first, f"{first}.{last}", f"{first.title()}{last.title()}", f"{last}{first[0]}"]
    )


def address(case: Case) -> str:
    """A postal address in one line."""
    rng = case.rng
    number, street = rng.randint(1, 2400), rng.choice(words.STREETS)
    return rng.choice([
        f"{number} {street} Street, {case.shape('@@# #@@')}".replace("Q", "L"), f"{number} {street} Ave, Suite {rng.randint(100, 900)}, Denver, CO {case.shape('80###')}", f"{number} {street} Road", f"{number} {street} Blvd, Austin, TX {case.shape('78###')}",
        f"{street}straße {rng.randint(1, 200)}, {case.shape('1####')} Berlin", f"{rng.randint(1, 200)} rue {street}, {case.shape('75###')} Paris", f"PO Box {rng.randint(10, 9999)}", f"Unit {rng.randint(1, 40)}, {number} {street} Drive, Parramatta NSW {case.shape('2###')}", f"{street}laan {rng.randint(1, 300)}, {case.shape('1### @@')} Amsterdam",
    ])  # fmt: skip


def birthday(case: Case) -> str:
    """A day of birth."""
    rng = case.rng
    day, month, year = rng.randint(1, 28), rng.randint(1, 12), rng.randint(1948, 2004)
    name = ["Jan", "Feb", "March", "Apr", "May", "June", "Jul", "August", "Sep", "Oct", "Nov", "December"][month - 1]
    return rng.choice(
        [
            f"{day:02d}/{month:02d}/{year}",
            f"{year}-{month:02d}-{day:02d}",
            f"{day} {name} {year}",
            f"{name} {day}, {year}",
            f"{day}.{month}.{year}",
        ]
    )


def national(case: Case) -> str:
    """A number the state gave."""
    return case.shape(case.rng.choice(["###-##-####"])).replace("000", "123").replace("9", "4", 1)
