"""This week as a calendar file (RFC 5545): one block of time on Monday morning, and a task for each item."""

from datetime import datetime, timedelta

from cadre.reports.week.week import WeekReport

_LINE_OCTETS = 73


def week_ics(report: WeekReport, *, now: datetime) -> str:
    """The items of the week as iCalendar text.

    Args:
        report: The week.
        now: The current instant, which stamps the entries.
    """
    stamp = f"{now:%Y%m%dT%H%M%SZ}"
    monday = now.date() + timedelta(days=-now.weekday() % 7)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Cadre//This week//EN", "CALSCALE:GREGORIAN"]
    for item in report.items:
        lines += [
            "BEGIN:VTODO",
            f"UID:{item.key.replace(':', '-')}@cadre",
            f"DTSTAMP:{stamp}",
            f"DUE;VALUE=DATE:{monday + timedelta(days=4):%Y%m%d}",
            f"SUMMARY:{_escaped(item.action)} ({item.minutes} min)",
            f"DESCRIPTION:{_escaped(_described(report, item.happened, item.matters))}",
            "END:VTODO",
        ]
    if report.items:
        lines += [
            "BEGIN:VEVENT",
            f"UID:week-{monday:%Y-%m-%d}@cadre",
            f"DTSTAMP:{stamp}",
            f"DTSTART:{monday:%Y%m%d}T090000",
            f"DURATION:PT{report.minutes}M",
            f"SUMMARY:{_escaped(f'Cadre: {len(report.items)} matters, {report.minutes} minutes')}",
            f"DESCRIPTION:{_escaped(_described(report, *(i.happened for i in report.items)))}",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "\r\n".join(part for line in lines for part in _folded(line)) + "\r\n"


def _described(report: WeekReport, *sentences: str) -> str:
    return "\n".join([*([report.purpose] if report.purpose else []), *sentences])


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> list[str]:
    """Lines of at most 75 octets, the later ones begun with a space, never cut inside a character."""
    parts, current = [], ""
    for character in line:
        if len((current + character).encode()) > _LINE_OCTETS:
            parts.append(current)
            current = " "
        current += character
    return [*parts, current]
