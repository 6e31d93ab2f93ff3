"""What the music computes with: arrays of stereo frames. Apart from `media.pulse`, for the tones do without numpy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Frames = NDArray[np.float32]
"""Shape (n, 2), full scale is 1.0."""
