"""The channels of the workspace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .errors import Rejected

TEAM = "T00000000"


@dataclass(frozen=True)
class Channel:
    """A public channel.

    Attributes:
        id: what the Web API calls it.
        name: what people call it.
        has_bot: whether the bot was invited.
        archived: whether nobody can write any more.
    """

    id: str
    name: str
    has_bot: bool = True
    archived: bool = False


INBOX = Channel("C0SANDBOX01", "backup-alerts")
CHANNELS = (INBOX, Channel("C0SANDBOX02", "general", has_bot=False), Channel("C0SANDBOX03", "backup-alerts-2019", archived=True))


def for_reading(arguments: dict[str, Any]) -> Channel:
    """The channel whose ID is given.

    Raises:
        Rejected: none is, there is no such channel, or the bot is not in it.
    """
    return _joined(arguments, {channel.id: channel for channel in CHANNELS})


def for_posting(arguments: dict[str, Any]) -> Channel:
    """The channel whose ID or name is given.

    Raises:
        Rejected: none is, there is no such channel, the bot is not in it, or it is archived.
    """
    names = {name: channel for channel in CHANNELS for name in (channel.id, channel.name, f"#{channel.name}")}
    channel = _joined(arguments, names)
    if channel.archived:
        raise Rejected("is_archived", channel.name)
    return channel


def _joined(arguments: dict[str, Any], names: dict[str, Channel]) -> Channel:
    if "channel" not in arguments:
        raise Rejected("invalid_arguments", "missing required field: channel")
    channel = names.get(str(arguments["channel"]))
    if channel is None:
        raise Rejected("channel_not_found", f"no {arguments['channel']!r}")
    if not channel.has_bot:
        raise Rejected("not_in_channel", channel.name)
    return channel
