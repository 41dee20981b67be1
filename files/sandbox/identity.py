"""How a sandbox is recognised by those that talk to it."""

NAME = "proven.aws_backup sandbox"
