//! Charts: pure functions from data to SVG.
