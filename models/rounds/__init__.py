"""Rounds and their polls: plan, life cycle, subjects, forms and paper."""
