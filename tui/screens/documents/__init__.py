"""文书: choosing, writing and finding documents."""
