"""Draws: the only package with Qt. Gets state by one method, emits typed commands, computes no domain value."""
