"""Names for the array types that the identity modules pass to each other."""

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

# Codes of values or records: -1 means missing.
Codes: TypeAlias = npt.NDArray[np.int32]
Integers: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]
# Comparison levels: 0 = missing, 1 = different, the last one of a field = equal.
Levels: TypeAlias = npt.NDArray[np.int8]
Texts: TypeAlias = npt.NDArray[Any]

MISSING = -1
