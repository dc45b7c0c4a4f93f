"""What tabular learners share: the table that kernels read, the bookkeeping of steps and episodes, the behaviour policy or the fixed one,
and the bases of learners of action values, of state values and of bandits.
"""
