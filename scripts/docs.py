"""Writes what the code says of itself into docs/, and what was measured (`scripts/bench`) into README.md and docs/.

With --check it only compares.
Each page is written by hand but for the parts between `<!-- begin NAME -->` and `<!-- end NAME -->`.
"""

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import typer
from pydantic import BaseModel, ByteSize
from pydantic.fields import FieldInfo

from octavo.api.errors import FAULTS
from octavo.cli.exits import MEANINGS, error_classes, exit_code
from octavo.cli.main import app
from octavo.settings import Settings, default_data_dir, variable_of

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "benchmarks"))

import tables  # noqa: E402 - stands with the benchmarks, which print the same tables

FLAGS = {
    "config": "--config",
    "host": "--host",
    "port": "--port",
    "data_dir": "--data-dir",
    "allow_fetch": "--allow-fetch",
    "cors_origins": "--cors-origin",
    "allowed_hosts": "--allowed-host",
    "public_url": "--public-url",
    "trusted_proxies": "--trusted-proxy",
    "executor.workers": "--workers",
}
"""Settings that `octavo serve` takes as flags."""
WRITTEN = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
"""Pages that have generated parts, or may."""


def settings_tables() -> Iterator[str]:
    plain = {name: field for name, field in Settings.model_fields.items() if not is_group(field)}
    yield from settings_table(plain, "")
    for name, group in Settings.model_fields.items():
        if is_group(group):
            yield f"\n### {name}: {group.annotation.__doc__.rstrip('.').lower()}\n"
            yield from settings_table(group.annotation.model_fields, f"{name}.")


def settings_table(fields: Mapping[str, FieldInfo], prefix: str) -> Iterator[str]:
    yield "| setting | environment | flag | default | meaning |"
    yield "|---|---|---|---|---|"
    for name, field in fields.items():
        setting = prefix + name
        flag = f"`{FLAGS[setting]}`" if setting in FLAGS else ""
        yield f"| `{setting}` | `{variable_of(setting)}` | {flag} | {default_of(field)} | {field.description} |"


def is_group(field: FieldInfo) -> bool:
    return isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)


def default_of(field: FieldInfo) -> str:
    default = field.get_default(call_default_factory=True)
    if default == default_data_dir():
        return "the platform's folder for data, such as `~/.local/share/octavo`"
    if isinstance(default, ByteSize):
        return default.human_readable()
    if isinstance(default, tuple):
        return ", ".join(f"`{item}`" for item in default) or "none"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def error_sections() -> Iterator[str]:
    for kind in error_classes():
        fault = next(FAULTS[parent] for parent in kind.__mro__ if parent in FAULTS)
        parents = [parent.__name__ for parent in kind.__mro__[1:-3]]
        yield f"### {kind.__name__}\n"
        yield f"{kind.__doc__.strip()}{' Trying again later makes sense.' if kind.retryable else ''}\n"
        code = f", code `{fault.code}`" if fault.code else ""
        yield f"- HTTP: status {fault.status}, type `{fault.type}`{code}"
        yield f"- command line: exit code {exit_code(kind)} ({MEANINGS[exit_code(kind)]})"
        yield f"- in `octavo.error_code` of a page and in logs: `{kind.code}`"
        yield f"- Python: `octavo.domain.errors.{kind.__name__}`{''.join(f' < `{parent}`' for parent in parents)}\n"


def commands() -> Iterator[str]:
    for name, command in every_command(typer.main.get_command(app), "octavo"):
        yield f"### {name}\n"
        yield f"{command.help}\n"
        yield "| option | meaning |"
        yield "|---|---|"
        for parameter in command.params:
            names = [option for option in parameter.opts if option.startswith("-")]
            value = [parameter.metavar] if parameter.metavar else []
            yield f"| {' '.join(f'`{word}`' for word in names + value)} | {getattr(parameter, 'help', '')} |"
        yield ""


def every_command(group: Any, path: str) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from every_command(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def exit_codes() -> Iterator[str]:
    yield "| code | meaning |"
    yield "|---|---|"
    for code, meaning in MEANINGS.items():
        yield f"| {code} | {meaning} |"


PARTS = {"settings": settings_tables, "errors": error_sections, "commands": commands, "exit codes": exit_codes}
PARTS |= tables.PARTS


def renewed(page: str) -> str:
    """The page with its generated parts written again."""
    for name, lines in PARTS.items():
        part = f"<!-- begin {name} -->\n\n" + "\n".join(lines()).strip() + f"\n\n<!-- end {name} -->"
        page = re.sub(f"<!-- begin {name} -->.*?<!-- end {name} -->", lambda _, part=part: part, page, flags=re.DOTALL)
    return page


def main(arguments: Sequence[str]) -> None:
    pages = {
        path: path.read_text(encoding="utf-8") for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
    }
    stale = [path for path, page in pages.items() if renewed(page) != page]
    if "--check" in arguments:
        sys.exit("".join(f"{path.name} is stale: run scripts/fix\n" for path in stale) or 0)
    for path in stale:
        path.write_text(renewed(pages[path]), encoding="utf-8")
        print(f"wrote {path.name}")


if __name__ == "__main__":
    main(sys.argv[1:])
