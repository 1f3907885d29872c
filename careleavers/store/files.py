"""Files of the store: made whole or not at all, and for the account of the dashboard alone."""

from __future__ import annotations

import os
import stat
from pathlib import Path


def rename_if_absent(new: Path, path: Path) -> bool:
    """Give a finished file its name, unless there is a file of that name by now.

    Parameters
    ----------
    new
        The finished file.
    path
        The name that it gets.

    Returns
    -------
    bool
        Whether it was renamed.
    """
    try:
        os.link(new, path)
    except FileExistsError:
        return False
    except OSError:
        # A file system without hard links: check and rename as close together as possible.
        if path.exists():
            return False
        new.rename(path)
    return True


def restrict_umask() -> None:
    """Make every file that this process creates from now on readable by its own account alone."""
    os.umask(0o077)


def restrict_permissions(file: Path) -> bool | None:
    """Make a file readable by its own account alone.

    Parameters
    ----------
    file
        The file, which need not exist.

    Returns
    -------
    bool or None
        None where it was so already or is not there; else whether it could be done.
    """
    try:
        mode = stat.S_IMODE(file.stat().st_mode)
        if os.name != "posix" or not mode & 0o077:
            return None
        file.chmod(mode & 0o700)
    except FileNotFoundError:
        return None
    except OSError:
        return False
    return True


def file_identity(path: Path | None) -> tuple[int, int] | None:
    """Device and inode of a file, which tell whether it was replaced; None where it is not there.

    Parameters
    ----------
    path
        The file; None for a store that is not one.

    Returns
    -------
    tuple[int, int] or None
    """
    try:
        found = path.stat() if path else None
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found else None
