# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes the files of a report on the controller, where its templates are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible.utils.path import unfrackpath
from ansible_collections.proven.aws_backup.plugins.plugin_utils.report_files import ReportError, Written, write_report
from ansible_collections.proven.aws_backup.plugins.plugin_utils.report_pictures import HAS_MATPLOTLIB

NO_PICTURES = (
    "The report has no pictures, because this Ansible's Python has no matplotlib: "
    "install it there with pip install matplotlib, and run the play again. Everything else is in the report."
)


class ActionModule(ActionBase):
    """Brings the files up to date."""

    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Write the report, or tell in check mode what would be written."""
        super().run(tmp, task_vars)
        _validated, options = self.validate_argument_spec(
            argument_spec={"report": {"type": "dict", "required": True}, "dest": {"type": "path", "required": True}}
        )
        dest = Path(unfrackpath(options["dest"], follow=False))
        try:
            written = write_report(options["report"], dest, self._task.check_mode)
        except ReportError as error:
            raise AnsibleActionFail(str(error)) from error
        except OSError as error:
            raise AnsibleActionFail(f"Cannot write the report to {dest}: {error}") from error
        for warning in [*written.problems, *([] if HAS_MATPLOTLIB else [NO_PICTURES])]:
            self._display.warning(warning)
        return self._result(dest / options["report"]["run"], written)

    def _result(self, folder: Path, written: Written) -> dict[str, Any]:
        result = {
            "changed": bool(written.changed),
            "path": str(folder),
            "html": str(folder / "index.html"),
            "json": str(folder / "report.json"),
            "junit": str(folder / "report.xml"),
            "history": str(folder.parent / "index.html"),
            "pictures": HAS_MATPLOTLIB,
            "left_out": written.problems,
        }
        if self._task.diff:
            headers = dict.fromkeys(("before_header", "after_header"), result["json"])
            result["diff"] = {**headers, "before": written.json_before, "after": written.json_after}
        return result
