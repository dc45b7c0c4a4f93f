"""Partially observable processes in Cassandra's format, to be read only: the agent sees the state. See `core.formats.cassandra`."""

from core.formats.cassandra import own, read
from core.formats.format import Format

FORMAT = Format(
    name="pomdp",
    title="Cassandra's POMDP",
    description="The text format of pomdp-solve; the world behind the observations is read.",
    extensions=(".pomdp",),
    read=read,
    own=own,
    order=71,
)
