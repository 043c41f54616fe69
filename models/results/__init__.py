"""What happens to results after the seal: fixed grades, deliveries, the archive, documents."""
