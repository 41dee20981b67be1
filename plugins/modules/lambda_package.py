#!/usr/bin/python
# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: lambda_package
version_added: 0.1.0
short_description: Package a folder as a reproducible zip for AWS Lambda
description:
  - Writes the files below a folder, and files given as text, to a zip that M(amazon.aws.lambda) can upload.
  - The same files give the same bytes on every machine and Python. Order, timestamps (1980-01-01) and permissions (0755 for files
    their owner may execute, 0644 for all others) are fixed, and files are stored without compression, because compressors differ.
    So code that did not change is no change, neither here nor for the function.
  - No AWS call is made and no AWS library is needed.
options:
  path:
    description: The folder to package, on the host the module runs on.
    type: path
    required: true
  dest:
    description:
      - The zip to write, outside of O(path). Its folder must exist.
      - It is replaced in one step, and only when its bytes would change.
    type: path
    required: true
  prefix:
    description:
      - The folder inside the zip that the files go to, for example V(python) for a layer.
      - The name of O(path) by default, so that a package stays importable by its name. An empty string means the top of the zip.
    type: str
  exclude:
    description:
      - Shell patterns of files and folders to leave out.
      - A pattern without a slash is compared with the name at every level, one with a slash with the path below O(path).
    type: list
    elements: str
    default: [__pycache__, "*.pyc"]
  content:
    description:
      - Files that exist nowhere but in the package, for example its settings. Each key is a path from the top of the zip, whatever
        O(prefix) is; each value is the text of that file, written as UTF-8.
      - A path that is in the package already is an error.
      - The package can be read by whoever may read the function. Do not put secrets into it.
    type: dict
    default: {}
extends_documentation_fragment:
  - proven.aws_backup.requirements
  - proven.aws_backup.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
    details:
      - Shows the files, each with its permissions, CRC-32 and size.
  idempotent:
    support: full
seealso:
  - module: amazon.aws.lambda
author:
  - proven.aws_backup contributors (!UNKNOWN)
"""

EXAMPLES = r"""
- name: Package the notifier
  proven.aws_backup.lambda_package:
    path: "{{ playbook_dir }}/../files/backup_notifier"
    dest: /tmp/backup_notifier.zip
  register: package

- name: Package the notifier with its settings
  proven.aws_backup.lambda_package:
    path: "{{ playbook_dir }}/../files/backup_notifier"
    dest: /tmp/backup_notifier.zip
    content:
      settings.json: "{{ notifier_settings | to_nice_json }}"

- name: Package a layer without its tests
  proven.aws_backup.lambda_package:
    path: build/site-packages
    dest: build/layer.zip
    prefix: python
    exclude: [__pycache__, "*.pyc", tests, "*.dist-info/RECORD"]
"""

RETURN = r"""
dest:
  description: The path of the zip.
  returned: success
  type: str
  sample: /tmp/backup_notifier.zip
size:
  description: The size of the zip in bytes.
  returned: success
  type: int
  sample: 8421
checksum:
  description: The SHA-256 of the zip, in hexadecimal.
  returned: success
  type: str
  sample: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
code_sha256:
  description: The SHA-256 of the zip, in Base64, as Lambda reports it for the code of a function.
  returned: success
  type: str
  sample: n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=
files:
  description: The names of the files in the zip, sorted.
  returned: success
  type: list
  elements: str
  sample: [backup_notifier/__init__.py, backup_notifier/handler.py]
"""

import base64
import hashlib
import tempfile
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.proven.aws_backup.plugins.module_utils.lambda_zip import (
    PackageError,
    build,
    clean_prefix,
    content_members,
    describe_zip,
    merge,
    read_members,
)


def read_dest(dest: Path, folder: Path) -> bytes | None:
    """The bytes of the zip as it is now, None when there is none.

    Raises:
        PackageError: dest is a folder, or in the folder to package.
        OSError: it cannot be read.
    """
    if dest.is_dir():
        raise PackageError(f"dest {dest} is a folder: give the path of the zip.")
    if dest.resolve().is_relative_to(folder):
        raise PackageError(f"dest {dest} is inside path {folder}, so the next package would contain this one: choose a dest outside.")
    try:
        return dest.read_bytes()
    except FileNotFoundError:
        return None


def write_dest(module: AnsibleModule, dest: Path, data: bytes) -> None:
    """Replace the zip in one step.

    Raises:
        PackageError: its folder is missing.
        OSError: it cannot be written.
    """
    if not dest.parent.is_dir():
        raise PackageError(f"The folder of dest {dest} does not exist: create it first.")
    with tempfile.NamedTemporaryFile(dir=module.tmpdir, delete=False) as file:
        file.write(data)
    module.atomic_move(file.name, str(dest))


def package(module: AnsibleModule) -> dict[str, object]:
    """Bring the zip up to date and return the module's result."""
    folder, dest = Path(module.params["path"]).resolve(), Path(module.params["dest"]).absolute()
    files = read_members(folder, clean_prefix(module.params["prefix"], folder), module.params["exclude"])
    members = merge(files, content_members(module.params["content"]))
    before, after = read_dest(dest, folder), build(members)
    changed = before != after
    if changed and not module.check_mode:
        write_dest(module, dest, after)
    digest = hashlib.sha256(after)
    return {
        "changed": changed,
        "dest": str(dest),
        "size": len(after),
        "checksum": digest.hexdigest(),
        "code_sha256": base64.b64encode(digest.digest()).decode(),
        "files": [member.name for member in members],
        "diff": {
            "before_header": str(dest),
            "after_header": str(dest),
            "before": describe_zip(before),
            "after": describe_zip(after),
        },
    }


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "path": {"type": "path", "required": True},
            "dest": {"type": "path", "required": True},
            "prefix": {"type": "str"},
            "exclude": {"type": "list", "elements": "str", "default": ["__pycache__", "*.pyc"]},
            "content": {"type": "dict", "default": {}},
        },
        supports_check_mode=True,
    )
    try:
        result = package(module)
    except PackageError as error:
        module.fail_json(msg=str(error))
    except (OSError, ValueError) as error:
        module.fail_json(msg=f"Cannot package {module.params['path']} to {module.params['dest']}: {error}")
    module.exit_json(**result)


if __name__ == "__main__":
    main()
