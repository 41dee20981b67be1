"""auth.test: whose token it is."""

from __future__ import annotations

from typing import Any


def who(_given: dict[str, Any]) -> dict[str, Any]:
    """The app's bot, as Slack tells it to the bearer of its token."""
    return {
        "url": "https://sandbox.slack.com/",
        "team": "Sandbox",
        "user": "backup",
        "team_id": "T00000000",
        "user_id": "U00000000",
        "bot_id": "B00000000",
        "is_enterprise_install": False,
    }
