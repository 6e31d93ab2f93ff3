"""The patient's journal as windows: the one place of the screen that holds its words."""
