"""Machines and addresses of networks: hosts, IP and hardware addresses, addresses of the web and of shares.

Keeps true: what names nobody is left alone: loopback, public resolvers, masks, versions, file names, and the pages that
vendors show everybody. References: RFC 1123 (host names), RFC 6761 and 6762 (special domains), RFC 4291 (version 6).
"""

import ipaddress
import re
from collections.abc import Iterator

from cadre.language.private.span import Span

_INNER = "local|lan|internal|intern|intranet|intra|corp|localdomain|home|private|priv|ad|domain|office|dmz|site"
_OUTER = (
    "com|net|org|edu|gov|mil|int|info|biz|io|co|app|dev|cloud|tech|online|site|store|shop|agency|health|clinic|dental|care|"
    "law|legal|group|global|solutions|services|support|systems|network|digital|email|consulting|finance|bank|insurance|"
    "school|academy|church|club|team|works|company|partners|capital|media|design|studio|build|construction|energy|farm|"
    "travel|restaurant|hotel|vet|xyz|pro|me|tv|eu|us|uk|ie|fr|de|at|ch|li|be|nl|lu|dk|no|se|fi|is|es|pt|it|gr|pl|cz|sk|hu|"
    "ro|bg|hr|si|ee|lv|lt|ua|by|ru|tr|il|ae|sa|qa|in|pk|lk|bd|cn|hk|tw|jp|kr|sg|my|th|vn|ph|id|au|nz|za|ke|ng|gh|eg|ma|ca|"
    "mx|br|ar|cl|pe|uy|ve|nu|cat|scot|wales|london|berlin|nyc"
)
_DOMAIN = re.compile(
    rf"(?<![\w@.-])(?:(?!-)[\w-]{{1,63}}\.){{1,8}}(?:(?P<inner>{_INNER})|{_OUTER}|{_OUTER.upper()})(?![\w@-])(?!\.\w)(?!\()"
)
_TAIL = re.compile(r"(?:/[\w.~%/-]{0,200})?")
VENDORS = frozenset(
    """microsoft.com office.com office365.com live.com outlook.com windows.com windowsupdate.com azure.com windows.net
    microsoftonline.com google.com googleapis.com gmail.com youtube.com apple.com icloud.com amazon.com amazonaws.com
    github.com githubusercontent.com gitlab.com stackoverflow.com serverfault.com superuser.com reddit.com wikipedia.org
    fortinet.com cisco.com meraki.com sophos.com sonicwall.com paloaltonetworks.com watchguard.com ubnt.com ui.com
    dell.com hp.com hpe.com lenovo.com intel.com amd.com nvidia.com vmware.com broadcom.com veeam.com datto.com
    acronis.com synology.com qnap.com connectwise.com autotask.net kaseya.com n-able.com ninjarmm.com ninjaone.com
    itglue.com halopsa.com atera.com slack.com zoom.us teamviewer.com anydesk.com adobe.com dropbox.com docusign.com
    atlassian.com atlassian.net servicenow.com salesforce.com okta.com duo.com cloudflare.com godaddy.com letsencrypt.org
    mozilla.org python.org pypi.org npmjs.com docker.com kubernetes.io ubuntu.com debian.org redhat.com oracle.com
    twitter.com x.com facebook.com linkedin.com instagram.com virustotal.com example.com example.org example.net w3.org
    iana.org ietf.org speedtest.net downdetector.com haveibeenpwned.com mxtoolbox.com""".split()  # noqa: SIM905
)
_NOT_HOSTS = re.compile(r"(?i)^(?:(?:asp|vb|ado|ml|system|microsoft|paint|csc)\.net|[eia]\.[ge]\w?|node\.js|ph\.d|a\.m|p\.m|u\.[sk]|booking\.com|makefile\.pl|rc\.local|.*\.\.)$")  # fmt: skip

_ROLES = (
    "DC|ADDC|FS|FILE|SQL|APP|APPS|RDS|RDSH|RDP|TS|TERM|EXCH|EX|MAIL|MX|PRINT|PRN|PRT|HV|HYPERV|ESX|ESXI|VM|VMH|HOST|VEEAM|BDR|BKP|"
    "BACKUP|NAS|SAN|STOR|FW|SW|CORE|AP|WAP|RTR|GW|VPN|WEB|WWW|IIS|DB|SRV|SVR|SERVER|SVC|WS|WKS|PC|LT|LAP|LAPTOP|NB|DT|DSK|DESKTOP|TAB|"
    "UPS|CAM|NVR|PBX|POS|KIOSK|ADFS|AAD|DHCP|DNS|WSUS|SCCM|CTX|VDI|AVD|CA|PKI|NPS|RAD|MGMT|JUMP|BASTION|PROXY|LB|NODE|K8S|DOCKER|"
    "DEV|TEST|STG|PROD|UAT|SP|CRM|ERP|SAGE|PHONE|MAC|MBP|IPAD|SURFACE|TC|THIN|LIC|MON|LOG|ELK|GIT|CI|JENKINS|UNIFI|UTM|FGT|PRINTER|PBI"
)
_HYPHENED = re.compile(r"(?<![\w.@/\\-])(?=[A-Za-z0-9]{1,15}-)[A-Za-z0-9]{1,15}(?:[-_][A-Za-z0-9]{1,15}){1,4}(?:\$(?!\w))?(?![\w@-])(?!\.\w)")  # fmt: skip
_JOINED = re.compile(rf"(?<![\w.@/\\-])(?:[A-Za-z]{{2,12}}(?:{_ROLES})[0-9]{{2,3}}|(?:{_ROLES})0[0-9]|[A-Z]{{0,10}}(?:DC|SRV|SERVER|HOST|FS|SQL|HV|NAS|WS|PC)[0-9]{{1,4}})(?![\w@-])(?!\.\w)")  # fmt: skip
_ROLE = re.compile(rf"(?i:{_ROLES})[0-9]{{0,5}}[A-Za-z]?$")
_SERVER = re.compile(
    r"(?i)[-_](?:(?:file|print|mail|web|app|db|backup|sql|term|terminal|media|dev|test|ts)?-?(?:server|srv|svr)|nas|firewall|router|switch|dc|fileshare)$"
)
_PACKAGES = frozenset(
    [
        "ssh",
        "openssh",
        "mysql",
        "ftp",
        "web",
        "mail",
        "root",
        "dns",
        "dhcp",
        "file",
        "print",
        "x",
        "http",
        "nfs",
        "samba",
        "media",
        "app",
        "test",
        "proxy",
        "database",
        "backup",
        "wi",
        "non",
        "client",
        "on",
        "ubuntu",
    ]
)
_STRONG = frozenset(
    [
        "SRV",
        "SVR",
        "SERVER",
        "WS",
        "WKS",
        "PC",
        "LT",
        "LAP",
        "LAPTOP",
        "NB",
        "DESKTOP",
        "DT",
        "DSK",
        "VM",
        "HV",
        "ESX",
        "ESXI",
        "NAS",
        "RDS",
        "SQL",
        "DC",
        "FS",
        "FW",
        "SW",
    ]
)
_NOT_MACHINES = frozenset(
    """SHA AES RSA UTF ISO COVID RJ USB CVE KB MS CAT RS TLS SSL HTTP HTTPS X86 RTX GTX ML L2TP INC CHG REQ TKT TICKET RITM PRB
    TASK SR CASE JIRA PROJ PO INV WPA WPA2 WPA3 TCP UDP IPV4 IPV6 MD5 VLAN LTE DDR3 DDR4 DDR5 PCI SATA M2 NVME RAID EV E3 E5 MFA
    P1 P2 DP AD IEEE RFC ANSI BASE64 TYPE WIN WINDOWS OFFICE PHASE STEP LAN WAN Q1 Q2 Q3 Q4 GPT OAUTH OAUTH2 HMAC ED25519 I3 I5
    I7 I9 XEON CU A4 A3 COM LPT F1 U S3 EC2 B2B B2C SN ASSET TIER LEVEL PRE POST NON RE CO""".split()  # noqa: SIM905
)
_NAMED = re.compile(
    r"(?i)\b(?:host ?name|host|server|servers|computer ?name|computer|workstation|machine|device|node|vm|hv|pc|laptop|on|to|reboot(?:ed)?|ping)"
    r"(?: name)?\s{0,2}[:=]?\s{1,2}[\"'`]?(?P<name>(?-i:[A-Z]{2,12}[0-9]{1,4}|[a-z]{3,12}[0-9]{2,3}))(?![\w@.-])"
)
_V4 = re.compile(r"(?<![\w.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?::[0-9]{1,5}|/[0-9]{1,2})?(?![\w-])(?!\.[0-9])")
_V6 = re.compile(r"(?<![\w:.])(?=[0-9A-Fa-f:]{3})(?:[0-9A-Fa-f]{0,4}:){2,7}(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]{0,4})(?:%\w{1,15})?(?:/[0-9]{1,3})?(?![\w:])")  # fmt: skip
_VERSION = re.compile(
    r"(?i)(?:\bv|\bver\.?|versions?|build|firmware|release|driver|agent|client|fw|rev|update)[ :=]{0,3}$"
)
_RELEASED = re.compile(
    r"(?i) (?:is |was )?(?:released|installed|upgrade|update|build|patch|firmware|or (?:later|newer|above))"
)
_NOBODYS = frozenset({"0.0.0.0", "8.8.8.8", "8.8.4.4", "1.1.1.1", "1.0.0.1", "9.9.9.9"})  # noqa: S104
_MAC = re.compile(
    r"(?<![\w:-])(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}(?![\w:])|(?<![\w-])(?:[0-9A-Fa-f]{2}-){5}[0-9A-Fa-f]{2}(?![\w-])|"
    r"(?<![\w.])(?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4}(?![\w.])|(?<!\w)(?=[0-9A-F]{0,11}[A-F])(?=[A-F]{0,11}[0-9])[0-9A-F]{12}(?!\w)"
)
_URL = re.compile(r"(?i)\b[a-z][a-z0-9+]{1,11}://(?P<user>[^\s/@<>\"']{1,200}@)?(?P<host>\[[0-9a-f:.]{2,45}\]|[^\s/:?#<>\"'\]]{1,255})[^\s<>\"']{0,2000}+")  # fmt: skip
_SHARE = re.compile(r"\\\\(?![?.]\\)[\w.-]{1,63}(?:\\[\w.$ -]{0,63}[\w$-])*")
_SECRET = re.compile(
    r"(?i)[?&#;](?:[\w-]{0,20}(?:token|key|secret|sig|signature|password|pwd|auth|code|session|user|email)[\w-]{0,10})="
)


def urls(text: str) -> Iterator[Span]:
    """Addresses of the web with credentials, of a private or a client's host, or with a secret in the query."""
    if "://" in text:
        for match in _URL.finditer(text):
            end = match.start() + len(match.group().rstrip(".,;:!?)]}*_"))
            if match["user"] or not _known(match["host"]) or _SECRET.search(text, match.start(), end):
                yield Span(match.start(), end, "url")
    if "\\\\" in text:
        for match in _SHARE.finditer(text):
            yield Span(match.start(), _share_end(match), "url")


def _share_end(match: re.Match[str]) -> int:
    """Only the last part of a share may hold spaces if a file name follows; prose after it is not part of it."""
    shown = match.group()
    head, _, last = shown.rpartition("\\")
    if " " in last and not re.search(r"\.\w{2,5}$", last):
        return match.start() + len(head) + 1 + last.index(" ")
    return match.end()


def _known(host: str) -> bool:
    labels = host.lower().rstrip(".").split(".")
    base = ".".join(labels[-2:])
    if labels[0] in {"hooks", "webhook", "webhooks"} or base == "webhook.office.com":
        return False
    return base in VENDORS and not (
        base in {"windows.net", "azure.com", "amazonaws.com", "atlassian.net"} and len(labels) > 3
    )


def domains(text: str) -> Iterator[Span]:
    """Full names of machines and sites, in private domains always, in public ones unless a vendor's."""
    for match in _DOMAIN.finditer(text):
        name = match.group()
        if not (_NOT_HOSTS.match(name) or _known(name)) and any(map(str.isalpha, name.split(".", 1)[0])):
            yield Span(match.start(), match.end(), "host")


def machines(text: str) -> Iterator[Span]:
    """Short names of machines: parts joined by hyphens with a role or a number, roles with a number, or named as such."""
    if "-" in text:
        for match in _HYPHENED.finditer(text):
            if _is_machine(match.group().rstrip("$")):
                yield Span(match.start(), match.end(), "host")
    if _DIGIT(text):
        for match in _JOINED.finditer(text):
            yield Span(match.start(), match.end(), "host")
        for match in _NAMED.finditer(text):
            if not match["name"].upper().startswith(("KB", "WIN", "TLS", "WPA", "VLAN", "PHASE", "TIER", "STEP", "CU", "COM", "SR", "IPV", "LEVEL", "SHA", "SMB", "HTTP")):  # fmt: skip
                yield Span(match.start("name"), match.end("name"), "host")


_DIGIT = re.compile(r"[0-9]").search


def _is_machine(name: str) -> bool:
    parts = re.split(r"[-_]", name)
    if parts[0].upper() in _NOT_MACHINES or len(name) < 5:
        return False
    if all(part.isdigit() for part in parts[:2]) or name.isdigit():
        return False
    digits = any(map(str.isdigit, name))
    roles = [part for part in parts if _ROLE.match(part)]
    if name.isupper() or (digits and name.upper() == name):
        return (digits and (bool(roles) or parts[0].isalpha())) or parts[0] in _STRONG or parts[-1] in _STRONG
    if _SERVER.search(name):
        return parts[0].lower() not in _PACKAGES
    if digits and roles:
        return any(map(str.isdigit, parts[-1])) or any(map(str.isdigit, roles[0]))
    return False


def addresses(text: str) -> Iterator[Span]:
    """IP addresses with their port or mask, and hardware addresses."""
    if text.count(".") > 2:
        for match in _V4.finditer(text):
            base = re.split(r"[:/]", match.group())[0]
            if (
                base in _NOBODYS
                or base.startswith(("255.", "127."))
                or any(int(part) > 255 for part in base.split("."))
            ):
                continue
            if not (
                _VERSION.search(text, max(0, match.start() - 14), match.start()) or _RELEASED.match(text, match.end())
            ):
                yield Span(match.start(), match.end(), "ip")
    if text.count(":") > 1:
        yield from _sixes(text)
    for match in _MAC.finditer(text):
        yield Span(match.start(), match.end(), "mac")


def _sixes(text: str) -> Iterator[Span]:
    for match in _V6.finditer(text):
        base = re.split(r"[%/]", match.group())[0]
        if len(base) < 4 or not (any(map(str.isdigit, base)) or base.count(":") > 3):
            continue
        try:
            ipaddress.IPv6Address(base)
        except ValueError:
            continue
        yield Span(match.start(), match.end(), "ip")
