"""A local Slack: an incoming webhook and a Web API with Slack's own rules, and a page that shows what arrived."""

from __future__ import annotations

from .routes import PREFIX, application

__all__ = ["PREFIX", "application"]
