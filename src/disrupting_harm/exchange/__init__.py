"""Published numbers in the formats that data warehouses, archives and search engines take."""
