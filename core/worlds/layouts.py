"""Where the states of a table are drawn: layers from the start, springs, a circle, and what suits a world best.

Places are (right, down) in states from one to the next, as `TableWorld.places` keeps them. Every layout is deterministic and leaves the
world as it is.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence

import networkx as nx
import numpy as np

from core.worlds.alignment import Place, Places
from core.worlds.mdp import Floats
from core.worlds.table import TableWorld

ROW = 8
"""States in a row at most before it is folded."""
EXACT = 80
"""States up to which springs are as long as the shortest way; above that, neighbours attract and all others repel."""
LARGE = 300
"""States from which layers are the automatic layout: springs would take too long."""
CLEAR = 0.8
"""How far apart states are drawn at least."""


def complete(world: TableWorld) -> Places:
    """The place of every state: its own where it has one; the others are laid out, near the states they are connected with."""
    if not world.places:
        return automatic(world)
    known = {state: world.places[state] for state in world.states if state in world.places}
    missing = [state for state in world.states if state not in known]
    if not missing:
        return known
    neighbours: dict[str, list[str]] = {state: [] for state in missing}
    for row in world.transitions:
        for one, other in ((row.state, row.next), (row.next, row.state)):
            if one in neighbours and other != one:
                neighbours[one].append(other)
    for state in missing:
        near = [known[other] for other in neighbours[state] if other in known]
        taken = np.array(list(known.values()))
        wanted = np.mean(near, axis=0) if near else np.array([taken[:, 0].min(), taken[:, 1].max() + 1])
        known[state] = _free(wanted, taken)
    return {state: known[state] for state in world.states}


def automatic(world: TableWorld) -> Places:
    """What suits the world: a chain in rows, what never comes back in layers, anything else by springs; large worlds in layers."""
    graph = _graph(world)
    layers = _layers(world, graph)
    order = _path(graph) or ([layer[0] for layer in layers] if all(len(layer) == 1 for layer in layers) else [])
    if order:
        return _named(world, dict(zip(order, _rows(len(order)), strict=True)))
    if len(world.states) > LARGE or nx.is_directed_acyclic_graph(graph):
        return layered(world)
    return spring(world)


def layered(world: TableWorld) -> Places:
    """In columns by the number of steps from the start, ordered within them so that few arrows cross."""
    graph = _graph(world)
    layers = _layers(world, graph)
    level = {state: float(place) for layer in layers for place, state in enumerate(layer)}
    for sweep in range(6):
        for layer in layers[1:] if sweep % 2 == 0 else layers[-2::-1]:
            middle = {state: _middle([level[other] for other in nx.all_neighbors(graph, state)], level[state]) for state in layer}
            layer.sort(key=lambda state: (middle[state], state))
            for place, state in enumerate(layer):
                level[state] = place - (len(layer) - 1) / 2
    return _named(world, {state: (float(column), float(level[state])) for column, layer in enumerate(layers) for state in layer})


def spring(world: TableWorld) -> Places:
    """As if arrows were springs: up to 80 states as long as the shortest way (Kamada and Kawai 1989), above that neighbours attract
    and all others repel (Fruchterman and Reingold 1991). The longer side lies level, the start at its left."""
    graph = _graph(world).to_undirected()
    count = len(world.states)
    if count == 1:
        return {world.states[0]: (0.0, 0.0)}
    points = _stretched(graph) if count <= EXACT and nx.is_connected(graph) else _repelled(graph)
    return _named(world, dict(enumerate(map(tuple, _level(world, graph, points).tolist()))))


def circle(world: TableWorld) -> Places:
    """On a circle, clockwise from its top, neighbours one apart."""
    count = len(world.states)
    radius = 0.0 if count == 1 else 0.5 / np.sin(np.pi / count)
    return _named(world, dict(enumerate(map(tuple, (radius * _ring(count)).tolist()))))


LAYOUTS = {"layered": layered, "spring": spring, "circle": circle}
"""By name."""


def _graph(world: TableWorld) -> nx.DiGraph:
    """States by number, an arrow for each step from one to another."""
    number = {state: place for place, state in enumerate(world.states)}
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(world.states)))
    graph.add_edges_from((number[row.state], number[row.next]) for row in world.transitions if row.state != row.next)
    return graph


def _layers(world: TableWorld, graph: nx.DiGraph) -> list[list[int]]:
    """The states by their distance from the start; those out of reach follow from their own first ones."""
    begun = [state for state, name in enumerate(world.states) if world.start.get(name, 0) > 0]
    begun = begun or [state for state in graph if not graph.in_degree(state) and graph.out_degree(state)] or [0]
    distance: dict[int, int] = {}
    for first in (begun, *([state] for state in graph if not graph.in_degree(state)), *([state] for state in graph)):
        waiting = deque(state for state in first if state not in distance)
        distance.update(dict.fromkeys(waiting, 0))
        while waiting:
            state = waiting.popleft()
            for following in sorted(graph.successors(state)):
                if following not in distance:
                    distance[following] = distance[state] + 1
                    waiting.append(following)
    layers: list[list[int]] = [[] for _ in range(1 + max(distance.values()))]
    for state in sorted(distance):
        layers[distance[state]].append(state)
    return layers


def _path(graph: nx.DiGraph) -> list[int]:
    """The states in their order if each is connected with the one before and the one after it only; else none."""
    lines = graph.to_undirected()
    ends = [state for state, degree in lines.degree if degree == 1]
    if len(ends) != 2 or max(degree for _, degree in lines.degree) > 2 or not nx.is_connected(lines):
        return []
    return list(nx.shortest_path(lines, min(ends), max(ends)))


def _rows(count: int) -> list[Place]:
    """Places in one row, or in several that turn like a plough."""
    columns = count if count <= ROW else int(np.ceil(np.sqrt(2.2 * count)))
    rows = [divmod(place, columns) for place in range(count)]
    return [(float(column if row % 2 == 0 else columns - 1 - column), float(row)) for row, column in rows]


def _ring(count: int) -> Floats:
    """[count, 2] on the unit circle, clockwise from its top."""
    angles = np.arange(count) * 2 * np.pi / count
    return np.stack([np.sin(angles), -np.cos(angles)], axis=1)


def _stretched(graph: nx.Graph, rounds: int = 300) -> Floats:
    """[S, 2] points as far apart as the shortest way between them is long, near ones above all: the springs of Kamada and Kawai, brought
    to rest by majorisation (Gansner, Koren and North 2004), which needs no step size."""
    count = len(graph)
    far = np.zeros((count, count))
    for state, lengths in nx.all_pairs_shortest_path_length(graph):
        far[state, list(lengths)] = list(lengths.values())
    weights = 1 / np.maximum(far, 1) ** 2 * (far > 0)
    inverse = np.linalg.pinv(np.diag(weights.sum(axis=1)) - weights)
    points = _ring(count) * far.max() / 2
    for _ in range(rounds):
        apart = np.linalg.norm(points[:, None] - points[None], axis=2)
        pull = weights * far / np.maximum(apart, 1e-9)
        points = inverse @ (np.diag(pull.sum(axis=1)) - pull) @ points
    return points


def _repelled(graph: nx.Graph) -> Floats:
    """[S, 2] points of which neighbours attract and all others repel one another, moved by less and less (Fruchterman and Reingold 1991).

    All repulsions at once, as products of matrices: two thousand states take a few seconds."""
    count, edges = len(graph), np.array(graph.edges, dtype=np.int64).reshape(-1, 2)
    points = (_ring(count) * np.sqrt(count) / 2).astype(np.float32)
    rounds = 80 if count <= LARGE else 40
    for warmth in np.linspace(0.2 * np.sqrt(count), 0.02, rounds, dtype=np.float32):
        squares = (points**2).sum(axis=1)
        push = 1 / np.maximum(squares[:, None] + squares[None] - 2 * points @ points.T, np.float32(0.01))
        np.fill_diagonal(push, 0.0)
        force = points * push.sum(axis=1)[:, None] - push @ points - 0.05 * points
        along = points[edges[:, 1]] - points[edges[:, 0]]
        pull = along * np.linalg.norm(along, axis=1)[:, None]
        np.add.at(force, edges[:, 0], pull)
        np.add.at(force, edges[:, 1], -pull)
        size = np.maximum(np.linalg.norm(force, axis=1, keepdims=True), 1e-9)
        points = points + force / size * np.minimum(size, warmth)
    return points.astype(np.float64)


def _level(world: TableWorld, graph: nx.Graph, points: Floats) -> Floats:
    """The same drawing with its longer axis level, the start left of the middle, neighbours about one apart, and none too near another."""
    points = points - points.mean(axis=0)
    _, _, axes = np.linalg.svd(points, full_matrices=False)
    points = points @ axes.T
    first = next((state for state, name in enumerate(world.states) if world.start.get(name, 0) > 0), 0)
    points = points * np.where([points[first, 0] > 1e-9, points[np.argmax(np.abs(points[:, 1])), 1] > 0], -1, 1)
    edges = np.array(graph.edges).reshape(-1, 2)
    typical = float(np.median(np.linalg.norm(points[edges[:, 0]] - points[edges[:, 1]], axis=1))) if len(edges) else 1.0
    points *= 1.15 / max(typical, 1e-9)
    for _ in range(60 if len(points) <= LARGE else 0):
        between = points[:, None] - points[None]
        apart = np.linalg.norm(between, axis=2) + 2 * CLEAR * np.eye(len(points))
        if apart.min() >= CLEAR:
            break
        points += ((0.5 * np.maximum(CLEAR - apart, 0) / np.maximum(apart, 1e-9))[..., None] * between).sum(axis=1)
    return points


def _free(wanted: Floats, taken: Floats) -> Place:
    """The place nearest to the wanted one, on rings around it, that is clear of those taken."""
    for ring in range(len(taken) + 2):
        angles = np.arange(max(1, 8 * ring)) * 2 * np.pi / max(1, 8 * ring)
        for point in wanted + 0.6 * ring * np.stack([np.cos(angles), np.sin(angles)], axis=1):
            if np.linalg.norm(taken - point, axis=1).min() >= CLEAR:
                return _rounded(point)
    return _rounded(wanted)


def _middle(levels: Sequence[float], otherwise: float) -> float:
    return float(np.mean(levels)) if levels else otherwise


def _named(world: TableWorld, places: Mapping[int, Iterable[float]]) -> Places:
    return {state: _rounded(places[number]) for number, state in enumerate(world.states)}


def _rounded(place: Iterable[float]) -> Place:
    """Short in files and the same on every machine; no negative zero."""
    x, y = place
    return round(float(x), 2) + 0.0, round(float(y), 2) + 0.0
