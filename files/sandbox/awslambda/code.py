"""Unpacks a function's code and layers to where its environments run."""

from __future__ import annotations

import io
import shutil
import tempfile
import zipfile
from pathlib import Path

from . import packages
from .spec import FunctionSpec


class CodeFolder:
    """The unpacked code of one spec; made when first needed, removed by `remove`."""

    def __init__(self, spec: FunctionSpec) -> None:
        self._spec = spec
        self._folder: Path | None = None

    def unpack(self) -> tuple[Path, list[Path]]:
        """The task root, and the layers' folders for sys.path."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix=f"{self._spec.name}-", dir=packages.base_folder()))
            _extract(self._spec.code, self._folder / "task")
            for layer in self._spec.layers:
                _extract(layer, self._folder / "opt")
        python = self._folder / "opt" / "python"
        return self._folder / "task", [python] if python.is_dir() else []

    def remove(self) -> None:
        """Remove the folder."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None


def _extract(archive: bytes, folder: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        opened.extractall(folder)
