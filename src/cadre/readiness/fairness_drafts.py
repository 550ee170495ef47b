"""Two drafts for the deployer, as Markdown, from an `Audit`: the summary that New York asks for, and an impact assessment.

Keeps true: each says at its head that it is a draft and no legal advice, every fact that was not given is printed as
*unknown*, and no figure stands that the audit withholds. Who answers for a draft, and whether a law applies, a person decides.

References:
    6 RCNY 5-301 to 5-304 (what an audit computes and what is published); Regulation (EU) 2024/1689, Articles 26 and 27 and
    Annex III, point 4; Regulation (EU) 2016/679, Article 35(7).
"""

from collections.abc import Mapping, Sequence

from cadre.readiness.fairness.audit import Audit
from cadre.readiness.fairness.rates import GroupRate, Table
from cadre.readiness.fairness.sentences import OUTCOMES, groups, number

UNKNOWN = "*unknown*"
Facts = Mapping[str, str | None]

SUMMARY_FACTS: Mapping[str, str] = {
    "firm": "Employer",
    "tool": "Tool and version",
    "distributed_on": "Tool first used on (distribution date)",
    "audited_on": "Date of the most recent bias audit",
    "auditor": "Independent auditor",
    "data_source": "Source of the data, and why it was used",
    "data_from": "Data from",
    "data_until": "Data until",
}
"""What a summary needs beside the figures: key of a fact -> as printed."""

_ASSESSMENT: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("The use", {
        "firm": "Deployer", "tool": "System and version", "provider": "Provider",
        "purpose": "What it is used for, and in which process", "period": "Period and frequency of use",
        "legal_basis": "Lawful basis and necessity: why a lesser means would not do",
    }),
    ("The people", {
        "affected": "Who is affected, and how many", "groups_at_risk": "Groups that may be harmed in particular",
        "notice": "When and how people and their representatives were told before use (Article 26(7))",
        "consulted": "Who was consulted: works council, representatives, data protection officer",
    }),
    ("Risks of harm", {
        "risks": "Specific risks to the people affected", "input_data": "Why the input data fit the purpose (Article 26(4))",
    }),
    ("Oversight and measures", {
        "oversight": "Who oversees it, with what competence, training and authority (Article 26(2))",
        "measures": "What is done when a risk shows, who stops it", "complaints": "Where people contest and complain",
        "logs": "Where logs are kept, and how long; six months at least (Article 26(6))",
        "review_on": "When this is looked at again",
    }),
)  # fmt: skip
ASSESSMENT_FACTS: Mapping[str, str] = {key: label for _, part in _ASSESSMENT for key, label in part.items()}
"""What an impact assessment needs beside the figures."""

_SUMMARY_HEAD = (
    "> **Draft, no legal advice.** Made from a fairness audit that the firm ran itself. Local Law 144 asks for a bias audit by "
    "an *independent* auditor within a year before use, by sex, by race or ethnicity, and by both together, and for this "
    "summary to be public. A draft with facts unknown, or with other groups than these, does not meet it."
)
_ASSESSMENT_HEAD = (
    "> **Draft, no legal advice.** Systems for decisions on promotion, or that evaluate people at work, are high-risk under "
    "Annex III, point 4. Article 26 binds every deployer. The assessment of Article 27 binds public bodies and private ones "
    "that provide public services; others mostly owe the assessment of Article 35 of the GDPR, whose questions are in here. "
    "From when these duties apply has been moved before: check the date."
)


def bias_audit_summary(audit: Audit, facts: Facts) -> str:
    """Draft of the summary of results that an employer publishes under New York City's Local Law 144.

    Args:
        audit: What was found.
        facts: `SUMMARY_FACTS` -> what is known; anything missing or None is printed as unknown.
    """
    parts = ["# Summary of bias audit results (draft)", _SUMMARY_HEAD, _facts(SUMMARY_FACTS, facts)]
    parts.append(
        f"{audit.people} people were assessed, of whom {audit.estimated} have an estimate. "
        "Groups are as people declared them; none is inferred."
    )
    shown = [one for one in audit.tables if one.outcome != "estimated"]
    if not shown:
        parts.append("**No rates: nobody declared a group.**")
    parts += [_table(one) for one in shown]
    parts.append("## What these figures can and cannot show\n\n" + _bullets((*audit.sentences, *audit.abstentions)))
    return "\n\n".join(parts) + "\n"


def impact_assessment(audit: Audit, facts: Facts) -> str:
    """Draft of an impact assessment for a deployer under the EU AI Act and the GDPR.

    Args:
        audit: What was found.
        facts: `ASSESSMENT_FACTS` -> what is known; anything missing or None is printed as unknown.
    """
    parts = ["# Impact assessment (draft)", _ASSESSMENT_HEAD]
    for place, (title, asked) in enumerate(_ASSESSMENT, start=1):
        parts += [f"## {place}. {title}", _facts(asked, facts)]
        if title == "Risks of harm":
            parts.append("What the fairness audit of the firm's own record found:\n\n" + _bullets(audit.sentences))
            parts.append("What it could not tell:\n\n" + _bullets(audit.abstentions or ("Nothing was left out.",)))
    missing = sum(not facts.get(key) for key in ASSESSMENT_FACTS)
    parts.append(
        f"{missing} of {len(ASSESSMENT_FACTS)} questions are open." if missing else "Every question has an answer."
    )
    return "\n\n".join(parts) + "\n"


def _facts(asked: Mapping[str, str], facts: Facts) -> str:
    rows = [f"| {label} | {_cell(facts.get(key))} |" for key, label in asked.items()]
    return "\n".join(["| | |", "| --- | --- |", *rows])


def _cell(text: str | None) -> str:
    """A fact inside a table: on one line, its bars and marks without effect."""
    if not text or not text.strip():
        return UNKNOWN
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")


def _table(one: Table) -> str:
    told = [f"## {OUTCOMES[one.outcome].capitalize()}, by {_cell(one.attribute)}"]
    if one.reason:
        told.append(f"Not shown: {one.reason}.")
    else:
        told.append("\n".join([
            "| group | people | count | rate | 90% interval | impact ratio | 90% interval |".replace("90%", _level(one)),
            "| --- | --- | --- | --- | --- | --- | --- |", *(_row(rate) for rate in one.rates),
        ]))  # fmt: skip
    told.append(f"Unknown: {one.unknown} of {one.people} people are not in any group here.")
    if one.withheld_groups and not one.reason:
        told.append(
            f"Not shown: {groups(one.withheld_groups)}, {one.withheld_people} people in all, too few to be shown without "
            "being read off. The rules ask for the number and rate of excluded groups: an auditor who may see them can add them."
        )
    return "\n\n".join(told)


def _row(rate: GroupRate) -> str:
    if rate.ratio:
        ratio = f"{number(rate.ratio.value)} | {number(rate.ratio.low)} to {number(rate.ratio.high)}"
    else:
        ratio = f"none: {rate.reason} | " if rate.reason else f"{number(1.0)} (highest) | "
    share = f"{number(rate.rate.value)} | {number(rate.rate.low)} to {number(rate.rate.high)}"
    return f"| {_cell(rate.group)} | {rate.rate.n} | {rate.count} | {share} | {ratio} |"


def _level(one: Table) -> str:
    return f"{one.rates[0].rate.level:.0%}"


def _bullets(lines: Sequence[str]) -> str:
    return "\n".join(f"- {_cell(line)}" for line in lines)
