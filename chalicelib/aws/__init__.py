"""HOW: the table, queues, secrets, mail and log. The only code that knows the AWS SDK."""
