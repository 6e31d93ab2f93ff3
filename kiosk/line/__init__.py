"""One JSON object a line between processes: codec, limits and heartbeat. Typed and validated at both ends."""
