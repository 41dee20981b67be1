"""What cloud-init does on an instance: it writes the files that its user data asks for, and says a final message at each boot.

Of a cloud-config it knows `write_files` and `final_message`; of the disk only what was written so, or came back with a restore.
Nothing is run.

Sources: https://cloudinit.readthedocs.io/en/latest/reference/modules.html (write_files, final_message) and, of where the message goes,
`StandardOutput=journal+console` in cloud-init's own cloud-final.service.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

MARK = "#cloud-config"
CONFIG_FOLDER = "/etc/cloud/cloud.cfg.d/"
DEFAULT_MESSAGE = "Cloud-init v. 22.2.2 finished. Datasource DataSourceEc2."

Files = Mapping[str, str]
"""Paths on the root volume, each with the text of the file."""


def files_on(instance: Any) -> dict[str, str]:
    """The files on an instance's disk, besides those of its image."""
    asked_for = _config(_user_data(instance)).get("write_files") or []
    written = {str(each["path"]): str(each.get("content", "")) for each in asked_for if isinstance(each, dict) and "path" in each}
    return {**getattr(instance, "files_that_came_back", {}), **written}


def put_files(instance: Any, files: Files) -> None:
    """Have files on the disk of an instance that is restored."""
    instance.files_that_came_back = dict(files)


def final_message(instance: Any) -> str:
    """What cloud-init says last at each boot: user data comes before the disk, and there the last file by name before the others."""
    configs = [_config(text, marked=False) for path, text in sorted(files_on(instance).items()) if path.startswith(CONFIG_FOLDER)]
    messages = [config["final_message"] for config in [*configs, _config(_user_data(instance))] if "final_message" in config]
    return str(messages[-1]) if messages else DEFAULT_MESSAGE


def _user_data(instance: Any) -> str:
    return instance.user_data.decode() if instance.user_data else ""


def _config(text: str, *, marked: bool = True) -> dict[str, Any]:
    """A cloud-config; empty for one that cannot be read, which cloud-init passes over, too."""
    if marked and not text.startswith(MARK):
        return {}
    try:
        config = yaml.safe_load(text)
    except yaml.YAMLError:
        return {}
    return config if isinstance(config, dict) else {}
