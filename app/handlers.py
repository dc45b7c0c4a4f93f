"""What each action does, by its name; `app.actions` declares them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.studio import Studio

OWN = ("fit", "dark", "korean", "commands", "shortcuts", "about", "save", "open_project")
RUNS = ("save_run", "train", "step", "back", "back_far", "newest", "branch", "stop", "reset", "teach")
WORLDS = ("new", "generate", "open", "save_as", "resize")
"""Actions that are called as the methods that do them: of the studio, its runs and its worlds."""


def handlers(studio: "Studio") -> dict[str, Callable[[], object]]:
    """What each action calls. The window is another one after a change of language, so it is asked for each time."""
    same = ((studio, OWN), (studio.runs, RUNS), (studio.worlds, WORLDS))
    found: dict[str, Callable[[], object]] = {name: getattr(owner, name) for owner, names in same for name in names}
    return found | {
        "import_world": studio.exchange.import_world,
        "open_environment": studio.environments.open,
        "printed": studio.environments.show_printed,
        "export_world": studio.exchange.export_world,
        "export_picture": studio.pictures.export_picture,
        "export_animation": studio.animation.export_animation,
        "copy_text": studio.exchange.copy_text,
        "paste_text": studio.exchange.paste_text,
        "open_run": studio.runs.setup.choose_folder,
        "check_run": studio.proof.check,
        "save_project": studio.saving.contents,
        "close_project": studio.saving.close_project,
        "keep_runs": studio.kept.toggle,
        "past_memory": studio.past.choose_memory,
        "kept_runs": studio.kept.browse,
        "next_term": lambda: studio.turn_to_term(1),
        "previous_term": lambda: studio.turn_to_term(-1),
        "step_far": lambda: studio.runs.step(to_boundary=True),
        "history": lambda: studio.window.show_history(),
        "problems": lambda: studio.window.problems.browse(),
        "undo": studio.document.stack.undo,
        "redo": studio.document.stack.redo,
        "larger": lambda: studio.scale(1.15),
        "smaller": lambda: studio.scale(1 / 1.15),
        "quit": lambda: studio.window.close(),
        "reset_layout": lambda: studio.window.reset_layout(),
        "watch": lambda: studio.window.stage.play.watch(),
        "watch_step": lambda: studio.window.stage.play.step(),
        "new_episode": lambda: studio.window.stage.play.begin(),
        "steer": lambda: studio.window.steer(),
        "ask": lambda: studio.window.stage.play.ask(),
        "film": lambda: studio.window.stage.play.film(),
    }
