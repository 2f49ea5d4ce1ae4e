"""`obsgen preview`: dashboards with live data, before Grafana has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from obsgen.cli.arguments import mistakes_reported, spec_argument
from obsgen.cli.output import say
from obsgen.cli.paths import NamedPath
from obsgen.cli.server import Server, end_failed, exit_if_partial, plain_errors, refuse, server_options
from obsgen.cli.server_options import at_option
from obsgen.units import Duration

if TYPE_CHECKING:
    from obsgen.pipeline import Compiled
    from obsgen.preview.gallery import Gallery, Page
    from obsgen.spec.root import SpecFile

_FOLDER = NamedPath(file_okay=False, path_type=Path)


@click.command("preview")
@spec_argument
@server_options
@click.option("--demo", is_flag=True, help="Made-up values, as the packs' own tests feed them; asks no server.")
@click.option("--dashboard", "wanted", multiple=True, metavar="NAME", help="Only these, by uid or the end of it.")
@click.option("--choose", "chosen", multiple=True, metavar="NAME=VALUE", help="A variable's value, instead of all.")
@click.option("--over", metavar="DURATION", default="1h", show_default=True, help="How much time is shown.")
@at_option
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Of the local page; free by default.")
@click.option("--html", type=_FOLDER, metavar="FOLDER", help="Write pages instead of serving them.")
@click.option("--png", type=_FOLDER, metavar="FOLDER", help="Write pictures, with a browser that has no window.")
@click.option("--browser", type=NamedPath(dir_okay=False, path_type=Path), metavar="PROGRAM", help="For --png.")
def command(  # noqa: PLR0913 - one parameter per option
    *,
    spec: SpecFile,
    server: Server,
    demo: bool,
    wanted: tuple[str, ...],
    chosen: tuple[str, ...],
    over: str,
    at: float | None,
    port: int,
    html: Path | None,
    png: Path | None,
    browser: Path | None,
) -> None:
    """Draw the dashboards of SPEC with live data, as Grafana will.

    Serves them on this machine until ctrl-c, each asked anew for every look; --html and --png write them for
    a pull request. What a spec's rules record is there only once a Prometheus has loaded them: with --demo
    and --openmetrics it is computed first.

    \b
      obsgen preview prod.yaml --url http://localhost:9090
      obsgen preview prod.yaml --demo --png pictures --dashboard overview
      obsgen preview prod.yaml --url http://localhost:9090 --html pages --choose cluster=prod

    Exit status: 0 drawn; 2 the spec or a dashboard is wrong, or queries failed.
    """
    if server.given + demo != 1:
        msg = "give one of --url URL, --openmetrics FILE and --demo"
        raise click.UsageError(msg)
    if browser and not png:
        refuse("--browser", "it goes with --png")
    if (html or png) and port:
        refuse("--port", "nothing is served with --html and --png")
    with mistakes_reported():
        from obsgen.pipeline import compile_stack

        compiled = compile_stack(spec)
    seconds = _seconds(over)
    choices = dict(_choice(text) for text in chosen)
    with plain_errors(), _gallery(compiled, server, (wanted, choices, seconds, at)) as gallery:
        if server.dry_run:
            _plan(server, gallery)
        elif html or png:
            _write(gallery, html, png, browser)
            exit_if_partial(server, partial=gallery.prometheus.partial)
        else:
            _serve(gallery, port)


@contextmanager
def _gallery(
    compiled: Compiled, server: Server, asked: tuple[tuple[str, ...], dict[str, str], float, float | None]
) -> Iterator[Gallery]:
    from obsgen.preview.gallery import Gallery, bodies
    from obsgen.programs.scratch import scratch_folder
    from obsgen.spec.shipped import shipped

    wanted, choices, seconds, at = asked
    stack = compiled.stack
    found = bodies(compiled.bundle.views, shipped("dashboards"), wanted)
    if not found:
        known = ", ".join(view.uid for view in compiled.bundle.views)
        refuse("--dashboard", f"there is none of {', '.join(wanted)}; there are {known}")
    with (
        scratch_folder() as folder,
        server.opened(server.access(), _sample(compiled, server, folder / "samples.om", seconds)) as (
            prometheus,
            newest,
        ),
    ):
        interval = stack.environment.prometheus.scrape_interval.seconds
        yield Gallery(f"{stack.name}: dashboards", found, prometheus, seconds, interval, at or newest, choices)


def _sample(compiled: Compiled, server: Server, path: Path, seconds: float) -> Path | None:
    """A file with what is asked for and what the rules record of it; None where a server is asked."""
    if server.url is not None or server.dry_run:
        return server.openmetrics
    import time

    from obsgen.live.offline import copy_samples
    from obsgen.preview.recorded import add_alerts, add_recordings
    from obsgen.preview.samples import write_samples
    from obsgen.spec.shipped import shipped

    if server.openmetrics:
        copy_samples(server.openmetrics, path)
    else:
        write_samples(compiled.stack, compiled.bundle, shipped("dashboards"), path, int(time.time()) // 60 * 60)
    rules = [rule for rules in compiled.bundle.rule_sets for group in rules.groups for rule in group.recordings]
    # Alerts look back at what was recorded before the time that is shown.
    refused = add_recordings(path, rules, seconds=2 * seconds)
    refused += add_alerts(path, compiled.bundle.alerts, seconds=seconds)
    for reason in refused:
        say(f"left out, as it fails on these samples: {reason}", err=True)
    return path


def _plan(server: Server, gallery: Gallery) -> None:
    from obsgen.cli import dry_run
    from obsgen.emit.grafana.load import panels_of

    queries = sum(len(panel.get("targets", ())) for body in gallery.bodies.values() for panel in panels_of(body))
    say(dry_run.planned(server, None, queries) + "Nothing was asked.\n", nl=False)


def _write(gallery: Gallery, html: Path | None, png: Path | None, browser: Path | None) -> None:
    """The pages, their pictures, or both; then how much each of them shows."""
    from obsgen.cli.writing import write_files
    from obsgen.preview.gallery import script
    from obsgen.preview.page import SCRIPT
    from obsgen.preview.pictures import BrowserFailed, find_browser, picture
    from obsgen.programs.scratch import scratch_folder

    try:
        program = find_browser(browser) if png else ""
        with scratch_folder() as spare:
            folder = html or spare
            pages = {folder / f"{uid}.html": gallery.page(uid, {}, live=False) for uid in gallery.bodies}
            beside = {folder / SCRIPT: script(), folder / "index.html": gallery.index(live=False)}
            write_files({**beside, **{path: page.html for path, page in pages.items()}})
            if png:
                write_files({png / f"{page.uid}.png": picture(program, path) for path, page in pages.items()})
    except BrowserFailed as error:
        end_failed(str(error))
    for page in pages.values():
        say(f"{page.uid}: {page.showing} of {page.asking} panels show something")
    _end_if_refused(pages.values())


def _end_if_refused(pages: Iterable[Page]) -> None:
    refused = [f"{page.uid}: panel {error}" for page in pages for error in page.errors]
    if refused:
        end_failed("queries failed:\n  " + "\n  ".join(refused))


def _serve(gallery: Gallery, port: int) -> None:
    from obsgen.preview.serving import server_of

    try:
        server = server_of(gallery, port)
    except OSError as error:
        refuse("--port", f"port {port} cannot be used: {error.strerror}")
    with server:
        say(f"http://127.0.0.1:{server.server_port} shows {len(gallery.bodies)} dashboards; ctrl-c ends it")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            say("ended")


def _seconds(over: str) -> float:
    try:
        duration = Duration.parse(over)
    except ValueError as error:
        refuse("--over", str(error))
    if duration.seconds < 60:
        refuse("--over", f"'{over}' is too short: a minute is the least")
    return duration.seconds


def _choice(text: str) -> tuple[str, str]:
    name, found, value = text.partition("=")
    if not (found and name and value):
        refuse("--choose", f"'{text}' is no choice: write NAME=VALUE, such as cluster=prod")
    return name, value
