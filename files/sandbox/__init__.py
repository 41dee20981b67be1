"""A local AWS and a local Slack on loopback: moto, extended with what AWS Backup's closed loop needs."""
