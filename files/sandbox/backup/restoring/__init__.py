"""What backups hold and how restores bring it back: at backup time the data of a resource is taken, and a restore makes a new one of it."""

from __future__ import annotations

from .jobs import begin_restore, refuse_restore
from .order import RestoreOrder
from .types import capture, metadata_of

__all__ = ["RestoreOrder", "begin_restore", "capture", "metadata_of", "refuse_restore"]
