"""Who is asking, request by request: pages take their principal from here and nowhere else."""

from fastapi import Request

from cadre.access.principal import Principal
from cadre.web.view import runtime_of


def principal_of(request: Request) -> Principal:
    """On whose behalf a request is answered."""
    return runtime_of(request).principal
