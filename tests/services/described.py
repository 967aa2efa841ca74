"""Whether a service does what its own OpenAPI says: schemathesis as judge, seeded."""

import subprocess
import sys
from pathlib import Path

COMMAND = [Path(sys.executable).parent / "schemathesis"]


def judge(service, headers, folder, settings="", examples=25):
    """Fail with schemathesis's report at the first answer that the description does not announce.

    settings: TOML of schemathesis's own, for what a business rule refuses beyond the schema.
    """
    (folder / "schemathesis.toml").write_text(settings)
    command = [*COMMAND, "run", "--no-color", "--seed=1", f"--max-examples={examples}"]
    for name, value in headers.items():
        command += ["--header", f"{name}: {value}"]
    command.append(f"{service.url}/openapi/openapi.json")
    run = subprocess.run(command, capture_output=True, text=True, cwd=folder)

    assert run.returncode == 0, run.stdout + run.stderr
