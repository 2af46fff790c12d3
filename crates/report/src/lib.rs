//! Renders results: JSON, YAML, the full report, explanations
