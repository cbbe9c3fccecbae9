//! Findings -> a Report value -> HTML, SVG, JSON, CSV, GeoJSON.
