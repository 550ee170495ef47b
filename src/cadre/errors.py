"""Errors a person can act on: what was received, what was expected, what to do next.

They carry ids, files and lines, never names, addresses or content. Exit codes and HTTP statuses are
decided here, once, so that the command line and the pages agree.
"""


class CadreError(Exception):
    """A failure with a message, an HTTP status and the next step.

    Args:
        message: What was received and what was expected.
        hint: What to do next; empty where nothing can be done.
    """

    status: int = 500
    exit_code: int = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(CadreError):
    """The words of the request are off; the same call cannot succeed."""

    status = 400
    exit_code = 2


class NotFoundError(CadreError):
    """The thing named does not exist in this workspace."""

    status = 404
    exit_code = 2


class UnreadableFileError(CadreError):
    """A source file as a whole cannot be read: truncated, oversized, wrong format."""

    status = 422


class BusyError(CadreError):
    """Another process is writing to this workspace."""

    status = 409


class NotWrittenError(CadreError):
    """What should be recorded could not be brought to disk, so it does not hold; whoever asked is refused."""

    status = 503


class ClockError(CadreError):
    """The clock of this machine cannot be trusted, so what depends on it is refused."""

    status = 503


class UnauthenticatedError(CadreError):
    """Nobody is signed in, or what was shown as proof does not hold."""

    status = 401
    exit_code = 2


class ForbiddenError(CadreError):
    """Who asks may not do this; the message says who may."""

    status = 403
    exit_code = 2


class TooManyTriesError(CadreError):
    """Signing in failed too often; the next try has to wait.

    Args:
        message: What was tried too often.
        hint: What to do next.
        wait_seconds: Whole seconds until the next try is looked at.
    """

    status = 429

    def __init__(self, message: str, *, hint: str = "", wait_seconds: int = 0) -> None:
        super().__init__(message, hint=hint)
        self.wait_seconds = wait_seconds
