"""What learners on linear features are made of: bounds, features, memory, kernels and bookkeeping."""
