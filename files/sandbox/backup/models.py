"""All accounts' and Regions' AWS Backup."""

from __future__ import annotations

from typing import Any

from moto.core.base_backend import BackendDict

from .backend import BackupBackend

backup_backends: BackendDict[Any] = BackendDict(BackupBackend, "backup")
