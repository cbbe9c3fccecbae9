//! Change against before, series by series.
