//! JavaScript, JSX, TypeScript and TSX source to facts
