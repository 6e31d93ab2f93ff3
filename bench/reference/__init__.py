"""What the figures are held against: the least that any program would need for the same, a page each."""
