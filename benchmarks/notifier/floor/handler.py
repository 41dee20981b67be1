"""The floor: the least a function can do that posts an event to Slack. It retries nothing and explains nothing."""

import http.client
import json
import os
from urllib.parse import urlsplit

WEBHOOK = urlsplit(os.environ["WEBHOOK_URL"])
CONNECTION = (http.client.HTTPSConnection if WEBHOOK.scheme == "https" else http.client.HTTPConnection)(WEBHOOK.netloc, timeout=5)


def handler(event, _context):
    """Post the text of each record."""
    for record in event["Records"]:
        body = json.dumps({"text": record["Sns"]["Message"]})
        CONNECTION.request("POST", WEBHOOK.path, body, {"Content-Type": "application/json"})
        answer = CONNECTION.getresponse()
        if answer.status != 200 or answer.read() != b"ok":
            raise RuntimeError(f"HTTP {answer.status}")
