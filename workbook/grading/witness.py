"""Whether the code that judges, inside the learner's kernel, is still the course's own.

The text of this file is sent to the kernel before and after each check and run there in a
namespace of its own; it imports nothing of ours. The grader runs the same functions on its own,
untouched modules, salted afresh each time so that an old answer is of no use; and compares what
it has not imported with what the kernel said before any learner's code had run.

Looked at: the functions, classes and constants of the modules that judge, those of the libraries
that a check believes (what sends requests, draws at random, reads JSON, shows results), what has
been hooked into IPython or the interpreter, and the exercise's own steps.
"""

import builtins
import hashlib
import sys
import types

MIME = "application/vnd.workbook.witness+json"
ENGINE = (
    *(
        "workbook",
        "workbook.checks",
        "workbook.settings",
        "workbook.logbook",
        "workbook.waiting",
        "workbook.errors",
    ),
    *(
        f"workbook.checks.{name}"
        for name in (
            *("commands", "judge", "deadline", "exercise", "expectations", "harness", "learner"),
            *("outcome", "card", "receipt", "registry", "worker"),
        )
    ),
    *("workbook.shop.client", "workbook.shop.verbs", "workbook.failures.plan"),
    *("workbook.failures.worker", "workbook.failures.probe", "workbook.failures.books"),
)
BELIEVED = {
    "random": ("Random",),
    "json": ("dumps", "loads"),
    "json.encoder": ("JSONEncoder",),
    "json.decoder": ("JSONDecoder",),
    "contextlib": ("ExitStack", "_GeneratorContextManager", "suppress"),
    "requests.sessions": ("Session",),
    "requests.adapters": ("HTTPAdapter",),
    "requests.models": ("Response",),
    "IPython.core.interactiveshell": ("InteractiveShell",),
    "IPython.core.displaypub": ("DisplayPublisher",),
    "IPython.core.display_functions": ("display", "publish_display_data"),
    "ipykernel.zmqshell": ("ZMQInteractiveShell", "ZMQDisplayPublisher"),
    "ipykernel.kernelbase": ("Kernel",),
    "ipykernel.ipkernel": ("IPythonKernel",),
    "jupyter_client.session": ("Session",),
}
HOOKS = ("pre_execute", "pre_run_cell")
TRANSFORMERS = ("input_transformers_cleanup", "input_transformers_post", "ast_transformers")
PLAIN = (str, int, float, bool, bytes, type(None))
DEPTH = 6


def digests(salt, modules, exercises=()):
    """A salted digest of each part of `modules` that is loaded, by `module:name`."""
    return salted(salt, texts(modules, exercises))


def salted(salt, told):
    """The digests of what `texts` told."""
    made = {}
    for name, text in told.items():
        content = (salt + text).encode("utf-8", "replace")
        made[name] = hashlib.sha256(content).hexdigest()[:24]
    return made


def texts(modules, exercises=()):
    """What each part of `modules` that is loaded does, in texts that every process writes alike."""
    found = {}
    for module in (*modules, *exercises):
        loaded = sys.modules.get(module)
        if type(loaded) is types.ModuleType:
            for name, value in list(vars(loaded).items()):
                if _is_judged(name, value):
                    found[f"{module}:{name}"] = _told(value, DEPTH)
    for module, names in BELIEVED.items():
        loaded = sys.modules.get(module)
        if loaded is not None:
            for name in names:
                found[f"{module}:{name}"] = _told(vars(loaded).get(name), DEPTH)
    return found


def surroundings(shell):
    """What is hooked into IPython and the interpreter, as texts to be compared over time."""
    hooked = [f"{when} {_name(f)}" for when in HOOKS for f in shell.events.callbacks[when]]
    hooked += [f"{kind} {_name(f)}" for kind in TRANSFORMERS for f in getattr(shell, kind)]
    manager = shell.input_transformer_manager
    lists = ("cleanup_transforms", "line_transforms", "token_transformers")
    hooked += [f"{kind} {_name(f)}" for kind in lists for f in getattr(manager, kind)]
    for part in (shell, shell.display_pub, shell.kernel, shell.events, manager):
        shadowing = [n for n, v in vars(part).items() if callable(v) and hasattr(type(part), n)]
        hooked += [f"{type(part).__name__}.{n}" for n in sorted(shadowing)]
        hooked.append(f"{type(part).__module__}.{type(part).__qualname__}")
    traced = [sys.gettrace(), sys.getprofile()]
    hooked += [f"traced {_name(f)}" for f in traced if f is not None]
    odd = [n for n, v in vars(builtins).items() if isinstance(v, types.FunctionType)]
    return sorted([*hooked, *(f"builtins.{n}" for n in odd)])


def _is_judged(name, value):
    """Constants are in capitals: a counter may change. `exercise` is an exercise's own object."""
    if name.startswith("__"):
        return False
    if isinstance(value, (types.FunctionType, type)) or hasattr(value, "__wrapped__"):
        return True
    if name == "exercise" or type(value).__name__ == "Step":
        return True
    return name.isupper() and isinstance(value, (*PLAIN, tuple, frozenset))


def _told(value, depth):
    """What `value` does, in a text that is the same in every process."""
    if isinstance(value, PLAIN):
        return repr(value)
    if depth == 0:
        return type(value).__name__
    if isinstance(value, types.CodeType):
        return _code(value, depth)
    if isinstance(value, types.FunctionType):
        return _function(value, depth)
    if isinstance(value, (tuple, list)):
        return f"[{', '.join(_told(one, depth - 1) for one in value)}]"
    if isinstance(value, (set, frozenset)):
        return f"{{{', '.join(sorted(_told(one, depth - 1) for one in value))}}}"
    if isinstance(value, type):
        return _class(value, depth)
    return _object(value, depth)


def _object(value, depth):
    if isinstance(value, (staticmethod, classmethod, types.MethodType)):
        return f"{type(value).__name__} {_told(value.__func__, depth)}"
    if isinstance(value, property):
        return f"property {_told((value.fget, value.fset), depth)}"
    if wrapped := getattr(value, "__wrapped__", None):
        return f"{type(value).__name__} {_told(wrapped, depth - 1)}"
    if type(value).__name__ in ("Exercise", "Step"):
        return f"{type(value).__name__} {_told(sorted(vars(value).items()), depth)}"
    return type(value).__qualname__


def _class(value, depth):
    parts = [
        f"{name}={_told(part, depth - 1)}"
        for name, part in sorted(vars(value).items())
        if isinstance(part, (types.FunctionType, staticmethod, classmethod, property))
        or (name.isupper() and isinstance(part, PLAIN))
    ]
    return f"{value.__module__}.{value.__qualname__} {parts}"


def _function(value, depth):
    cells = [_contents(cell) for cell in value.__closure__ or ()]
    held = [_told(one, depth - 1) for one in cells if isinstance(one, types.FunctionType)]
    defaults = _told(value.__defaults__, depth - 1)
    return f"{_code(value.__code__, depth)} {defaults} {held}"


def _contents(cell):
    try:
        return cell.cell_contents
    except ValueError:  # empty
        return None


def _code(code, depth):
    consts = _told(code.co_consts, depth) if depth > 1 else ""
    names = (code.co_names, code.co_varnames, code.co_freevars)
    return f"{code.co_name} {code.co_argcount} {code.co_code.hex()} {names} {consts}"


def _name(function):
    owner = getattr(function, "__module__", "")
    return f"{owner}.{getattr(function, '__qualname__', type(function).__name__)}"
