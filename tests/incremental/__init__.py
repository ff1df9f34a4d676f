"""What is brought up to date from a change."""
