"""Messages as threads: a message and its replies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from .store import Message


@dataclass(frozen=True)
class Thread:
    """A message in the channel and what was answered to it.

    Attributes:
        parent: the message.
        replies: the answers, oldest first.
        root: of a reply that is shown in the channel, too: what it replies to.
    """

    parent: Message
    replies: list[Message] = field(default_factory=list)
    root: Message | None = None

    @property
    def messages(self) -> list[Message]:
        """The message, then its replies."""
        return [self.parent, *self.replies]

    @property
    def revision(self) -> int:
        """The number of the inbox's last change to any of them."""
        return max(message.revision for message in self.messages)


def group(messages: Iterable[Message]) -> list[Thread]:
    """What the channel shows of some messages, in their order; replies come after what they reply to."""
    threads: dict[str, Thread] = {}
    for message in messages:
        if message.thread_ts is None:
            threads[message.ts] = Thread(message)
            continue
        thread = threads[message.thread_ts]
        thread.replies.append(message)
        if message.broadcast:
            threads[message.ts] = Thread(message, root=thread.parent)
    return list(threads.values())
