"""Where the store is: the setting ``STORE_URL`` read, the DuckDB extensions and keys that it needs, secrets kept out of logs."""

from __future__ import annotations

import importlib.util
import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import duckdb

from careleavers import settings
from careleavers.store.model import StoreProblem, StoreUnavailable

# A scheme has two letters or more: "C:\uploads.duckdb" is a path.
_SCHEME = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9_]+):(?P<rest>.*)", re.DOTALL)
_OPTIONS = re.compile(r"(?P<target>.*?\S)\s+\((?P<options>.*)\)", re.DOTALL)
_EXTENSIONS = {
    "postgres": "postgres_scanner", "postgresql": "postgres_scanner", "ducklake": "ducklake",
    "sqlite": "sqlite_scanner", "mysql": "mysql_scanner",
}  # fmt: skip
_SERVERS = {"postgres", "postgresql", "mysql"}
_OBJECT_STORAGE = re.compile(r"\b(s3|s3a|s3n|gs|gcs|r2|https?)://")
# Nobody who browses waits for a server that has gone: seconds to connect, milliseconds without an answer.
_CONNECTION_TIMEOUTS = {"connect_timeout": "2", "tcp_user_timeout": "10000"}
# Nor for object storage: seconds without an answer, and how often DuckDB asks again, after 0.1 s, 0.4 s …
_STORAGE_TIMEOUT = 5
_STORAGE_RETRIES = 2
# Up to this many rows of an upload and table, DuckLake keeps them in its catalogue rather than in a file of their own.
_INLINED_ROWS = 1000
_SECRET_SETTINGS = ("PGPASSWORD", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_ACCESS_KEY_ID")
_PASSWORD = re.compile(r"(password\s*=\s*)('(?:[^'\\]|\\.)*'|\S+)", re.IGNORECASE)
_CREDENTIALS = re.compile(r"(\w://)[^/@\s]*@")


@dataclass(frozen=True)
class Address:
    """A place that DuckDB can attach.

    Attributes
    ----------
    target
        What ``ATTACH`` is given: the path of a file, or the address of a database.
    options
        What stands in the parentheses of ``ATTACH``.
    path
        The file of a local store; None for others.
    """

    target: str
    options: str = ""
    path: Path | None = None

    @property
    def schemes(self) -> tuple[str, ...]:
        """The kinds of database, outermost first: ``("ducklake", "postgres")``; ``()`` for a local file."""
        found, rest = [], self.target
        while self.path is None and (match := _SCHEME.match(rest)):
            found.append(match["scheme"])
            rest = match["rest"]
        return tuple(scheme for scheme in found if scheme in _EXTENSIONS)

    @property
    def on_server(self) -> bool:
        """Whether it is a server's, and may stay attached; a file is locked for as long as it is attached."""
        return bool(_SERVERS & set(self.schemes))

    @property
    def where(self) -> str:
        """Where it is, in words without path, machine or password: ``the file uploads.duckdb``."""
        if self.path is not None:
            return f"the file {self.path.name}"
        return {"ducklake": "the DuckLake store", "postgres": "the Postgres store"}.get(
            self.schemes[0].replace("postgresql", "postgres"), f"the {self.schemes[0]} store"
        )

    @property
    def extensions(self) -> tuple[str, ...]:
        """The DuckDB extensions it needs, in the order in which they have to be loaded."""
        needed = [_EXTENSIONS[scheme] for scheme in reversed(self.schemes)]
        return (*needed, "httpfs") if self.uses_object_storage else tuple(needed)

    @property
    def uses_object_storage(self) -> bool:
        """Whether its rows are kept in buckets."""
        return bool(_OBJECT_STORAGE.search(self.options))

    def attach(self, *, read_only: bool = False, name: str = "store") -> str:
        """The statement that attaches it.

        Parameters
        ----------
        read_only
            Whether nothing will be written while it is attached.
        name
            The name that it is attached under.

        Returns
        -------
        str
            SQL.
        """
        options = [self.options] if self.options else []
        if "ducklake" in self.schemes and "DATA_INLINING_ROW_LIMIT" not in self.options.upper():
            # A file in the bucket for each quarter of each council would take one request each to read.
            options.append(f"DATA_INLINING_ROW_LIMIT {_INLINED_ROWS}")
        if read_only:
            options.append("READ_ONLY")
        return f"ATTACH {_quoted(self.target)} AS {name}" + (f" ({', '.join(options)})" if options else "")

    def scrubbed(self, text: str) -> str:
        """Remove passwords and keys from a text that goes into a log.

        Parameters
        ----------
        text
            What a database said.

        Returns
        -------
        str
            The text, with ``***`` in their place.
        """
        text = _CREDENTIALS.sub(r"\1***@", _PASSWORD.sub(r"\1***", text))
        for secret in filter(None, (os.environ.get(name) for name in _SECRET_SETTINGS)):
            text = text.replace(secret, "***")
        return text


def read_address(url: str) -> Address:
    """Read a ``STORE_URL``. Nothing is opened.

    Parameters
    ----------
    url
        The path of a file (a relative one starts at the folder of the package), ``postgres:…``, ``ducklake:postgres:…`` or
        another database that DuckDB attaches, with options for ``ATTACH`` in parentheses at the end.

    Returns
    -------
    Address

    Raises
    ------
    StoreProblem
        When it names no kind of store; the sentence says which there are.

    Examples
    --------
    >>> read_address("ducklake:postgres:dbname=uploads (DATA_PATH 's3://bucket/')").schemes
    ('ducklake', 'postgres')
    """
    url = url.strip()
    match = _SCHEME.fullmatch(url)
    if match is None or match["scheme"] == "duckdb":
        path = Path(url if match is None else match["rest"]).expanduser()
        # A relative path starts at the folder of the package, wherever the command was started.
        path = (settings.HOME / path).resolve()
        return Address(target=str(path), path=path)
    _refuse_unknown(match["scheme"])
    if match["scheme"] == "ducklake" and (catalogue := _SCHEME.fullmatch(match["rest"])):
        _refuse_unknown(catalogue["scheme"], "ducklake:")
    apart = _OPTIONS.fullmatch(url)
    target, options = (apart["target"], apart["options"].strip()) if apart else (url, "")
    if target.startswith(("postgres://", "postgresql://")):
        # DuckDB reads what stands before "://" as a file system, not as a kind of database.
        options = f"TYPE postgres, {options}" if options else "TYPE postgres"
    return Address(target=_with_timeouts(target), options=options)


def _refuse_unknown(scheme: str, before: str = "") -> None:
    if scheme in _EXTENSIONS and not (before and scheme == "ducklake"):
        return
    raise StoreProblem(
        f"The setting STORE_URL begins with “{before}{scheme}:”, which is not a kind of store. It can be the path of a file, "
        "“postgres:…”, “ducklake:postgres:…”, or another database that DuckDB attaches: “mysql:…”, “sqlite:…”, or "
        "“ducklake:…” on one of these or on a file. Nothing was opened."
    )


def load_extensions(connection: duckdb.DuckDBPyConnection, address: Address) -> None:
    """Load the extensions that a store needs, from installed wheels or from where DuckDB installed them before.

    Parameters
    ----------
    connection
        The DuckDB instance that the store will be attached to.
    address
        Where the store is.

    Raises
    ------
    StoreUnavailable
        Naming the wheel that is missing. Only with ``STORE_INSTALL_EXTENSIONS=1`` is DuckDB's own server asked for it.
    """
    for name in address.extensions:
        file = _from_wheel(name)
        try:
            connection.execute(f"LOAD {_quoted(str(file))}" if file else f"LOAD {name}")
        except duckdb.Error:
            if not settings.store_installs_extensions():
                raise StoreUnavailable(
                    f"{address.where.capitalize()} needs DuckDB's extension “{name}”. Install the package "
                    f"duckdb-extension-{name.replace('_', '-')}=={duckdb.__version__} (requirements-stores.txt names "
                    "those that are needed), or set STORE_INSTALL_EXTENSIONS=1 on a machine that may fetch it."
                ) from None
            try:
                connection.execute(f"INSTALL {name}; LOAD {name}")
            except duckdb.Error:
                raise StoreUnavailable(
                    f"DuckDB's extension “{name}”, which {address.where} needs, could not be fetched."
                ) from None


def create_secret(connection: duckdb.DuckDBPyConnection, address: Address) -> None:
    """Give DuckDB the keys of the object storage, from the usual ``AWS_…`` variables, and limits on waiting for it.

    Nothing where none is used.

    Parameters
    ----------
    connection
        The DuckDB instance that the store will be attached to.
    address
        Where the store is.
    """
    if not address.uses_object_storage:
        return
    connection.execute(f"SET http_timeout = {_STORAGE_TIMEOUT}; SET http_retries = {_STORAGE_RETRIES}")
    key, secret = os.environ.get("AWS_ACCESS_KEY_ID", ""), os.environ.get("AWS_SECRET_ACCESS_KEY", "")
    if not key:
        return
    parts = {"KEY_ID": key, "SECRET": secret}
    if token := os.environ.get("AWS_SESSION_TOKEN"):
        parts["SESSION_TOKEN"] = token
    if region := os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION"):
        parts["REGION"] = region
    flags = ""
    if endpoint := os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL"):
        split = urlsplit(endpoint if "://" in endpoint else f"https://{endpoint}")
        parts["ENDPOINT"] = split.netloc + split.path.rstrip("/")
        # Servers other than Amazon's rarely accept bucket names as host names.
        parts["URL_STYLE"] = "path"
        flags = f", USE_SSL {split.scheme != 'http'}"
    listed = ", ".join(f"{name} {_quoted(value)}" for name, value in parts.items())
    connection.execute(f"CREATE OR REPLACE SECRET store_keys (TYPE s3, {listed}{flags})")


def _from_wheel(extension: str) -> Path | None:
    found = importlib.util.find_spec(f"duckdb_extension_{extension}")
    if found is None or not found.origin:
        return None
    folder = Path(found.origin).parent / "extensions" / f"v{duckdb.__version__}"
    file = folder / f"{extension}.duckdb_extension"
    return file if file.is_file() else None


def _with_timeouts(target: str) -> str:
    """The address of a Postgres server with limits on waiting, where it has none of its own."""
    match = re.fullmatch(r"(?P<before>(?:ducklake:)?)(?P<scheme>postgres(?:ql)?):(?P<rest>.*)", target, re.DOTALL)
    if match is None:
        return target
    missing = {
        name: value for name, value in _CONNECTION_TIMEOUTS.items() if f"{name}=" not in match["rest"].replace(" ", "")
    }
    if "://" not in f":{match['rest']}":
        return " ".join([target, *(f"{name}={value}" for name, value in missing.items())])
    joined = "&".join(f"{name}={value}" for name, value in missing.items())
    return target if not joined else f"{target}{'&' if '?' in target else '?'}{joined}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
