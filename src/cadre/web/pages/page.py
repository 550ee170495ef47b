"""What a page is: a question it answers, its place in the navigation, and its routes."""

from dataclasses import dataclass

from fastapi import APIRouter


@dataclass(frozen=True, slots=True)
class Page:
    """A page.

    Attributes:
        name: Name of its file.
        question: The one question it answers.
        router: Its routes.
        label: Its word in the navigation; empty for a page reached from another.
        path: Where the navigation goes.
        is_open: Whether it answers without sign-in; closed unless it says so.
    """

    name: str
    question: str
    router: APIRouter
    label: str = ""
    path: str = ""
    is_open: bool = False
