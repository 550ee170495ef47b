"""What a page is: a question it answers, its place in the navigation, and its routes."""

from dataclasses import dataclass

from fastapi import APIRouter

SECTIONS = ("This week", "People", "Agents", "Record")
"""Parts of the navigation, in order: what needs me, who works here, what acts here, what all of it rests on."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page.

    Attributes:
        name: Name of its file.
        question: The one question it answers.
        router: Its routes.
        section: One of `SECTIONS`, for a page in the navigation.
        label: Its word in the navigation; empty for a page reached from another.
        path: Where the navigation goes.
        is_open: Whether it answers without sign-in; closed unless it says so.
    """

    name: str
    question: str
    router: APIRouter
    section: str = ""
    label: str = ""
    path: str = ""
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the navigation.

    Attributes:
        label: Its word.
        pages: Path and word of each of its pages, in order; the first is where its own word leads.
    """

    label: str
    pages: tuple[tuple[str, str], ...]

    def holds(self, path: str) -> bool:
        """Whether a path belongs to one of its pages."""
        return any(path == to or (to != "/" and path.startswith(f"{to}/")) for to, _ in self.pages)
