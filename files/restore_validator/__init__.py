"""The AWS Lambda function that looks at what test restores brought back, and tells AWS Backup and people what it found."""
