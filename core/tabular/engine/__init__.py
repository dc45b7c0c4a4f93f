"""What tabular learners share: the table that kernels read, the behaviour policy, the bookkeeping of steps and episodes."""
