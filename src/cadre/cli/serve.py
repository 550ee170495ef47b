"""`cadre serve`: the pages, on this machine alone."""

from typing import Annotated

import typer

from cadre.cli.option import Workspace

app = typer.Typer()
_SWITCH_SECONDS = 0.001
_YOUNG = 20_000
"""Objects made before unused ones are looked for: what waits for the disk is no waste, and is some hundreds a decision."""
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@app.command()
def serve(
    workspace: Workspace = None,
    host: Annotated[str, typer.Option(help="Loopback address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8765,
) -> None:
    """Serve the pages of a workspace on this machine."""
    from cadre.runtime import open_runtime

    require_loopback(host)
    serve_pages(open_runtime(workspace), host, port)


def require_loopback(host: str) -> None:
    """Refuse any address that another machine could reach."""
    from cadre.errors import UsageError

    if host not in LOOPBACK:
        raise UsageError(
            f"{host} can be reached from other machines, and these pages are served on this one alone",
            hint="Use 127.0.0.1, and an SSH tunnel to look at it from elsewhere.",
        )


def serve_pages(runtime: object, host: str, port: int) -> None:
    """Serve until stopped; says where first."""
    import gc
    import sys

    import uvicorn

    from cadre.documents.seat import seat_pdf
    from cadre.documents.statement import statement_pdf
    from cadre.runtime import Runtime
    from cadre.web import create_app
    from cadre.web.quick import quick
    from cadre.web.ready import Readier

    assert isinstance(runtime, Runtime)
    # Policies and the disk are asked in C, which lets go of the interpreter; taking it back waits for this long at most.
    sys.setswitchinterval(_SWITCH_SECONDS)
    runtime.keeper.begin()  # opens the database, too, before the first page asks, which takes half a second
    runtime.watcher.begin()
    runtime.write_apart()
    shown = f"[{host}]" if ":" in host else host
    typer.echo(f"Cadre is at http://{shown}:{port}/ (Ctrl-C stops it)")
    # Whoever connects is who they are: a header that names another address would be a way around the wait for guesses.
    pages = create_app(runtime, papers={"seat": seat_pdf, "client": statement_pdf})
    gc.set_threshold(_YOUNG)
    gc.collect()
    gc.freeze()  # what was loaded stays; walking through it anew now and then would let everybody wait
    readier = Readier(runtime)
    readier.begin()
    try:
        uvicorn.run(pages, host=host, port=port, log_level="warning", server_header=False, proxy_headers=False,
                    http=quick(runtime, pages.state.waiting))  # fmt: skip
    finally:
        readier.end()
        gc.unfreeze()  # else DuckDB complains at the end of what nobody let go
