"""Empties a vault with the module backup_vault_purge; its options come as JSON."""

import json
import sys

from ansible.module_utils.testing import patch_module_args
from ansible_collections.proven.aws_backup.plugins.modules import backup_vault_purge

with patch_module_args(json.loads(sys.argv[1])):
    backup_vault_purge.main()
