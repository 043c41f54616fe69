"""The roster: units, cadres and the posts they hold."""
