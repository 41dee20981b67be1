"""Receivers of webhooks besides Slack: a Microsoft Teams workflow, and an HTTPS endpoint that checks signatures."""

from __future__ import annotations

from .routes import PREFIX, application

__all__ = ["PREFIX", "application"]
