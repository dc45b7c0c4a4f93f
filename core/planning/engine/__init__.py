"""What planners are made of: passes over a finite MDP cut into units, backups as kernels, direct solves, explanations.

Shapes: S states, P state-action pairs, as in `core.worlds.mdp`. Every member plans on the same table, so one computation
stands for all of them.
"""
