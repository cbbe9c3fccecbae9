//! Rate ratios with intervals.
