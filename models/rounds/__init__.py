"""Rounds and the units evaluated in them: plan, life, subjects, forms, paper."""
