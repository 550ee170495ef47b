"""Words of the trade that a client need not know, and whether a text explains the ones it uses."""

import re

JARGON = frozenset([
    "acl", "adfs", "entra", "intune", "autopilot", "bgp", "bios", "bitlocker", "byod", "cname", "cpu", "cve",
    "daas", "dhcp", "dkim", "dlp", "dmarc", "dmz", "dns", "dnssec", "edr", "esxi", "failover", "failback", "fqdn",
    "gpo", "gpupdate", "hba", "hyperv", "hypervisor", "iam", "imap", "iops", "ips", "ipsec", "iscsi", "itsm",
    "kerberos", "lacp", "lan", "latency", "ldap", "lun", "mdm", "mdr", "mfa", "mpls", "mssp", "mtu", "mx", "nac",
    "nas", "nat", "netbios", "nps", "ntfs", "ntp", "oauth", "oidc", "oob", "ospf", "ou", "patching", "poe",
    "powershell", "pop3", "ps1", "psa", "pxe", "qos", "radius", "raid", "rbac", "rdp", "rds", "replication", "rmm",
    "rpo", "rto", "saml", "sandbox", "scim", "sdwan", "siem", "smb", "smtp", "snapshot", "snmp", "spf", "sql",
    "ssh", "ssid", "ssl", "sso", "stp", "subnet", "switchport", "syslog", "tcp", "tenant", "tls", "totp", "tpm",
    "trunk", "ttl", "udp", "uefi", "upn", "vdi", "vhd", "vhdx", "vlan", "vm", "vmdk", "vmware", "vnet", "voip",
    "vpc", "vpn", "vss", "waf", "wan", "webhook", "wmi", "wsus", "xdr", "xml", "yaml", "zerotrust", "firmware",
    "throughput", "hotfix", "rollback", "whitelist", "blacklist", "endpoint", "checksum", "daemon", "cronjob",
    "kernel", "repository", "regex", "stacktrace", "payload",
])  # fmt: skip
"""Single words, lower case."""

_TERM = re.compile(r"[A-Za-z][A-Za-z0-9]{1,14}(?:-[A-Za-z]{2,12})?")
_EXPLAINS = re.compile(
    r"s?(?: [a-z]{2,15}){0,2}\s{0,2}(?:\(|,?\s?(?:which|that) (?:is|are|means|lets|keeps)\b|,?\s?meaning\b|,?\s?(?:i\.e\.|ie\b|aka\b|or rather\b)|"
    r"\s?[:=\u2013\u2014-]\s?(?:the|a|an|your|our)\b|,\s(?:the|a|an|your|our)\b|\smeans\b|\sis\s(?:the|a|an|your|our|how|what|where)\b)"
)


def unexplained(text: str) -> tuple[list[str], int]:
    """Terms of the trade that a text leaves unexplained, each once as first written, and how many it uses in all.

    A term is explained by a parenthesis or "which is", "means" or the like behind its first use, or by standing in the
    parenthesis itself, behind its own plain words.
    """
    open_, seen = list[str](), set[str]()
    for match in _TERM.finditer(text):
        term = match[0]
        low = term.lower()
        if low not in JARGON:
            low = low.removesuffix("s")
            if low not in JARGON:
                continue
        if low in seen:
            continue
        seen.add(low)
        inside = match.start() > 0 and text[max(match.start() - 2, 0) : match.start()].rstrip()[-1:] == "("
        if not inside and not _EXPLAINS.match(text, match.end()):
            open_.append(term)
    return open_, len(seen)
