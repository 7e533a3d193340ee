"""Every setting of Octavo: one frozen object, read once at the door and passed on as plain values.

Sources, the first one wins: a flag of the command line, the environment (`OCTAVO_PORT`, `OCTAVO_LIMITS__MAX_PAGES`),
the file `octavo.toml`, the default that stands here. `docs/configuration.md` is generated from this file.
"""

from __future__ import annotations

import difflib
import os
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn, TypeGuard

from annotated_types import Ge
from pydantic import AfterValidator, BaseModel, BeforeValidator, ByteSize, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from octavo.domain.errors import InvalidSettings, UnknownLanguage
from octavo.domain.scripts import checked_language

CONFIG_FILE = Path("octavo.toml")
"""Read from the working directory when no other file is named."""

MEBIBYTE = 1024 * 1024


def _split(value: object) -> object:
    """A list written as one string: parts separated by commas, spaces or line breaks."""
    return [part for part in re.split(r"[\s,]+", value) if part] if isinstance(value, str) else value


def _name_and_key(pair: object) -> object:
    """`name=key` as a pair; a name may own several keys.

    Raises:
        ValueError: there is no name or no key; the message never repeats what was given.
    """
    if not isinstance(pair, str):
        return pair
    name, _, key = pair.partition("=")
    if not name or not key:
        raise ValueError("a key is written as name=key, such as alice=3f9c; several are separated by commas")
    return name, key


def default_data_dir() -> Path:
    """Where this platform keeps what a program stores for a person; the working directory for one without a home."""
    try:
        home = Path.home()
    except RuntimeError:
        return Path("octavo-data").absolute()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "octavo"
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "octavo"
    return Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "octavo"


def _known_language(language: str) -> str:
    try:
        return checked_language(language)
    except UnknownLanguage as error:
        raise ValueError(str(error)) from None


def _none_is_nothing(value: object) -> object:
    return 0.0 if isinstance(value, str) and value.strip().lower() == "none" else value


Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
Languages = Annotated[tuple[Annotated[str, AfterValidator(_known_language)], ...], NoDecode, BeforeValidator(_split)]
ApiKey = Annotated[tuple[str, SecretStr], BeforeValidator(_name_and_key)]
ApiKeys = Annotated[tuple[ApiKey, ...], NoDecode, BeforeValidator(_split)]
Folder = Annotated[Path, AfterValidator(Path.expanduser)]
Seconds = Annotated[float, BeforeValidator(_none_is_nothing), Ge(0)]


class _Group(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)


class EngineSettings(_Group):
    """Models."""

    model: str = Field("octavo-1", description="The model that reads; `octavo-fake` is for trying out without reading.")
    aliases: Names = Field(
        (
            "mistral-ocr-latest",
            "mistral-ocr-4",
            "mistral-ocr-4-1",
            "mistral-ocr-4-0",
            "mistral-ocr-2512",
            "mistral-ocr-2512-completion",
            "mistral-ocr-2505",
            "mistral-ocr-2505-completion",
            "mistral-ocr-2503",
            "mistral-ocr-2503-completion",
        ),
        description="Other names that the model answers to.",
    )
    dpi: int = Field(200, ge=72, le=400, description="Pixels per inch at which PDF pages are measured and rendered.")
    languages: Languages = Field(
        (),
        description="Languages to expect in scans where a request names none, as BCP 47 codes such as `ar`; none means "
        "that the looks of the lines tell.",
    )


class ExecutorSettings(_Group):
    """Where pages are read."""

    workers: int = Field(0, ge=0, le=512, description="Pages read at a time; 0 means one for each CPU at hand.")
    threads: int = Field(0, ge=0, le=512, description="CPUs that one page may use; 0 means all that are free.")
    page_timeout: float = Field(
        45.0,
        gt=0,
        description="Seconds that one page may take; up to three times as many where other work keeps it from the CPU.",
    )
    inspect_timeout: float = Field(10.0, gt=0, description="Seconds that opening a document may take.")
    view_timeout: float = Field(10.0, gt=0, description="Seconds that the image of a page to look at may take.")
    max_memory: ByteSize = Field(
        ByteSize(4096 * MEBIBYTE),
        ge=512 * MEBIBYTE,
        description="Memory of one worker. One that takes more is killed, and its page fails; "
        "one that holds more than half of it after a page is replaced.",
    )
    pages_per_worker: int = Field(
        5000, ge=1, description="Pages (and documents to open) after which a worker is replaced by a fresh one."
    )
    seconds_per_worker: float = Field(3600.0, gt=0, description="Age at which a worker is replaced by a fresh one.")


class DatabaseSettings(_Group):
    """Where files and batch jobs are entered."""

    url: SecretStr | None = Field(
        None,
        description="PostgreSQL, as `postgresql://user:password@host/name`; by default a file in `data_dir`.",
    )

    @property
    def kind(self) -> Literal["SQLite", "PostgreSQL"]:
        """What the address names."""
        url = self.url.get_secret_value() if self.url else ""
        return "PostgreSQL" if url.lower().startswith(("postgres:", "postgresql")) else "SQLite"


class StorageSettings(_Group):
    """Where the bytes of files lie."""

    url: str | None = Field(
        None,
        description="A bucket, as `s3://name/prefix` (or `gs://`, `az://`), whose keys stand in the environment as "
        "its own tools want them; by default a folder in `data_dir`.",
    )

    @property
    def kind(self) -> Literal["folder", "bucket"]:
        """What the address names."""
        return "bucket" if "://" in (self.url or "") and not str(self.url).startswith("file:") else "folder"


class KeepSettings(_Group):
    """How long files and batch jobs are kept."""

    ocr_days: float = Field(30.0, ge=0, description="Days that documents are kept; 0 is until they are deleted.")
    batch_days: float = Field(30.0, ge=0, description="Days that inputs of batches are kept; 0 is without end.")
    result_days: float = Field(30.0, ge=0, description="Days that results of batches are kept; 0 is without end.")
    other_days: float = Field(30.0, ge=0, description="Days that files for other purposes are kept; 0 is without end.")
    job_days: float = Field(
        30.0, ge=0, description="Days that batch jobs are kept once they are over; 0 is without end."
    )


class LimitSettings(_Group):
    """What is refused."""

    max_file_bytes: ByteSize = Field(ByteSize(50 * MEBIBYTE), gt=0, description="Largest document.")
    max_body_bytes: ByteSize = Field(
        ByteSize(70 * MEBIBYTE), gt=0, description="Largest request; base64 makes a document a third larger."
    )
    max_upload_bytes: ByteSize = Field(
        ByteSize(512 * MEBIBYTE), gt=0, description="Largest file of `/v1/files`, and largest request for a batch job."
    )
    max_pages: int = Field(1000, ge=1, description="Most pages of a document, however few of them are asked for.")
    max_pixels: int = Field(200_000_000, ge=1, description="Most pixels of an image.")
    request_timeout: float = Field(
        280.0,
        gt=0,
        description="Seconds that a request may take, from its first byte on; Mistral's clients give up after 300. "
        "What is read by then is kept, and the same request goes on from there.",
    )
    fetch_timeout: float = Field(50.0, gt=0, description="Seconds that fetching a document from its address may take.")
    max_waiting: int = Field(
        1000, ge=1, description="Requests that may wait or be served at a time; more are answered 429."
    )
    max_spool_bytes: ByteSize = Field(
        ByteSize(4096 * MEBIBYTE),
        gt=0,
        description="Bytes of documents that may lie on disk for requests at a time; more are answered 429.",
    )
    max_kept_bytes: ByteSize = Field(
        ByteSize(1024 * MEBIBYTE),
        ge=0,
        description="Bytes of finished pages that are kept, for `retention` or for batch jobs; the oldest go first.",
    )


class Settings(BaseSettings):
    """The settings of one installation."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        env_prefix="OCTAVO_",
        env_nested_delimiter="__",
        env_ignore_empty=True,
        validate_default=True,
        hide_input_in_errors=True,
    )

    config: Folder = Field(CONFIG_FILE, description="The file that settings are read from, where it exists.")
    host: str = Field("127.0.0.1", description="Address to listen on; anything but loopback needs `api_keys`.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one and prints it.")
    data_dir: Folder = Field(default_factory=default_data_dir, description="Folder for what Octavo keeps on disk.")
    api_keys: ApiKeys = Field(
        (),
        description="Keys that may use the server, as `name=key`. "
        "The name owns what is made with the key; two keys of one name let you replace a key without a gap.",
    )
    allow_fetch: Names = Field(
        (),
        description="Hosts, as `HOST` or `HOST:PORT`, that documents are fetched from though they are not public.",
    )
    cors_origins: Names = Field((), description="Web origins whose pages may call the server.")
    allowed_hosts: Names = Field(
        (), description="Names besides loopback's own that a server without keys is called by, behind a proxy."
    )
    public_url: str | None = Field(
        None,
        description="The address that clients call the server by, with its path prefix if it has one, as "
        "`https://example.org/ocr`; signed addresses begin with it. By default the host that the client named.",
    )
    trusted_proxies: Names = Field(
        (), description="Addresses or networks of proxies whose `X-Forwarded-*` headers are believed."
    )
    fetch_public: bool = Field(True, description="Fetch documents from public addresses when a request names one.")
    retention: Seconds = Field(
        3600.0,
        description="Seconds that finished pages are kept, so that a request that ran out of time goes on where it "
        "stopped; those of a batch job stay as long as the job. `none` keeps no pages, of batch jobs neither.",
    )
    workbench: bool = Field(True, description="Serve the workbench, Octavo in the browser, at `/`.")
    docs: bool = Field(True, description="Serve the interactive documentation at `/docs`.")
    metrics: bool = Field(
        True, description="Serve numbers for Prometheus at `/metrics`, to whoever may use the server."
    )
    model_type: Literal["auto", "base", "image-to-text"] = Field(
        "auto",
        description="`type` in the answer of `/v1/models`: what 1.x clients of Mistral insist on (`base`), "
        "what OpenGateLLM says (`image-to-text`), or whichever the calling client needs.",
    )
    engines: EngineSettings = EngineSettings()
    executor: ExecutorSettings = ExecutorSettings()
    database: DatabaseSettings = DatabaseSettings()
    storage: StorageSettings = StorageSettings()
    keep: KeepSettings = KeepSettings()
    limits: LimitSettings = LimitSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  the base class names it
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  the base class names it
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags, then the environment, then the file that one of them named."""
        named = init_settings().get("config") or env_settings().get("config")
        return init_settings, env_settings, InitSettingsSource(settings_cls, _read_file(named))


def load_settings(**flags: object) -> Settings:
    """The settings in force; `flags` are those of the command line, None where a flag was not given.

    Raises:
        InvalidSettings: a setting is unknown or has an impossible value; the message names it, never a secret.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]  # pydantic checks the values
    except ValidationError as error:
        _complain(error)
    except SettingsError:
        # The error of pydantic-settings may quote the value, which may be a key.
        raise InvalidSettings("A variable of the environment that starts with OCTAVO_ is not well formed.") from None


def setting_names(model: type[BaseModel] = Settings, prefix: str = "") -> Iterator[str]:
    """Every setting as `octavo.toml` names it: `port`, `limits.max_pages`."""
    for name, field in model.model_fields.items():
        if _is_group(field.annotation):
            yield from setting_names(field.annotation, f"{prefix}{name}.")
        else:
            yield prefix + name


def variable_of(setting: str) -> str:
    """The environment variable of a setting: `limits.max_pages` is `OCTAVO_LIMITS__MAX_PAGES`."""
    return "OCTAVO_" + setting.replace(".", "__").upper()


def unknown_variables(environment: Mapping[str, str]) -> dict[str, str | None]:
    """Variables that look like settings but are none, each with the nearest one that is.

    They are told, not refused: orchestrators inject variables of their own, such as `OCTAVO_SERVICE_HOST`.
    """
    known = {*setting_names(), *_groups()}
    given = {name: name.upper().removeprefix("OCTAVO_").lower().replace("__", ".") for name in environment}
    strangers = {name: plain for name, plain in given.items() if name.upper().startswith("OCTAVO_")}
    return {name: _nearest(plain) for name, plain in strangers.items() if plain not in known}


def _is_group(annotation: object) -> TypeGuard[type[BaseModel]]:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _groups() -> list[str]:
    return [name for name, field in Settings.model_fields.items() if _is_group(field.annotation)]


def _read_file(named: object) -> dict[str, Any]:
    """What the file says.

    Raises:
        InvalidSettings: a file that was named does not exist, or its TOML is broken.
    """
    path = Path(str(named)).expanduser() if named else CONFIG_FILE
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if named:
            raise InvalidSettings(f"There is no file {path}; name another one with --config or leave it out.") from None
        return {}
    except (OSError, ValueError) as error:
        raise InvalidSettings(f"{path} cannot be read as settings: {error}.") from None


def _complain(error: ValidationError) -> NoReturn:
    """One sentence for each wrong setting, without the values (they may be secret)."""
    complaints = [_complaint(detail["type"], detail["loc"], detail["msg"]) for detail in error.errors()]
    raise InvalidSettings(" ".join(complaints)) from None


def _complaint(kind: str, place: tuple[int | str, ...], message: str) -> str:
    name = ".".join(part for part in place if isinstance(part, str))
    if kind == "extra_forbidden":
        nearest = _nearest(name)
        hint = f"Did you mean `{nearest}`?" if nearest else "docs/configuration.md lists all of them."
        return f"There is no setting `{name}` ({variable_of(name)}). {hint}"
    return f"The setting `{name}` ({variable_of(name)}) is wrong: {message.removeprefix('Value error, ')}."


def _nearest(name: str) -> str | None:
    """The setting or group that was meant, if one is near; a setting without its group, or in another, counts."""
    known = list(setting_names())
    without_group = {setting.rpartition(".")[2]: setting for setting in known}
    close = difflib.get_close_matches(name, [*known, *_groups()], n=1)
    return without_group.get(name.rpartition(".")[2]) or next(iter(close), None)
