"""What of a brand's knowledge fits a message."""
