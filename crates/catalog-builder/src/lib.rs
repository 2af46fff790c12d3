//! Builds the data of the catalogue from pinned upstream packages
