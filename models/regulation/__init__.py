"""Value types for the regulation: levels, scales, items, and the rules of a round."""
