"""What deep Q-learners share: device, networks, replay, and the learner itself. Imports torch."""
