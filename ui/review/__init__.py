"""The provider's window: a light desktop window that shows what the review's process sends, a topic a file."""
