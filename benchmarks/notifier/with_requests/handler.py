"""The usual way: the same with requests, which has to be packed into the zip."""

import os

import requests

SESSION = requests.Session()


def handler(event, _context):
    """Post the text of each record."""
    for record in event["Records"]:
        answer = SESSION.post(os.environ["WEBHOOK_URL"], json={"text": record["Sns"]["Message"]}, timeout=5)
        answer.raise_for_status()
