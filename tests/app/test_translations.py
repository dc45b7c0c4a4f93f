"""The Korean catalogue holds every text that the window shows, and no other: texts are gathered from code and registries."""

import ast
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from string import Formatter

import pytest

from app import text
from app.actions import ACTIONS
from app.dialogs.generate import EmptyGrid
from app.dialogs.shortcuts import BY_VIEW
from app.forms.fields import Kind
from app.picture import Status
from app.plots.grouping import CHOICES
from app.plots.registry import plots
from app.sentences import TOLD
from app.stage.designer import VIEWS
from app.stage.graph.graph_view import ARRANGEMENTS
from app.stage.overlays import overlays
from app.stage.tools import SHAPES, TOOLS
from core.config import Config, settings_table
from core.deep.engine.brought import Brought
from core.formats.registry import formats
from core.policies.registry import kinds
from core.registry import algorithms
from core.runs.scores import COMMON
from core.worlds.generated import GeneratedWorld
from core.worlds.generator import generators
from core.worlds.grid import STAY, WAYS, Cell, GridRules
from core.worlds.gym import GymWorld, Limits, Quantity
from core.worlds.library import library_world, names
from core.worlds.poses import pose_of
from core.worlds.screen import Screen, action_names
from core.worlds.table import TableWorld

ROOT = Path(__file__).parents[2]
KOREAN: dict[str, str] = json.loads((text.FOLDER / "ko.json").read_text(encoding="utf-8")) if (text.FOLDER / "ko.json").exists() else {}
SHOWING = {"setText", "setToolTip", "setStatusTip", "setPlaceholderText", "setAccessibleName", "setAccessibleDescription", "addTab",
           "setTabToolTip", "setWindowTitle", "addAction", "addMenu", "addRow", "showMessage", "setInformativeText", "drawText", "addItem",
           "QLabel", "QPushButton", "QCheckBox", "QDockWidget", "question", "warning", "Line", "Block"}  # fmt: skip


def configs() -> set[type[Config]]:
    """What forms are made of: every algorithm's settings, rules of a grid and the like, and the settings within them that are typed."""
    found: set[type[Config]] = set()
    made = [EmptyGrid, *(found.config for found in generators().values())]
    waiting: list[type[Config]] = [GridRules, Limits, Screen, *made, *(algorithm.config for algorithm in algorithms().values())]
    waiting += [format.settings for format in formats().values() if format.settings]
    while waiting:
        config = waiting.pop()
        found.add(config)
        kinds = [Kind.of(info.annotation, info.metadata).type for info in config.model_fields.values()]
        waiting += [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Config) and kind not in {*found, Brought}]
    return found


def tables() -> dict[str, set[str]]:
    """The texts that may reach `tr` as a variable, by how the code calls it."""
    settings = [row for config in configs() for row in settings_table(config)]
    worlds = [library_world(name) for name in names()]
    gyms = [world for world in worlds if isinstance(world, GymWorld)]
    drawn, told, learners = plots().values(), overlays(), algorithms().values()
    titles = {row["title"] for row in settings}
    descriptions = {row["description"] for row in settings}
    named = [world for world in worlds if isinstance(world, GymWorld | TableWorld | GeneratedWorld)]
    actions = {action for world in named for action in world.actions if not action.isdecimal()} | {*WAYS, STAY}
    listed = (world for world in named if not isinstance(world, GymWorld))
    states = {str(state) for world in listed for state in world.states if str(state)[-1].isalpha()}
    ways = ("", "UP", "RIGHT", "LEFT", "DOWN", "UPRIGHT", "UPLEFT", "DOWNRIGHT", "DOWNLEFT")
    actions |= {*action_names([(way + fire) or "NOOP" for way in ways for fire in ("", "FIRE")])}
    known = [quantity for world in gyms for quantity in (*world.observation, *posed(world))]
    quantities, measured = {quantity.name for quantity in known}, {quantity.unit for quantity in known}
    axes = [axis for plot in drawn for axis in plot.x]
    choices = {choice for row in settings for choice in row["choices"] or () if isinstance(choice, str)}
    menus = {spec.menu for spec in ACTIONS}
    return {
        "spec.text": {spec.text for spec in ACTIONS},
        "spec.tip": {spec.tip for spec in ACTIONS},
        "title": menus | {tool.title for tool in (*TOOLS, *SHAPES)} | set(CHOICES.values()) | set(COMMON),
        "spec.menu": menus,
        "view": set(BY_VIEW),
        "deed": {deed for known in BY_VIEW.values() for deed in known},
        "tool.title": {tool.title for tool in TOOLS},
        "tip": {tool.tip for tool in (*TOOLS, *SHAPES)},
        "cell.family": {cell.family for cell in Cell},
        "kind.family": {cell.family for cell in Cell},
        "tool.cell.family": {cell.family for cell in Cell},
        "way": set(WAYS),
        "arrangement.title": {arrangement.title for arrangement in ARRANGEMENTS},
        "arrangement.tip": {arrangement.tip for arrangement in ARRANGEMENTS},
        "view.title": {view.title for view in VIEWS},
        "view.tip": {view.tip for view in VIEWS},
        "overlay.title": {overlay.title for overlay in told},
        "overlay.tip": {overlay.tip for overlay in told},
        "overlay.missing": {overlay.missing for overlay in told} - {""},
        "plot.title": {plot.title for plot in drawn},
        "plot.tooltip": {plot.tooltip for plot in drawn},
        "plot.waiting": {plot.waiting for plot in drawn},
        "plot.absent": {plot.absent for plot in drawn},
        "plot.y.unit": {plot.y.unit for plot in drawn},
        "plot.counted": {plot.counted for plot in drawn if plot.smoothing},
        "plot.line": {plot.line for plot in drawn},
        "line.title": {line.title for plot in drawn for line in plot.also},
        "view.plot.title": {plot.title for plot in drawn},
        "view.plot.tooltip": {plot.tooltip for plot in drawn},
        "axis.label": {axis.label for axis in (*axes, *(plot.y for plot in drawn))},
        "axis.unit": {axis.unit for axis in (*axes, *(plot.y for plot in drawn))},
        "self.axis.label": {axis.label for axis in axes},
        "self.status.value": {status.value for status in Status},
        "chosen.title": {algorithm.title for algorithm in learners},
        "algorithm.title": {algorithm.title for algorithm in learners},
        "algorithm.summary": {algorithm.summary for algorithm in learners},
        "info.title or name.replace('_', ' ').capitalize()": titles,
        "info.description or ''": descriptions,
        "infos[name].title or name": titles,
        "info.title or name": titles,
        "infos[name].description or ''": descriptions,
        "section": {row["section"] for row in settings},
        "unit": {row["unit"] for row in settings},
        "text.replace('_', ' ').replace('-', ' ')": {re.sub("[-_]", " ", choice) for choice in choices},
        "action": actions,
        "world.actions[action]": actions,
        "self.mdp.action_names[section - ACTIONS]": actions,
        "mdp.action_names[action]": actions,
        "mdp.action_names[mdp.pair_action[row]]": actions,
        "name": {*WAYS, STAY} | actions,
        "pair[0]": states,
        "row.next": states,
        "row.state": states,
        "self.rows.states[column]": states,
        "self.rows.states[row]": states,
        "self.rows.states[section]": states,
        "state": states,
        "state.name": states,
        "str(mdp.state_names[0])": states,
        "str(mdp.state_names[int(classes[place].states[0])])": states,
        "str(mdp.state_names[int(states[each])])": states,
        "str(mdp.state_names[last])": states,
        "str(mdp.state_names[state])": states,
        "str(name)": states,
        "str(self.mdp.state_names[self.order[row]])": states,
        "str(self.mdp.state_names[state])": states,
        "self._name(rows, number, column)": states | actions,
        "quantity.name": quantities,
        "quantity.unit": measured,
        "known[0].name": quantities,
        "known[place].name": quantities,
        "known[place].unit": measured,
        "format.title": {format.title for format in (*formats().values(), *kinds().values())},
        "format.description": {format.description for format in formats().values() if format.settings},
        "template": set(TOLD),
        "value": {"yes", "no"},
    }


def posed(world: GymWorld) -> tuple[Quantity, ...]:
    """The numbers of a state that a person may set."""
    bare = world.make().unwrapped
    pose = pose_of(bare)
    bare.reset(seed=0)
    return () if pose is None else pose.quantities(bare)


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Every call in a file with the last part of the name called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            yield (node.func.id if isinstance(node.func, ast.Name) else node.func.attr), node


def texts_in(node: ast.expr, constants: dict[str, ast.expr]) -> Iterator[tuple[str, str]]:
    """The literals that an expression may be, and ("", source) for what is none; constants of the file are looked up."""
    if isinstance(node, ast.IfExp):
        yield from texts_in(node.body, constants)
        yield from texts_in(node.orelse, constants)
    elif isinstance(node, ast.Constant):
        yield str(node.value), ""
    elif isinstance(node, ast.Name) and node.id in constants:
        yield from texts_in(constants[node.id], constants)
    elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id in constants:
        table = constants[node.value.id]
        for value in table.values if isinstance(table, ast.Dict) else ():
            yield from texts_in(value, constants)
    else:
        yield "", ast.unparse(node)


def files() -> list[Path]:
    return sorted((ROOT / "app").rglob("*.py"))


def translated() -> set[tuple[str, str]]:
    """What is handed to `tr` anywhere in the window's code: (text, "") or ("", expression)."""
    found: set[tuple[str, str]] = set()
    for file in files():
        tree = ast.parse(file.read_text(encoding="utf-8"))
        constants = {target.id: node.value for node in tree.body if isinstance(node, ast.Assign)
                     for target in node.targets if isinstance(target, ast.Name)}  # fmt: skip
        for name, call in calls(tree):
            if name == "tr":
                found |= set(texts_in(call.args[0], constants))
    return found


def shown() -> set[str]:
    """Every text that the window may show."""
    return {found for found, _ in translated()}.union(*tables().values()) - {""}


def holes(template: str) -> list[tuple[str, str]]:
    """The {placeholders} of a text, each with its format."""
    return sorted((name, form or "") for _, name, form, _ in Formatter().parse(template) if name is not None)


@pytest.fixture
def speak() -> Iterator[Callable[[str], None]]:
    yield text.use
    text.use("en")


def test_the_tables_here_name_every_variable_that_is_translated() -> None:
    assert {source for _, source in translated()} - {""} == set(tables())


def test_every_text_has_a_translation() -> None:
    assert sorted(shown() - set(KOREAN)) == []


def test_every_translation_is_of_a_text_that_is_shown() -> None:
    assert sorted(set(KOREAN) - shown()) == []


def test_translations_say_something_and_keep_the_placeholders() -> None:
    assert [english for english, korean in KOREAN.items() if not korean.strip()] == []
    assert [english for english, korean in KOREAN.items() if holes(english) != holes(korean)] == []


def test_the_catalogue_is_laid_out_for_reading() -> None:
    neat = json.dumps(KOREAN, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
    assert (text.FOLDER / "ko.json").read_text(encoding="utf-8") == neat


def test_no_text_is_shown_past_the_catalogue() -> None:
    past = [
        f"{file.relative_to(ROOT)}:{argument.lineno} {argument.value}"
        for file in files()
        for name, call in calls(ast.parse(file.read_text(encoding="utf-8")))
        if name in SHOWING
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and re.search(r"[A-Za-z]{3}", argument.value)
    ]
    assert past == []


def test_the_language_can_be_switched_and_switched_back(speak: Callable[[str], None]) -> None:
    assert text.languages() == ("en", "ko")
    speak("ko")
    assert (text.language(), text.tr("Train")) == ("ko", KOREAN["Train"]) != ("ko", "Train")
    speak("en")
    assert (text.language(), text.tr("Train")) == ("en", "Train")
    speak("xx")
    assert (text.language(), text.tr("Train")) == ("en", "Train")
