"""How people are reached and found: addresses of mail, names to sign in with, telephone numbers, places, birthdays.

Keeps true: a telephone number is told from dates, versions, amounts and tickets by its shape, by the words before it, and
where those do not settle it by the numbering plans of countries (`phonenumbers`). References: RFC 5321, ITU-T E.164.
"""
# ruff: noqa: RUF001 (signs that people type in place of hyphens and apostrophes)

import re
from collections.abc import Iterator
from functools import lru_cache

from cadre.language.private.span import Span

_EMAIL = re.compile(
    r"(?<![\w.+'%-])[\w](?:[\w.+'%&=-]{0,62}[\w+-])?@(?:[\w-]{1,63}\.){0,6}(?P<last>[\w-]{2,63})(?![\w-])"
)
_SPOKEN = re.compile(
    r"(?i)(?<![\w.-])[\w.+-]{1,64} ?[\[({] ?at ?[\])}] ?[\w-]{1,63}(?: ?(?:\.|[\[({] ?dot ?[\])}]) ?[\w-]{2,63}){1,4}(?!\w)"
)
_INNER = frozenset({"local", "lan", "internal", "corp", "intern", "localdomain", "ad", "home"})
_DOWN = re.compile(r"(?<![\w\\:./%-])(?P<domain>[A-Za-z][\w.-]{1,30})\\(?P<user>[\w][\w.$-]{0,62}[\w$])(?![\w\\/])")
_NOT_DOMAINS = frozenset(
    """hklm hkcu hkcr hku hkey_local_machine hkey_current_user nt builtin authority system32 syswow64 windows users appdata local
    roaming temp program files software microsoft currentversion drivers bin lib src docs documents desktop downloads public shared
    windowspowershell cert currentuser localmachine root onedrive programdata inetpub wwwroot""".split()  # noqa: SIM905
)
_FILE = re.compile(
    r"\.(?:exe|dll|log|txt|sys|ini|bat|ps1|msi|zip|docx?|xlsx?|pdf|cfg|conf|json|xml|inf|cab|evtx|mdb|ost|pst|lnk|tmp)$",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(
    r"(?i)(?<![a-z])(?:user(?: ?name|id| id)?|login(?: name)?|account(?: ?name)?|uid|logon(?: name)?|samaccountname|acct|upn|usr|suser|duser|srcuser|benutzer)"
    r"(?:\s{0,2}[=:]\s{0,2}|\s{1,2}(?=[\w.]{1,30}[\d._]))[\"']?(?P<user>[A-Za-z][\w.\\$-]{0,62}[\w$])(?![\w@])"
)
_SSHD = re.compile(r"(?i)\b(?:accepted|failed) [\w/-]{1,30} for (?:invalid user |illegal user )?(?P<user>[\w.-]{2,32}) from\b|\bsession opened for user (?P<opened>[\w.-]{2,32})")  # fmt: skip
_ROLES = frozenset(
    """root admin administrator system localsystem guest nobody user users none null unknown default name password account login
    and or is was not can cannot has id public shared all the sysadmin www-data postgres mysql daemon ubuntu ec2-user pi
    linuxbrew desktop reports confirmed error profile investigation environment""".split()  # noqa: SIM905
)
_PATH = re.compile(
    r"(?i)(?:[a-z]:[\\/]{1,2}(?:Users|Documents and Settings|home)|\\Users|\\profiles\$?|\\homes?\$?|(?<!\w)/home|(?<!\w)/Users|(?<!\w)/mnt/c/Users|%5cUsers|%2fUsers)(?:[\\/]{1,2}|%5c|%2f)"
    r"(?P<user>[^\\/:*?\"<>|\s]{1,40}(?: [^\\/:*?\"<>|\s,;]{1,30}){0,2}(?=[\\/])|[\w.$@-]{0,62}[\w$])"
)
_SHARED = frozenset(
    {
        "public",
        "default",
        "all users",
        "default user",
        "shared",
        "guest",
        "administrator",
        "linuxbrew",
        "defaultapppool",
        "user",
        "username",
        "yourname",
        "you",
        "me",
    }
)

_NUMBER = re.compile(
    r"(?<![\w.,:/$€£#%=&-])(?:\+|00)?\(?\+?\d(?:[\d\xa0\u2009\u202f ().\-/‐‑–]{4,22})\d(?:[ ,;]{0,2}(?:x|ext\.?|extension|ext:|#|dw|poste|int\.?)\.?:? {0,2}\d{1,6})?(?![\w%€£$])(?!\.\d)",
    re.IGNORECASE,
)
_EXTENSION = re.compile(r"(?i)(?<![a-z])ext(?:ension)?[.:]{0,2} {0,2}(?:is )?(?P<number>\d{2,6})(?![\w.])")
_CUE = re.compile(
    r"(?i)(?<![a-z])(?:(?:tele)?phones?|telef?|tel|tél|telefon|teléfono|telefone|telefono|call(?:ed|back|ing)?|cell|mobile|mob|handy|móvil|celular|portable|number|rufnummer|numéro|número|nr|nummer|"
    r"ring|rang|reach(?:ed)?|fax|contact|voicemail|dial(?:l?ed|l?ing)?|whatsapp|sms|text(?:ed)?|ph|direct|office|landline|ddi|did|extension|ext|hotline|caller id|[tmpcfow])(?![a-z])[^\d\n]{0,18}$"
)
_AGAINST = re.compile(
    r"(?i)(?:ticket|order|job|inc|ref(?:erence)?|invoice|serial|id|error|code|case|version|build|kb|asset|s/n|sn|po|bytes|size|pid|port|line|event|account|sku|part|chg|req|task|batch|key|imei|model|total|amount|iban|card|tag)\W{0,3}(?:no\.?|number|id|#)?\W{0,3}(?:is )?$"
)
_DATE = re.compile(
    r"^(?:\d{4}[-/. ]\d{1,2}[-/. ]\d{1,2}|\d{1,2}[-/. ]\d{1,2}[-/. ](?:19|20)\d{2}|\d{1,2}[/.]\d{1,2}[/.]\d{2})(?:[ T]\d.*)?$|^(?:19|20)\d{2}(?:\s?[-–/]\s?(?:19|20)\d{2})+$"
)
_PLAIN = re.compile(
    r"^\(?[2-9]\d{2}[). \-]{1,2}\s?[2-9]\d{2}[. -]\d{4}$|^1[-. ]\(?[2-9]\d{2}\)?[-. ]\d{3}[-. ]\d{4}$|^1[38]00[ -]\d{3}[ -]\d{3}$"
)
_REGIONS = ("US", "GB", "DE", "FR", "AU", "NL", "ES", "IT", "PL", "BE", "CH", "AT", "SE", "NO", "DK", "FI", "IE", "NZ", "ZA", "IN", "BR", "MX", "SG", "HK", "JP", "IL", "PT", "CZ", "AE")  # fmt: skip

_DAY = r"(?:\d{1,2}[./ -]\d{1,2}[./ -]\d{2,4}|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}(?:st|nd|rd|th|\.)?(?: of)? [A-Za-zéûäç]{3,10}\.?,? \d{2,4}|[A-Za-z]{3,10}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4})"
_BIRTH = re.compile(
    rf"(?i)(?<![a-z])(?:d\.?o\.?b\.?|date of birth|birth ?dat?e?|birthday|born(?: on)?|geboren(?: am)?|geburtsdatum|née?(?: le)?|fecha de nacimiento|nacid[oa](?: el)?|date de naissance)(?![a-z])[^\d\n]{{0,8}}?(?P<day>{_DAY})"
)
_WORD = r"[A-ZÀ-ÖØ-Ý][\w'’.-]{1,24}"
_STREET = r"(?:Street|St|Road|Rd|Avenue|Ave|Av|Boulevard|Blvd|Drive|Dr|Lane|Ln|Way|Court|Ct|Place|Pl|Square|Sq|Terrace|Close|Crescent|Cres|Parkway|Pkwy|Highway|Hwy|Row|Mews|Gardens|Grove|Quay|Walk|Circle|Cir|Trail|Parade|Esplanade)"
_CODE = (
    r"(?:[A-Z]{2,3} )?(?:\d{4,5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{4} ?[A-Z]{2})"
)
_REST = rf"(?:,? (?:Suite|Ste|Unit|Apt|Floor|Fl|Level|Room|Bldg|#)\.? ?[\w-]{{1,6}})?(?:, {_WORD}(?: {_WORD}){{0,2}}?)?(?:,? {_CODE})?"
_PLACES = re.compile(
    rf"(?<![\w.])(?:(?:Unit|Suite|Flat|Apt|Level|Shop) ?[\w-]{{1,6}}[,/] ?)?\d{{1,5}}[A-Za-z]?(?:[-/]\d{{1,4}})?,? (?:{_WORD} ){{1,4}}{_STREET}\b\.?(?: (?:N|S|E|W|NE|NW|SE|SW)\b)?{_REST}|"
    rf"(?<!\w)(?:{_WORD} )?{_WORD[:-7]}[\w-]{{0,24}}?(?:[Ss]tra(?:ß|ss)e|[Ss]tr\.|[Ww]eg|[Pp]latz|[Aa]llee|[Gg]asse|ring|damm|ufer|laan|straat|plein|gracht|kade|gatan|vägen|vej|veien|gata|gade|katu|tie) \d{{1,4}} ?[a-z]?(?![\w])(?:, \d{{4,5}}(?: [A-Z]{{2}})? {_WORD})?|"
    rf"(?<!\w)\d{{1,4}}(?: ?(?:bis|ter))?,? (?:rue|avenue|boulevard|place|chemin|allée|impasse|quai|route|cours)(?: (?:de|du|la|le|des|les|d['’]))*[ '’]?{_WORD}(?: {_WORD}){{0,3}}(?:, \d{{5}} {_WORD})?|"
    rf"(?<!\w)(?:Calle|C/|Avenida|Avda\.?|Plaza|Paseo|Via|Viale|Piazza|Corso|Rua|Rúa|Av\.|ul\.|al\.|ulica|Ulica) ?(?:(?:de|del|la|las|los|di|da|do|das|dos) )*{_WORD}(?: (?:(?:de|del|di|da|do|das|dos) )?{_WORD}){{0,3}},? (?:n[.º°o]{{0,2}} ?)?\d{{1,5}}(?:/\d{{1,4}})?(?:,? \d{{2,5}}-?\d{{0,3}} {_WORD})?|"
    r"(?<!\w)(?i:P\.? ?O\.? ?Box) \d{1,6}(?!\w)"
)
_POSTCODE = re.compile(
    r"(?<![\w-])[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-BD-HJLNP-UW-Z]{2}(?![\w-])|(?<![\w-])[ABCEGHJ-NPRSTVXY][0-9][A-Z] ?[0-9][A-Z][0-9](?![\w-])"
)


def mail(text: str) -> Iterator[Span]:
    """Addresses of mail; those of a private domain are names to sign in with."""
    if "@" in text:
        for match in _EMAIL.finditer(text):
            last = match["last"].lower()
            if "." in text[text.index("@", match.start()) : match.end()] or last in _INNER:
                inner = last in _INNER or match.group().lower().endswith(".onmicrosoft.com")
                yield Span(match.start(), match.end(), "upn" if inner else "email")
    if "at]" in text or "at)" in text or "AT]" in text or "at }" in text or "at ]" in text or "at )" in text:
        for match in _SPOKEN.finditer(text):
            yield Span(match.start(), match.end(), "email")


def accounts(text: str) -> Iterator[Span]:
    r"""DOMAIN\user, and what a log or a form calls a user."""
    if "\\" in text:
        for match in _DOWN.finditer(text):
            if (
                match["domain"].lower() not in _NOT_DOMAINS
                and not _FILE.search(match["user"])
                and match["user"].lower() not in {"system", "n", "r", "t"}
            ):
                yield Span(match.start(), match.end(), "upn")
    for match in _ACCOUNT.finditer(text):
        if match["user"].lower() not in _ROLES:
            yield Span(match.start("user"), match.end("user"), "upn")
    if " for " in text or "session opened" in text:
        for match in _SSHD.finditer(text):
            group = "user" if match["user"] else "opened"
            if match[group].lower() not in _ROLES:
                yield Span(match.start(group), match.end(group), "upn")


def paths(text: str) -> Iterator[Span]:
    """Names of users in paths of files."""
    for match in _PATH.finditer(text):
        if match["user"].lower() not in _SHARED:
            yield Span(match.start("user"), match.end("user"), "person")


def phones(text: str) -> Iterator[Span]:
    """Telephone numbers, international or as a country writes them, with an extension."""
    for match in _NUMBER.finditer(text):
        shown = match.group().rstrip(" (.-/")
        if text[match.end() : match.end() + 1] in {"-", "/", ":"} and text[match.end() + 1 : match.end() + 2].isdigit():
            continue
        if _is_phone(shown, text[max(0, match.start() - 36) : match.start()]):
            yield Span(match.start(), match.start() + len(shown), "phone")
    for match in _EXTENSION.finditer(text):
        yield Span(match.start("number"), match.end("number"), "phone")


def _is_phone(shown: str, before: str) -> bool:
    base = re.split(r"(?i)[ ,;]{0,2}[xe#dp]", shown, maxsplit=1)[0]
    digits = "".join(c for c in base if c.isdigit())
    count = len(digits)
    if not 6 <= count <= 15 or _DATE.match(base) or len(set(digits)) < 3 or base.count("(") > 2:
        return False
    if base.count(".") == 3 and base.replace(".", "").isdigit():
        return False
    if base.startswith(("+", "(+")):
        return count >= 8
    if _CUE.search(before):
        return count >= 7 or "-" in base or " " in base
    return not _AGAINST.search(before) and _is_shaped(base, digits)


def _is_shaped(base: str, digits: str) -> bool:
    """Whether a number that nothing announces is written as a country writes one."""
    count, apart = len(digits), len(digits) != len(base)
    if _PLAIN.match(base):
        return True
    if "." in base and not re.fullmatch(r"\(?\d{2,4}\)?\.\d{3}\.\d{4}|0\d(?:\.\d\d){4}", base):
        return False
    if digits.startswith("0") and 9 <= count <= 14 and (apart or count in {10, 11}):
        return True
    if base.startswith("(") and count >= 9:
        return True
    return 8 <= count <= 11 and (apart or count == 10) and _plan(digits, grouped=apart)


@lru_cache(maxsize=4096)
def _plan(digits: str, *, grouped: bool) -> bool:
    """Whether a number without prefix fits the numbering plan of some country; ungrouped, of North America only."""
    import phonenumbers

    for region in _REGIONS if grouped else ("US",):
        try:
            number = phonenumbers.parse(digits, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number_for_region(number, region):
            return True
    return False


def births(text: str) -> Iterator[Span]:
    """Days of birth, where the words say that it is one."""
    for match in _BIRTH.finditer(text):
        yield Span(match.start("day"), match.end("day"), "birthday")


def places(text: str) -> Iterator[Span]:
    """Postal addresses in one line, and codes of post that name a street or a house."""
    for match in _PLACES.finditer(text):
        yield Span(match.start(), match.end(), "address")
    for match in _POSTCODE.finditer(text):
        yield Span(match.start(), match.end(), "address")
