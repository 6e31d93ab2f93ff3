"""Plays: ambient music through libVLC and alarm tones on their own stream. Knows nobody above it."""
