"""Placeholder until its owner fills it in."""

from werkzeug.wrappers import Response

PREFIX = "/slack"
application = Response("inbox", status=501)
