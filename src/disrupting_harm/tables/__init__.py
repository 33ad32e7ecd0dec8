"""Tables between the stages and in public: columns, contracts, keys and addresses."""
