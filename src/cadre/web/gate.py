"""The record and the gate of one request: who asks comes from the session, what for from the address."""

from contextlib import AbstractContextManager
from typing import Any

from fastapi import Request

from cadre.reports.release import DEVELOPMENT, Gate
from cadre.web.session import principal_of
from cadre.web.view import runtime_of


def looking(request: Request, *, purpose: str = "") -> AbstractContextManager[tuple[Gate, Any]]:
    """The gate and the record; what was opened is written down before the page is made.

    Args:
        request: Its `purpose` says what is asked for; helping the person grow unless it does.
        purpose: The purpose of a page that has its own.
    """
    asked = purpose or request.query_params.get("purpose", DEVELOPMENT)
    return runtime_of(request).looking(principal_of(request), asked)
