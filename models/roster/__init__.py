"""Units, cadres and the posts they hold."""
