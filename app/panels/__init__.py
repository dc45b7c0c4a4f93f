"""What lies around the stage: library, agent, world, transport, status, explanation."""
