"""Whether the percentiles of a worklist are still as they should be. Pure: numpy, no Qt."""
