"""Secrets and numbers that identify: keys, passwords, cards, accounts, ids, serial numbers.

Keeps true: a shape that a check digit can confirm is confirmed (Luhn, ISO 13616), and one that only its setting betrays
needs that setting. References: vendors' published key prefixes; ISO/IEC 7812 (cards); ISO 13616 (IBAN); RFC 7468 (PEM).
"""
# ruff: noqa: RUF001 (quotation marks that people type)

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterator

from cadre.language.private.span import Span

_SHAPES = re.compile(
    r"(?<![A-Za-z0-9])(?:(?:AKIA|ASIA|AROA|AIDA|AGPA|ANPA)[A-Z0-9]{12,20}|(?:gh[pousr]|npm|hf|dop_v1|lin_api|pul|shpat|shpss|shpca|ATATT|ntn|secret)_[A-Za-z0-9_]{16,255}|"
    r"github_pat_\w{20,100}|glpat-[\w-]{16,64}|xox[a-z]-[\w-]{10,255}|xapp-[\w-]{10,255}|(?:sk|pk|rk|whsec)_(?:live|test)?_?[A-Za-z0-9]{10,255}|sk-[\w-]{20,255}|"
    r"AIza[\w-]{30,45}|ya29\.[\w-]{20,255}|SG\.[\w-]{16,32}\.[\w-]{16,64}|eyJ[\w-]{8,4096}\.[\w-]{4,4096}(?:\.[\w-]{0,4096})?|(?:SK|AC|key-)[0-9a-f]{32}|"
    r"[A-Za-z0-9_~.-]{3}[0-9]Q~[\w~.-]{31,34}|EAA[A-Za-z0-9]{40,255}|[0-9]{8,10}:AA[\w-]{33}|sq0[a-z]{3}-[\w-]{22,43}|AGE-SECRET-KEY-1[A-Z0-9]{58}|dapi[0-9a-f]{32})"
)
_PRODUCT = re.compile(r"(?<![\w-])(?:[A-Z0-9]{5}-){4}[A-Z0-9]{5}(?![\w-])|(?<![\w-])(?:[0-9]{6}[- ]){7}[0-9]{6}(?![\w-])|(?<![\w-])(?:[A-Z0-9]{4}-){3,7}[A-Z0-9]{4}(?![\w-])")  # fmt: skip
_RUN = re.compile(r"(?<![A-Za-z0-9+/_=.~-])[A-Za-z0-9+/_~-]{20,}+={0,2}")
_WORDS = (
    r"pass(?: ?(?:word|wd|phrase|code|key)s?)?|passwort|kennwort|mot de passe|mdp|contrase(?:ñ|n)a|clave|senha|wachtwoord|lösenord|hasło|"
    r"pwd|pw|psk|pin(?: code)?|secret(?: ?(?:key|value|access key))?|api[ _-]?(?:key|token|secret)|access[ _-]?(?:key|token)|auth(?:entication)?[ _-]?token|"
    r"client[ _-]?secret|account ?key|sharedaccesskey|private[ _-]?key|license key|product key|recovery (?:key|code)|otp|mfa code|2fa code|verification code|"
    r"token|creds|credentials?|snmp community|community string|pre-?shared key|wi-?fi key|wpa2? key"
)
_TOLD = re.compile(
    rf"(?i)(?<![a-z])(?:{_WORDS})(?![a-z])(?=(?:\s{{1,2}}\([^)\n]{{1,20}}\))?(?:\s{{1,2}}(?:for|of|para|für|pour)\s[^\s]{{1,40}}(?:\s[^\s:]{{1,20}})?)?"
    r"(?P<how>\s{0,3}(?:[:=]|=>|->)\s{0,3}|\s{1,2}(?:is now|is|was|to|lautet|ist|est|es|will be|has been set to|set to|changed to|now)\s{0,2}:?\s{0,2}|\s{1,2})"
    r"[\"'`“‘(]{0,1}(?P<value>[^\s\"`“”]{4,256}))"
)
_PAIR = re.compile(
    r"(?i)\b(?:creds?|credentials?|logins?|log ?in)\b(?: (?:are|is|with|as|details?))?\s{0,2}[:=]?\s{1,2}(?P<user>[\w.@\\-]{2,64})\s{0,2}(?:/|\||:)\s{0,2}(?P<value>[^\s/]{4,128})"
)
_NOT_SECRETS = frozenset(
    """expired reset required unknown changed change policy field manager protected incorrect wrong none null true false again please
    needed never disabled enabled blank empty same here below above attached sent user users account working correct prompt required
    invalid missing null n/a yes todo tbd hidden redacted""".split()  # noqa: SIM905
)
_LABELLED = re.compile(
    r"(?:[A-Za-z]+_)?(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|PWD|PASS|[Kk]ey|[Tt]oken|[Ss]ecret|[Pp]assword)=(?P<value>[^\s\"'&;,]{4,512})"
)
_SWITCH = re.compile(
    r"(?<![\w-])(?:--?p(?:w|wd|ass|assword|assphrase)?|/p(?:w|ass|assword)?:)[ =]?[\"']?(?P<value>[^\s\"']{6,128})",
    re.IGNORECASE,
)
_GUID = re.compile(r"\{?(?<![0-9A-Za-z-])[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}(?![0-9A-Za-z-])\}?")
_STATE = re.compile(
    r"(?<![\w-])[0-9]{3}-[0-9]{2}-[0-9]{4}(?![\w-])|(?<!\w)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D](?!\w)|"
    r"(?i:\b(?:ssn|sin|social security|national insurance|ni(?: number)?|passport|driver'?s licen[cs]e|tax id|ein|vat|account (?:number|no)|employee (?:id|no|number)|customer (?:id|no|number)|sort code|routing(?: number)?|aadhaar|nhs(?: number)?|medicare|member id|patient id|mrn)(?: number| no\.?| #)?\b[ :#=]{1,3}(?:is )?)(?P<value>[A-Z0-9](?:[A-Z0-9 -]{3,18}[0-9]))(?!\w)"
)
_CARD = re.compile(
    r"(?<![\w.-])[2-6][0-9]{3}[ -]?(?:[0-9]{4}[ -]?){2}[0-9]{1,7}(?![\w-])|(?<![\w.-])3[47][0-9]{2}[ -]?[0-9]{6}[ -]?[0-9]{5}(?![\w-])"
)
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?!\w)")
_SERIAL_WORD = re.compile(
    r"(?i)(?<![a-z])(?:s/n|sn|ser\.? ?no\.?|serial(?:s| ?(?:numbers?|nr\.?|no\.?|num|#))?|seriennummer|service ?tags?|asset(?: ?(?:tags?|ids?|no\.?|numbers?|#))?|inventory (?:no\.?|number|tag)|imei)"
    r"(?![a-z])\s{0,2}(?:(?:is|was|are|reads)\b|[:#=-])?\s{0,2}#?(?P<value>(?=[A-Z-]{0,12}[0-9])(?=[A-Z0-9/-]{4})[A-Z0-9]{1,24}(?:[-/][A-Z0-9]{1,16}){0,5})(?![\w/])"
)
_SERIAL = re.compile(
    r"(?<![\w-])(?:5C[DG][0-9A-Z]{7}|(?:CND|CZC|MXL|SGH|CNU|TPR|USE)[0-9][0-9A-Z]{6}|(?:PF|MP|MJ|R9|PC|LR|YD|PB)[0-9][0-9A-Z]{5}|C02[0-9A-Z]{8,9}|[CDFG][0-9A-Z]{2}[A-Z][0-9][0-9A-Z]{3}[A-Z][0-9A-Z]{3}|"
    r"F(?:GT|G[0-9]|WF|AP|SW|[0-9])[0-9A-Z]{1,4}[A-Z0-9]{2}[0-9]{8}|(?:FCW|FOC|FDO|FTX|FGL|FHH|FJC|PSZ|KWC|JAE|CAT|JMX|SAL)[0-9]{4}[0-9A-Z]{4}|Q[0-9][A-Z]{2}-[0-9A-Z]{4}-[0-9A-Z]{4}|(?=[B-DF-HJ-NP-TV-Z0-9]{0,6}[0-9])(?=[0-9]{0,6}[B-DF-HJ-NP-TV-Z])[B-DF-HJ-NP-TV-Z0-9]{6}[1-3])(?![\w-])"
)


def keys(text: str) -> Iterator[Span]:
    """Keys and tokens by their shape, PEM blocks, and runs without order."""
    if "-----BEGIN" in text:
        yield from _pem(text)
    for match in _SHAPES.finditer(text):
        yield Span(match.start(), match.end(), "key")
    if "-" in text:
        for match in _PRODUCT.finditer(text):
            if any(map(str.isdigit, match.group())):
                yield Span(match.start(), match.end(), "key")
    for match in _RUN.finditer(text):
        if _looks_random(match.group()):
            yield Span(match.start(), match.end(), "key")


def _pem(text: str) -> Iterator[Span]:
    """From each BEGIN to its END, or to the end of the text where none comes."""
    start = text.find("-----BEGIN")
    while start >= 0:
        close = text.find("-----END", start)
        edge = text.find("-----", close + 8) if close >= 0 else -1
        end = edge + 5 if edge >= 0 else len(text)
        yield Span(start, end, "key")
        start = text.find("-----BEGIN", end)


def _looks_random(run: str) -> bool:
    """Whether a run of 20 or more is a key: hexadecimal of a usual length, or mixed classes with high entropy."""
    sample = run[:512]
    if not any(map(str.isdigit, sample)):
        return (
            len(sample) >= 40
            and sample.count("/") < 3
            and "-" not in sample
            and "_" not in sample
            and not (sample.islower() or sample.isupper() or sample.istitle())
        )
    if (
        len(sample) in {32, 40, 48, 56, 64, 96, 128}
        and all(c in "0123456789abcdefABCDEF" for c in sample)
        and len(set(sample)) > 6
    ):
        return True
    upper, lower = any(map(str.isupper, sample)), any(map(str.islower, sample))
    if not (upper and lower) and len(sample) < 32:
        return False
    parts = re.split(r"[/_-]", sample)
    if max(map(len, parts)) < 12 and not (len(parts) < 4 and upper and lower):
        return False
    count = len(sample)
    entropy = -sum(n / count * math.log2(n / count) for n in Counter(sample).values())
    switches = sum(a.isdigit() != b.isdigit() or a.isupper() != b.isupper() for a, b in itertools.pairwise(sample))
    return entropy > 3.4 and switches / count > 0.25


def passwords(text: str) -> Iterator[Span]:
    """What follows a word for a secret, where it looks like one or a colon says so."""
    for match in _TOLD.finditer(text):
        value = match["value"].rstrip(".,;:)'’]}>")
        told = any(sign in match["how"] for sign in ":=>")
        if len(value) >= 3 and value.lower() not in _NOT_SECRETS and (told or _strong(value)):
            yield Span(match.start("value"), match.start("value") + len(value), "key")
    for match in _PAIR.finditer(text):
        if _strong(match["value"]):
            yield Span(match.start("user"), match.end("user"), "upn")
            yield Span(match.start("value"), match.end("value"), "key")
    if "=" in text:
        for match in _LABELLED.finditer(text):
            yield Span(match.start("value"), match.end("value"), "key")
    if "-p" in text or "/p" in text or "-P" in text:
        for match in _SWITCH.finditer(text):
            if (
                any(map(str.isalpha, match["value"]))
                and any(c.isdigit() or c in "!@#$%^&*" for c in match["value"])
                and _strong(match["value"])
            ):
                yield Span(match.start("value"), match.end("value"), "key")


def _strong(value: str) -> bool:
    """Not a plain word: a digit or a sign inside it beside letters, or capitals after the first letter."""
    if value[0] in "<[(" or "://" in value:
        return False
    letters, digits = any(map(str.isalpha, value)), any(map(str.isdigit, value))
    signs = any(not c.isalnum() and c not in "-'’/." for c in value[:-1])
    if value.count("-") > 1 and len(value) >= 12:
        return True
    return (
        (digits and (letters or len(value) >= 4))
        or (letters and signs)
        or (value[1:] != value[1:].lower() and not value.isupper())
    )


def ids(text: str) -> Iterator[Span]:
    """GUIDs, and numbers that a state, a bank or an employer gave."""
    if "-" in text:
        for match in _GUID.finditer(text):
            yield Span(match.start(), match.end(), "id")
    for match in _STATE.finditer(text):
        group = "value" if match["value"] else 0
        yield Span(match.start(group), match.end(group), "id")


def luhn(digits: str) -> bool:
    """Whether digits pass Luhn's check."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def money(text: str) -> Iterator[Span]:
    """Cards that pass Luhn's check and bank accounts that pass ISO 13616's."""
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        if 13 <= len(digits) <= 19 and luhn(digits) and len(set(digits)) > 1:
            yield Span(match.start(), match.end(), "card")
    for match in _IBAN.finditer(text):
        yield from _checked_iban(match)


def _checked_iban(match: re.Match[str]) -> Iterator[Span]:
    """The longest beginning whose check digits are right: a word in capitals may follow an account."""
    shown = match.group()
    while len(shown) >= 15:
        flat = shown.replace(" ", "")
        if int("".join(str(int(c, 36)) for c in flat[4:] + flat[:4])) % 97 == 1:
            yield Span(match.start(), match.start() + len(shown), "iban")
            return
        cut = shown.rstrip().rfind(" ")
        if cut < 0:
            return
        shown = shown[:cut]


def serials(text: str, *, told: bool) -> Iterator[Span]:
    """Serial numbers: after a word for them (`told`: whether the text may hold one), or in a vendor's shape."""
    if told:
        for match in _SERIAL_WORD.finditer(text):
            yield Span(match.start("value"), match.end("value"), "serial")
    for match in _SERIAL.finditer(text):
        yield Span(match.start(), match.end(), "serial")
