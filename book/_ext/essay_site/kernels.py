"""Start kernels alike on every machine: what they say of it stands in no page.

In the reader's language a library may sort or compare otherwise than it was written for, and say so. Where a home cannot be
written, Matplotlib and IPython say that; where one can, its settings would reach into figures.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from essay_site.paths import PROJECT

# Kernels that run side by side would wait for the one file in which IPython keeps what was typed, and say so; and each
# would warn that what runs on this machine is not encrypted on its way to it.
CONFIGURATION = "c.HistoryManager.enabled = False\nc.IPKernelApp.log_level = 'ERROR'\n"


def prepare() -> None:
    """Give all kernels that this process will start a locale and folders of their own, by its environment."""
    folder = PROJECT / "_build" / ".kernels"
    try:
        _configure(folder)
    except OSError:  # the project cannot be written; such a folder is left to the system
        folder = Path(tempfile.mkdtemp(prefix="kernels-"))
        _configure(folder)
    own = {"MPLCONFIGDIR": "matplotlib", "IPYTHONDIR": "ipython", "JUPYTER_RUNTIME_DIR": "jupyter"}
    os.environ.update({name: str(folder / below) for name, below in own.items()}, LC_ALL="C.UTF-8")


def _configure(folder: Path) -> None:
    """Write the configuration of kernels below `folder`, through a file of this process alone."""
    profile = folder / "ipython" / "profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    temporary = profile / f"{os.getpid()}.part"
    temporary.write_text(CONFIGURATION, encoding="utf-8")
    temporary.replace(profile / "ipython_kernel_config.py")
