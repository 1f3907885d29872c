"""Compresses the largest files of the front end as far as they go, once, when the environment is made.

``python -m careleavers.ui.server.precompress`` takes some fifteen seconds and writes into the environment. Without it
the server compresses the same files a tenth less tightly when they are first asked for.
"""

import sys
from pathlib import Path

import brotli

from careleavers.ui import private

FOLDER = Path(sys.prefix) / "share" / "careleavers"
_WORTHWHILE = ("PlotlyChart.", "DataFrame.", "index.", "protobuf.", "StreamlitMarkdown.", "react-dom.")


def precompressed(file: Path) -> bytes | None:
    """The bytes compressed ahead (Brotli) for a file of the front end; None where that was not done.

    Parameters
    ----------
    file
        The file; only its name is looked at. It carries a hash of the content, so what was kept always fits.

    Returns
    -------
    bytes or None
    """
    try:
        return (FOLDER / f"{file.name}.br").read_bytes()
    except OSError:
        return None


def main() -> None:
    """Compress each file that was not compressed yet; a read-only environment is left as it is."""
    for file in sorted((private.static_folder() / "static" / "js").glob("*.js")):
        target = FOLDER / f"{file.name}.br"
        if file.name.startswith(_WORTHWHILE) and not target.exists():
            packed = brotli.compress(file.read_bytes(), quality=11, lgwin=24)
            try:
                FOLDER.mkdir(parents=True, exist_ok=True)
                part = target.with_suffix(".part")
                part.write_bytes(packed)
                part.replace(target)
            except OSError:
                return


if __name__ == "__main__":
    main()
