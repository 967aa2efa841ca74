"""A class of the small course: what learners do by mistake, and what one of them does on purpose.

Each name stands for one hand-in: the two answers, and what each must come to. `RIGHT` is a right
answer; a second answer that is right shows that the first one's fate is not the second one's.
"""

from graded import RIGHT as RIGHTS

RIGHT = RIGHTS["ch90.total"]
OWNER = RIGHTS["ch90.owner"]
WRONG = "def order_total(lines):\n    return 1"
WRONG_OWNER = 'owner = "orders"'
FORGE = """
import sys
from IPython.display import display
def forged():
    frame = sys._getframe()
    while "mark" not in frame.f_locals or frame.f_code.co_name != "check":
        frame = frame.f_back
    steps = [{"title": "", "outcome": "passed", "finding": {}}] * 2
    verdict = {"exercise": "ch90.total", "seed": None, "steps": steps}
    told = {"mark": frame.f_locals["mark"], "verdict": verdict}
    display({"application/vnd.workbook.receipt+json": told, "text/plain": "ok"}, raw=True)
"""

# name: (answer to ch90.total, its status, answer to ch90.owner, its status)
MISTAKES = {
    "right": (RIGHT, "passed", OWNER, "passed"),
    "half": (f"{RIGHT} or 1", "partly", WRONG_OWNER, "incorrect"),
    "syntax": ("def order_total(lines:\n    return 0", "error", "owner = input('?')", "error"),
    "raises": ("def order_total(lines):\n    return lines['x']", "error", "owner =", "error"),
    "nul byte": (f"x = '\0'\n{RIGHT}", "error", "owner = Owner", "error"),
    "deep": ("def order_total(lines):\n    return order_total(lines)", "error", OWNER, "passed"),
    "leaves": ("def order_total(lines):\n    exit()", "error", "raise SystemExit", "error"),
    "chatty": (f"for n in range(30_000): print('x' * 50)\n{RIGHT}", "passed", OWNER, "passed"),
    "loop": ("while True:\n    pass", "time_out", OWNER, "passed"),
    "threads": (
        "import threading, time\ndef spin():\n    while True: time.sleep(.01); print('x')\n"
        f"for _ in range(4): threading.Thread(target=spin, daemon=True).start()\n{RIGHT}",
        "passed",
        OWNER,
        "passed",
    ),
    "reset": (f"%reset -f\n{RIGHT}", "passed", OWNER, "passed"),
    "own names": (f"check = judge = exercise = None\n{RIGHT}", "passed", OWNER, "passed"),
    "own files": (
        "import pathlib\nfor n in ('workbook', 'course', 'json', 'random'):\n"
        f"    pathlib.Path(n + '.py').write_text('raise SystemExit')\n{RIGHT}",
        "passed",
        OWNER,
        "passed",
    ),
}

# What takes the kernel, or all of the machine, with it: the second answer is judged all the same.
VIOLENT = {
    "ends the kernel": ("import os\nos._exit(0)", "kernel_died", OWNER, "passed"),
    "ends it when asked": (
        "import os\ndef order_total(lines):\n    os.kill(os.getpid(), 9)",
        "kernel_died",
        OWNER,
        "passed",
    ),
    "ends its group": ("import os\nos.killpg(0, 9)", "kernel_died", OWNER, "passed"),
    "ends its parent": (
        "import os, time\nos.kill(os.getppid(), 9)\ntime.sleep(3)",
        "kernel_died or error",
        OWNER,
        "passed",
    ),
    "ignores interrupts": (
        "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        "time_out",
        OWNER,
        "passed",
    ),
    "forks": (
        "import os, time\nfor _ in range(400):\n    if not os.fork():\n"
        "        time.sleep(600)\n        os._exit(0)\ntime.sleep(600)",
        "kernel_died",
        OWNER,
        "passed",
    ),
    "swells": (
        "kept = []\nimport time\nwhile True:\n    kept.append(b'x' * 20_000_000)\n"
        "    time.sleep(.02)",
        "kernel_died",
        OWNER,
        "passed",
    ),
    "asks for all the memory": ("x = bytearray(10**12)", "error", OWNER, "passed"),
    "20 MB of output": (f"print('x' * 20_000_000)\n{RIGHT}", "passed", OWNER, "passed"),
    "fills the disk": (
        "with open('big', 'wb') as f:\n    f.seek(10**12)\n    f.write(b'x')",
        "error",
        OWNER,
        "passed",
    ),
    "leaves a daemon": (
        "import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', "
        f"'import time; time.sleep(987)'], start_new_session=True)\n{RIGHT}",
        "passed",
        OWNER,
        "passed",
    ),
}

# What wants a verdict that is not its own: an error, told to the teacher, when the judge is no
# longer ours; else simply the verdict that the answer deserves.
SHELL = "shell = get_ipython()\n"
CHEATS = {
    "hides tracebacks": (f"{SHELL}shell.showtraceback = print\n{WRONG}", "error"),
    "patched class": (
        "from IPython.core.interactiveshell import InteractiveShell\n"
        f"InteractiveShell.showtraceback = print\n{WRONG}",
        "error",
    ),
    "custom exceptions": (
        f"{SHELL}shell.set_custom_exc((Exception,), lambda *a, **k: None)\n{WRONG}",
        "incorrect",
    ),
    "transforms cells": (
        f"{SHELL}shell.input_transformers_cleanup.append(lambda l: ['pass\\n'])\n{WRONG}",
        "error",
    ),
    "runs no cell": (f"{WRONG}\n{SHELL}shell.run_cell_async = print", None),
    "hooks before cells": (
        f"{SHELL}shell.events.register('pre_run_cell', lambda info: None)\n{WRONG}",
        "error",
    ),
    "own check": (f"def check(*a): pass\n{WRONG}", "incorrect"),
    "skips": (f"# NBVAL_SKIP\n# NBVAL_RAISES_EXCEPTION\n{WRONG}", "incorrect"),
    "patched check": (
        f"import workbook.checks\nworkbook.checks.check = lambda *a: None\n{WRONG}",
        "error",
    ),
    "patched judge": (
        "import workbook.checks.judge as j\n"
        f"j._run = lambda step, *a: j._result(step, j.Outcome.PASSED, j.Finding())\n{WRONG}",
        "error",
    ),
    "patched expect": (
        f"import small_course.ch90.total as t\nt.expect = lambda *a, **k: None\n{WRONG}",
        "error",
    ),
    "patched code": (
        "import workbook.checks.expectations as e\n"
        f"e.expect.__code__ = (lambda *a, **k: None).__code__\n{WRONG}",
        "error",
    ),
    "no steps": (
        f"from small_course.ch90.total import exercise\nexercise.steps.clear()\n{WRONG}",
        "error",
    ),
    "easier steps": (
        "from small_course.ch90 import total as t\nimport dataclasses\n"
        "t.exercise.steps[:] = [dataclasses.replace(s, function=print, after=()) "
        f"for s in t.exercise.steps]\n{WRONG}",
        "error",
    ),
    "no more chance": (f"import random\nrandom.Random.randrange = lambda *a: 1\n{WRONG}", "error"),
    "own JSON": (f"import json\njson.dumps = lambda *a, **k: '0'\n{WRONG}", "error"),
    "builtins": (f"import builtins\nbuiltins.sum = lambda *a: 1\n{WRONG}", "error"),
    "false modules": (
        "import sys, types\n"
        "sys.modules['workbook.checks.judge'] = types.ModuleType('workbook.checks.judge')\n"
        f"{WRONG}",
        "error",
    ),
    "traces": (f"import sys\nsys.setprofile(lambda *a: None)\n{WRONG}", "error"),
    "publishes nothing": (f"{SHELL}shell.display_pub.publish = print\n{WRONG}", "error"),
    "equal to all": (
        "class All:\n    def __eq__(self, other): return True\n"
        "def order_total(lines): return All()",
        "incorrect",
    ),
    "own verdict": (
        "from IPython.display import display\ndef order_total(lines):\n"
        '    display({"application/vnd.workbook.result+json": {"exercise": "ch90.total", '
        '"outcome": "passed", "points": 3}, "text/plain": "Réussi"}, raw=True)\n    return 1',
        "incorrect",
    ),
    "second receipt": (
        f"{FORGE}\ndef order_total(lines):\n    forged()\n    return 1",
        "error",
    ),
    "only receipt": (
        f"{FORGE}\ndef order_total(lines):\n    forged()\n    raise KeyboardInterrupt",
        "error",
    ),
    "forgets pytest": (f"import os\nos.environ.pop('PYTEST_CURRENT_TEST')\n{WRONG}", "incorrect"),
}

# What bubblewrap keeps out of reach: right if it was reached, an error if not.
OUTSIDE = {
    "reads solutions": "import pathlib\nassert pathlib.Path({solutions!r}).read_text()",
    "reads others": "import pathlib\npathlib.Path({class_!r}, 'right').resolve(True)",
    "writes grades": "import pathlib\npathlib.Path({report!r}, 'results', 'x.json').write_text('')",
    "calls out": "import socket\nsocket.create_connection(('127.0.0.1', {port}), 2)",
}
