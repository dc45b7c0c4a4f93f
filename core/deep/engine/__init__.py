"""What deep learners are made of: networks, optimizers, replay, acting and learning of many members as one batch.

Shapes: K members, B transitions in a minibatch, D numbers in an observation, A actions, P parameters of one member's
network. K always leads, and one member is K = 1, never a path of its own. Tensors are float32 on the run's device.

A pass through networks goes layer by layer in torch (`passes`, `layers`, `head`), or in one compiled call (`dense`) where that is faster.
"""
