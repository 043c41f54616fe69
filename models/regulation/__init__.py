"""The regulation as values: levels, scales, items, and the rules of a round."""
