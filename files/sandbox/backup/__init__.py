"""Placeholder until its owner fills it in."""


def install() -> None:
    """Extend moto; called once before the first request."""
