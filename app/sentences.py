"""What core says with names and numbers filled in: each sentence is found again by its pattern, translated and filled anew.

A sentence may stand between its place and a remedy ("world.json, line 3: this is not JSON. Open a world ..."), as errors do.
"""

import re
from functools import cache

from app.text import tr

TOLD = (
    "CPU, {count} thread",
    "CPU, {count} threads",
    "step size",
    "discount",
    "reward received",
    "value of '{action}' in '{state}' before the update",
    "value of '{action}' in '{state}' before",
    "value of '{action}' before the update",
    "value of the state '{state}' before",
    "value of the state reached, '{state}', 0 because the episode ended",
    "value of the state reached, '{state}'",
    "trace of the state '{state}': 1 for this visit and what is left of earlier ones",
    "rewards received since, later ones discounted",
    "discount of as many steps",
    "discount of {count} steps",
    "discounted sum of {count} rewards",
    "return of the rest of the episode, from '{state}' on, 0 because the episode ended",
    "return of the rest of the episode, from '{state}' on",
    "how much more likely the greedy policy was to act like this",
    "sum of all such weights so far",
    "preference for '{action}' before",
    "mean of all rewards before",
    "0, as no baseline is set",
    "probability of '{action}' before",
    "rewards 1 of '{action}' before, and 1",
    "rewards 0 of '{action}' before, and 1",
    "mean of what '{action}' may be worth, before",
    "variance of what '{action}' may be worth, before",
    "variance of the rewards of one arm",
    "value of the action taken next in '{state}', 0 because the episode ended",
    "value of the action taken next in '{state}'",
    "value of the action taken next",
    "value of the best action",
    "value of the best action in '{state}', 0 because the episode ended",
    "value of the best action in '{state}'",
    "mean value of the actions in '{state}', as often as each is taken, 0 because the episode ended",
    "mean value of the actions in '{state}', as often as each is taken",
    "what the other table says of the best action in '{state}', 0 because the episode ended",
    "what the other table says of the best action in '{state}'",
    "rewards received on the way, discounted",
    "discount of the state reached",
    "trace of the action taken: 1 for this step and what is left of earlier ones",
    "mean reward of '{action}', the best action in '{state}'",
    "mean reward of '{action}', the policy's action in '{state}'",
    "mean reward of the policy's action in '{state}'",
    "mean reward of '{action}' in '{state}'",
    "mean value of the next state, 0 where the episode ends",
    "mean value of the best next action, 0 where the episode ends",
    "learning network's value of the best next action",
    "learning network's value of the best next action in '{state}'",
    "target network's value of the best next action",
    "target network's value of the best next action, chosen by the learning network",
    "target network's value of the best next action in '{state}', chosen by the learning network",
    "target network's value of the best next action in '{state}'",
    "nothing follows: the episode terminated",
    "weight of the λ-return that follows",
    "λ-return from the next step on",
    "{algorithm} needs a world whose states can be listed; this one has observations only",
    "Choose DQN",
    "{algorithm} needs a bandit: a table of which a single state has actions",
    "Choose the ten-armed testbed",
    "{world} needs the package '{package}', which is not installed here",
    "every value must lie from {low} to {high}, not {given}",
    "every value must lie above {low} and up to {high}, not {given}",
    "visits are not counted here; count steps or episodes",
    "'{given}' is no point; write time:value, such as 5000:0.1",
    "piecewise needs points, such as 0:1, 5000:0.1",
    "piecewise takes at most {most} points, not {count}",
    "points must lie from time 0 to {last}, not at {time}",
    "the lowest return, {lowest}, must lie below the highest, {highest}",
    "{environments} environments make {transitions} transitions in {steps} steps, which {minibatches} minibatches cannot share evenly",
    "the times of points must increase; {after} comes after {before}",
    "replacing traces need features that are 0 or 1, such as tiles",
    "an observation of {count} numbers is too large for linear features",
    "order {order} would need {count} Fourier features for the {size} numbers of an observation",
    "Choose a lower order, with at most {most}, or tiles",
    "convolutions need pictures; an observation here is {count} numbers",
    "a kernel of {size} does not fit into {rows} × {columns} with padding {padding}",
    "Choose a smaller kernel, smaller strides before it, or more padding",
    "The values of member {member} grew beyond all bounds at step {step}",
    "The values of member {member} grew beyond all bounds by step {step}",
    "Member {member} stopped: its values grew beyond all bounds by step {step}",
    "Lower the step size",
    "That would leave nothing but walls",
    "Leave at least one cell free",
    "every cell is a wall; leave at least one free",
    "No state has an action, so nothing can happen",
    "Leave a free cell or add a transition",
    "An episode starts in state '{state}', where it is already over",
    "Start in a state with actions",
    "At discount 1, this policy never ends an episode from state '{state}'",
    "At discount 1, no policy ends an episode from state '{state}'",
    "At discount 1, rewards can be collected for ever from state '{state}'",
    "Lower the discount",
    "The linear programme has no solution: values are not finite",
    "The linear programme could not be solved",
    "Choose value iteration",
    "the values of all stages would take more than 1 GiB",
    "Plan for fewer steps",
    "this is not JSON",
    "this is not a text file",
    "Open a world that Valuescape saved",
    "this is not a world; its 'kind' must be one of {kinds}",
    "it was saved by a newer Valuescape (format {version})",
    "Update Valuescape to open it",
    "the file is larger than {size} MiB, too large for a world",
    "it cannot be opened ({reason})",
    "there is no such setting",
    "the run cannot be saved ({reason})",
    "Choose another folder or free some space",
    "it could not be made ({reason})",
    "its actions are {actions}, not a discrete set",
    "Choose an environment with discrete actions",
    "its observations are {kind}, not a box or a discrete set",
)
"""Where one pattern takes in another, the narrower stands first."""


def told(sentence: str) -> str:
    """A sentence of core in the chosen language; as it is where no pattern fits."""
    for template in TOLD:
        found = _pattern(template).fullmatch(sentence)
        if found:
            values = found.groupdict()
            where, stop, remedy = (values.pop(part) or "" for part in ("_where", "_stop", "_remedy"))
            what = tr(template, **{name: tr(value) for name, value in values.items()})
            return where + what + stop + (" " + told(remedy) if remedy else "")
    return sentence


@cache
def _pattern(template: str) -> re.Pattern[str]:
    what = re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+?)", re.escape(template))
    return re.compile(rf"(?P<_where>(?:.+?: )?){what}(?:(?P<_stop>\.)(?: (?P<_remedy>.+))?)?", re.DOTALL)
