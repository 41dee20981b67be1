"""The linear strategy, which stops each host after some changes, and kills the whole playbook when all have stopped."""

from __future__ import annotations

import os
import signal
from typing import Any

from ansible.plugins.strategy import linear


class StrategyModule(linear.StrategyModule):
    """Runs no further task of a host once as many of its tasks have changed something as its variable killed_after says.

    Tasks are always carried out to their end, so that SIGKILL then finds every host exactly at a boundary between two tasks.
    """

    def get_hosts_left(self, iterator: Any) -> list[Any]:
        """The hosts that have not reached their boundary; never returns when none is left."""
        changes = self._tqm._stats.changed
        left = [host for host in super().get_hosts_left(iterator) if changes.get(host.name, 0) < host.vars["killed_after"]]
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        return left
