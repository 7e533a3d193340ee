"""Octavo imports where the modules of one operating system do not exist."""

import subprocess
import sys

PROGRAM = """
import importlib, pkgutil, sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name in {"resource", "fcntl"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
for name in ("resource", "fcntl"):
    sys.modules.pop(name, None)
    try:
        importlib.import_module(name)
    except ModuleNotFoundError:
        continue
    sys.exit(f"{name} can still be imported")

import octavo
for module in pkgutil.walk_packages(octavo.__path__, "octavo."):
    if not module.name.endswith(".__main__"):
        importlib.import_module(module.name)
        print(module.name)
"""


def test_every_module_imports_without_resource_and_fcntl() -> None:
    told = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    assert {"octavo.executors.system", "octavo.executors.worker", "octavo.domain.ports"} <= set(told.stdout.split())
