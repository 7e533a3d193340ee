"""The flags that commands take: each is written once, with its help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from octavo.domain.work import TableFormat, TextLayer

READING = "Reading"
OUTPUT = "Output"

Documents = Annotated[
    list[str],
    typer.Argument(metavar="DOCUMENT", help="Files, folders, patterns such as 'scans/*.pdf', addresses, or -."),
]
OutputFolder = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="DIR", help="Write files there, not text here.", rich_help_panel=OUTPUT),
]
Json = Annotated[
    bool,
    typer.Option("--json", help="Print the answer of the API instead of Markdown.", rich_help_panel=OUTPUT),
]
Overlay = Annotated[
    bool,
    typer.Option("--overlay", help="With -o: draw the blocks over each page, numbered.", rich_help_panel=OUTPUT),
]
Tables = Annotated[
    TableFormat | None,
    typer.Option("--table-format", help="Take tables out of the text: markdown or html.", rich_help_panel=OUTPUT),
]
Pages = Annotated[
    str | None,
    typer.Option("--pages", metavar="0-4,7", help="Read only these pages, counted from 0.", rich_help_panel=READING),
]
Model = Annotated[
    str | None,
    typer.Option("--model", metavar="NAME", help="The model that reads.", rich_help_panel=READING),
]
Layer = Annotated[
    TextLayer,
    typer.Option(
        "--text-layer", help="Use the text inside a PDF: when it is sound, always, or never.", rich_help_panel=READING
    ),
]
Languages = Annotated[
    str,
    typer.Option(
        "--languages",
        "--lang",
        metavar="en,ar",
        help="Languages to expect; they tell which scripts to look for.",
        rich_help_panel=READING,
    ),
]
Dpi = Annotated[
    int | None,
    typer.Option("--dpi", min=72, max=400, help="Pixels per inch of PDF pages, 72 to 400.", rich_help_panel=READING),
]
PasswordFile = Annotated[
    Path | None,
    typer.Option(
        "--password-file", metavar="FILE", help="Its first line opens protected PDFs.", rich_help_panel=READING
    ),
]
Workers = Annotated[
    int | None,
    typer.Option("--workers", min=1, help="Pages read at a time; by default one for each CPU."),
]
AllowFetch = Annotated[
    list[str] | None,
    typer.Option("--allow-fetch", metavar="HOST[:PORT]", help="Fetch from this host though it is not public."),
]
CorsOrigins = Annotated[
    list[str] | None,
    typer.Option("--cors-origin", metavar="ORIGIN", help="Let pages of this web origin call the server."),
]
AllowedHosts = Annotated[
    list[str] | None,
    typer.Option("--allowed-host", metavar="NAME", help="A server without keys may be called by this name, too."),
]
PublicUrl = Annotated[
    str | None,
    typer.Option("--public-url", metavar="URL", help="The address that clients call the server by."),
]
TrustedProxies = Annotated[
    list[str] | None,
    typer.Option("--trusted-proxy", metavar="ADDRESS", help="Believe what this proxy says of a client's request."),
]
Host = Annotated[
    str | None,
    typer.Option(
        "--host", metavar="ADDRESS", help="Listen here; anything but loopback needs a key. By default 127.0.0.1."
    ),
]
Port = Annotated[
    int | None,
    typer.Option("--port", min=0, max=65535, help="Listen on this port; 0 takes a free one. By default 8000."),
]
DataDir = Annotated[
    Path | None,
    typer.Option("--data-dir", metavar="DIR", help="Keep what has to be on disk here."),
]
Config = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="Read settings from this file, not from octavo.toml."),
]
Verbose = Annotated[
    bool,
    typer.Option("--verbose", "-v", help="Tell on standard error what happens inside, for a report."),
]
Licences = Annotated[
    bool,
    typer.Option("--licences", "--licenses", help="Show where weights and font come from, and their licences."),
]
