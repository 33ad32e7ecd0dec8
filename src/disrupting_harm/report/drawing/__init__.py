"""Drawing: pages, letters, scales, marks and charts of figures."""
