"""Finding things by what people call them: names folded, indexed, and compared with reasons."""
