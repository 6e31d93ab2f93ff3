"""The provider's review: reads records, libraries and session files, and tells the window what to draw. No Qt.

It owns every file that is looked at. The window owns none: what it shows came over the line, and what a person wants
goes back over it. A session file that does not verify is told with its reason and never as data.
"""
