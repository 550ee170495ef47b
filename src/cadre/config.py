"""Settings: the only reader of the environment and of a workspace's `cadre.toml`.

A workspace is a folder with a `cadre.toml`. Commands use the one named by `--workspace`, else by `CADRE_WORKSPACE`,
else the one in or above the current folder. What is settled about a source is written back here, with its comments kept.
"""

import os
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

import tomlkit
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from cadre.errors import NotFoundError, UsageError
from cadre.records import Firm

FILE = "cadre.toml"
WINDOW_DAYS = 182
"""Half a year: long enough for evidence, short enough to be about now."""

TEMPLATE = """\
# A Cadre workspace: the work record of one firm. Every setting has a default; remove what you do not need.

[firm]
name = "{name}"
# The zone of the firm's working day, and of times that a source writes without one.
zone = "{zone}"
# "study": public or invented data, or a first look; every page carries that word.
# "firm": about your own people. Numbers about a person open step by step once they were told (team figures are open).
purpose = "{purpose}"
# Working week of people without a schedule: 0 is Monday.
workdays = [0, 1, 2, 3, 4]
start_hour = 8.0
end_hour = 18.0
# Public holidays on which the firm is closed, by ISO code of the country or a part of it, and further days off.
# holidays = "DE-BY"
# days_off = [2026-12-24]
# Days an estimate looks back. Unless this is set, 182 days; in a study, the whole record.
# window_days = 182
is_invented = {invented}
# Days after which words that were read are dropped for good; what was read from them stays. Unless set, they are kept.
# keep_text_days = 90

# The audit log while Cadre serves: minutes between signed checkpoints (0: at start and stop alone), and the name of a
# new log, best under a domain of yours; it keeps its name for good.
# [audit]
# checkpoint_minutes = 60
# origin = "example.com/cadre"

# Who is told that an agent waits for an answer (docs/how-to/tell-approvers.md), and where the link in it leads.
# [pages]
# address = "https://cadre.example.com"
# [[notify]]
# name = "on call"
# kind = "slack"
# url_from = "ON_CALL_WEBHOOK"
"""


class FirmSettings(BaseModel):
    """The `[firm]` table."""

    model_config = ConfigDict(extra="forbid")

    name: str = "This firm"
    zone: str = "UTC"
    purpose: Literal["study", "firm"] = "study"
    workdays: list[int] = Field(default=[0, 1, 2, 3, 4])
    start_hour: float = Field(default=8.0, ge=0, lt=24)
    end_hour: float = Field(default=18.0, gt=0, le=24)
    holidays: str = ""
    days_off: list[date] = Field(default=[])
    window_days: int | None = Field(default=None, ge=14, le=36_600)
    is_invented: bool = False
    keep_text_days: int | None = Field(default=None, ge=0, le=36_600)

    def firm(self) -> Firm:
        """The same as the computation takes it."""
        days = self.window_days or (0 if self.purpose == "study" else WINDOW_DAYS)
        return Firm(
            **{
                **self.model_dump(),
                "workdays": tuple(self.workdays),
                "window_days": days,
                "days_off": tuple(day.isoformat() for day in self.days_off),
            }
        )


class SourceSettings(BaseModel):
    """A `[sources.<name>]` table; keys beyond these two go to the connector."""

    model_config = ConfigDict(extra="allow")

    zone: str | None = None
    day_first: bool | None = None


class AuditSettings(BaseModel):
    """The `[audit]` table."""

    model_config = ConfigDict(extra="forbid")

    checkpoint_minutes: float = Field(default=60, ge=0, le=10_080)
    origin: str | None = None


class PagesSettings(BaseModel):
    """The `[pages]` table."""

    model_config = ConfigDict(extra="forbid")

    address: str = Field(default="", pattern=r"^(https?://[^\s/]+(/[^\s]*)?)?$")


class NotifySettings(BaseModel):
    """A `[[notify]]` table: one place where approvers are told."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(pattern=r"^[\w. -]{1,60}$")
    kind: Literal["slack", "teams", "json"]
    url: SecretStr | None = None
    url_from: str | None = None
    about: list[Literal["asked", "expiring", "glass", "stopped"]] = ["asked", "expiring", "glass", "stopped"]
    clients: list[str] = []
    secret_from: str | None = None

    def found_url(self) -> str:
        """The address, from the file or the environment.

        Raises:
            UsageError: Neither or both name it, or the variable is not set.
        """
        if (self.url is None) == (self.url_from is None):
            raise UsageError(f"[[notify]] {self.name!r} takes one of url and url_from",
                             hint="Name the environment variable that holds the address, or write it down.")  # fmt: skip
        return self.url.get_secret_value() if self.url else passed_on([self.url_from or ""])[self.url_from or ""]

    def found_secret(self) -> str:
        """What signs posts of kind `json`; empty where nothing does.

        Raises:
            UsageError: The variable is not set, or the kind is not signed.
        """
        if self.secret_from and self.kind != "json":
            raise UsageError(
                f"[[notify]] {self.name!r} is {self.kind}, which is not signed", hint="Remove secret_from."
            )
        return passed_on([self.secret_from])[self.secret_from] if self.secret_from else ""


class Settings(BaseModel):
    """A workspace's `cadre.toml`."""

    model_config = ConfigDict(extra="forbid")

    firm: FirmSettings = FirmSettings()
    audit: AuditSettings = AuditSettings()
    pages: PagesSettings = PagesSettings()
    notify: list[NotifySettings] = []
    sources: dict[str, SourceSettings] = Field(default_factory=dict)

    @field_validator("notify")
    @classmethod
    def _are_told_apart(cls, told: list[NotifySettings]) -> list[NotifySettings]:
        if len({one.name for one in told}) < len(told):
            raise ValueError("each needs a name of its own")
        return told


class Environment(BaseSettings):
    """What the environment may say, each as `CADRE_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix="CADRE_")

    workspace: Path | None = None
    database: str | None = None
    token: SecretStr | None = None
    audit_key: SecretStr | None = None
    agent_secret: SecretStr | None = None


def passed_on(names: Sequence[str]) -> dict[str, str]:
    """Variables of the environment by name, for a program that is started with them.

    Raises:
        UsageError: One is not set.
    """
    if missing := [name for name in names if name not in os.environ]:
        raise UsageError(f"{', '.join(missing)} is not set", hint="Set it where this command is started.")
    return {name: os.environ[name] for name in names}


def find_workspace(named: Path | None) -> Path | None:
    """The workspace to use: the one named, else the environment's, else in or above the current folder."""
    named = named or Environment().workspace
    if named:
        return named.expanduser().resolve()
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / FILE).is_file()), None)


def load_settings(root: Path) -> Settings:
    """A workspace's settings.

    Raises:
        NotFoundError: The folder is no workspace.
        UsageError: `cadre.toml` cannot be read or holds an unknown or impossible setting.
    """
    path = root / FILE
    if not path.is_file():
        raise NotFoundError(f"{root.name or root} is no Cadre workspace: it has no {FILE}",
                            hint="Make one with `cadre demo` or `cadre ingest SOURCE PATH --workspace DIR`.")  # fmt: skip
    try:
        return Settings.model_validate(tomlkit.parse(path.read_text("utf-8")).unwrap())
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"{FILE}: {where}: {first['msg']}", hint="Mend that line and repeat the command.") from error
    except (tomlkit.exceptions.ParseError, UnicodeDecodeError) as error:
        raise UsageError(f"{FILE} is not TOML: {error}", hint="Mend that line and repeat the command.") from error


def create_workspace(
    root: Path, *, name: str = "", purpose: str = "study", invented: bool = False, zone: str = ""
) -> None:
    """Make a folder a workspace; an existing `cadre.toml` is left alone."""
    root.mkdir(parents=True, exist_ok=True)
    path = root / FILE
    if path.exists():
        return
    shown = (name or root.resolve().name or "This firm").replace('"', "'")
    path.write_text(
        TEMPLATE.format(name=shown, zone=zone or local_zone(), purpose=purpose, invented=str(invented).lower()), "utf-8"
    )


def local_zone() -> str:
    """The machine's IANA zone; UTC where it cannot be told."""
    if os.environ.get("TZ"):
        return os.environ["TZ"].lstrip(":")
    link = Path("/etc/localtime")
    if link.is_symlink() and "zoneinfo/" in str(link.readlink()):
        zone = str(link.readlink()).rsplit("zoneinfo/", 1)[1]
        return "UTC" if zone in {"Etc/UTC", "UCT", "Etc/UCT", "Universal"} else zone
    return "UTC"


def keep_source_settings(root: Path, source: str, told: Mapping[str, Any]) -> None:
    """Write what was settled about a source into `cadre.toml`, leaving everything else as it stands."""
    if not told:
        return
    path = root / FILE
    document = tomlkit.parse(path.read_text("utf-8"))
    sources = document.setdefault("sources", tomlkit.table(is_super_table=True))
    table = sources.setdefault(source, tomlkit.table())
    for key, value in told.items():
        table[key] = value
    path.write_text(tomlkit.dumps(document), "utf-8")
