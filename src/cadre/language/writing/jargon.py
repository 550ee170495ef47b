"""Terms of the managed-service trade that a client need not know, and whether a text explains those it uses.

Keeps true: a term counts once however often it stands, and one explanation anywhere in the text is enough; abbreviations
that are also everyday words count only in capitals.
"""

import re

from cadre.language.writing.readable import wordset

_SINGLE = wordset(
    "acl adfs aad entra intune autopilot bgp bios bitlocker cname cidr cutover daas dhcp dkim dlp dmarc dmz dns dnssec edr "
    "egress endpoint esxi failback failover firmware fqdn gpo gpupdate hba hyperv hypervisor iaas idrac ilo imap ingress "
    "iops ipam ipsec iscsi itil itsm kerberos lacp ldap lun mdm mdr mfa mpls mssp mtu mx nac netbios nic ntfs ntp oauth "
    "oidc ospf ou paas patching poe powershell psa pxe qos radius raid rbac rdp rds rmm rollback rpo rto s3 saml scim sdwan "
    "siem smb smtp snmp spf sql ssh ssid ssl sso subnet syslog tcp tenant tls totp tpm ttl udp uefi upn vdi vhdx vlan vm "
    "vmdk vnet voip vpc vpn vss waf wan webhook wmi wpa2 wsus xdr"
)
_IN_CAPITALS = frozenset(
    [
        "CA",
        "IDS",
        "IPS",
        "LAN",
        "MAC",
        "NAS",
        "NAT",
        "RAM",
        "SAN",
        "SIP",
        "SLA",
        "SOC",
        "TAP",
        "AD",
        "DR",
        "BCDR",
    ]
)
_PAIRS = frozenset(
    [
        "conditional access", "group policy", "active directory", "packet loss", "registry key", "service principal",
        "access point", "port forwarding", "root cause", "attack surface", "domain controller", "load balancer",
        "print spooler", "incremental backup", "patch cycle", "shadow copy", "split tunnel", "zero trust",
    ]
)  # fmt: skip
"""Two words that mean something together."""
_FIRST = frozenset(pair.split()[0] for pair in _PAIRS)

TERMS = _SINGLE | _IN_CAPITALS | _PAIRS
"""All terms: in lower case, but in capitals those that count only so."""

_TOKEN = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_EXPLAINS = re.compile(
    r"['\"*]?(?: {0,2}\((?!see |ticket|again|down|ref)[^()]{0,200}[a-z]{3}|"
    r",? (?:which|that) (?:is (?:the|a|an|your|our|how|what|where)|are (?:the|your|our)|means?|lets?|keeps?|stands? for)\b|"
    r",? (?:meaning|means|stands for|in other words|or rather)\b|,? (?:i\.e\.|ie\b|aka\b)| {0,2}= {0,2}[a-z]|"
    r" (?:is|are) (?:the|a|an|your|our|how|what|where) (?!problem|issue|cause|mess|pain|reason|same|only|next|first|last))",
    re.IGNORECASE,
)
"""What stands behind a term that is explained; "the VPN is the problem" and "(see ticket 12)" explain nothing."""
_IN_BRACKETS = re.compile(r"[a-z] \($")


def terms(text: str) -> dict[str, bool]:
    """The terms of the trade in a text and whether it explains each.

    A term is explained by a parenthesis, "which is", "means", "i.e." or the like behind it, or by standing itself in the
    parenthesis behind its plain words: "the sign-in code (MFA)".

    Args:
        text: Prose as written; capitals matter.

    Returns:
        Each term as it stands in `TERMS`, in the order of their first use; True where explained.
    """
    found: dict[str, bool] = {}
    before, low_before = -1, ""
    for match in _TOKEN.finditer(text):
        word = match[0]
        low = word.lower()
        term = _term(word, low)
        if low_before in _FIRST and match.start() - before == 1:
            pair = f"{low_before} {low}"
            # "group policies" and "access points" are the same terms.
            pair = next((each for each in (pair, pair[:-1], f"{pair[:-3]}y") if each in _PAIRS), "")
            term = pair or term
        if term:
            inside = text[match.end() : match.end() + 1] == ")" and _IN_BRACKETS.search(
                text[max(match.start() - 3, 0) : match.start()]
            )
            found[term] = found.get(term, False) or bool(inside) or _EXPLAINS.match(text, match.end()) is not None
        before, low_before = match.end(), low
    return found


def _term(word: str, low: str) -> str:
    for each in (low, low[:-1] if low.endswith("s") else ""):
        if each in _SINGLE:
            return each
    for each in (word, word[:-1] if word.endswith("s") else ""):
        if each in _IN_CAPITALS:
            return each
    return ""
