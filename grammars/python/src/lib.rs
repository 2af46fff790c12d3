//! Python source to facts
