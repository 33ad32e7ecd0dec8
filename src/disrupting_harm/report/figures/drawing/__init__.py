"""Drawing: style, letters, sizes and formats of every figure."""
