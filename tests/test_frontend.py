"""What a kernel sends to the page in front of it."""

import textwrap

import pytest
from basics import ROOT, eventually
from jupyter_client.manager import start_new_kernel

SECONDS = 60
# What exits in the reverse order of its registration: the picture comes after pyzmq has stopped the
# helper that takes back what was lent, as the map's last one does on a busy machine.
LATE_PICTURE = """
    import atexit
    import workbook
    from IPython.display import HTML, display

    PICTURE = HTML("x" * 200_000)
    atexit.register(lambda: display(PICTURE))
    display(PICTURE)
"""


@pytest.fixture
def kernel(tmp_path, monkeypatch):
    """A kernel's manager and client; what it says on standard error is kept."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    with (tmp_path / "stderr").open("w") as stderr:
        manager, client = start_new_kernel(
            startup_timeout=SECONDS, cwd=str(tmp_path), stderr=stderr
        )
        yield manager, client
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def test_a_picture_on_its_way_makes_no_traceback_at_the_end(kernel, tmp_path):
    """However late it is sent, a message over 64 KiB is sent as any other."""
    manager, client = kernel
    client.execute_interactive(
        textwrap.dedent(LATE_PICTURE), timeout=SECONDS, output_hook=lambda message: None
    )
    client.shutdown()
    eventually(lambda: not manager.is_alive(), SECONDS, "the end of the kernel")

    assert "Traceback" not in (tmp_path / "stderr").read_text()
