//! The language-neutral program model that grammars produce and analysis reads
