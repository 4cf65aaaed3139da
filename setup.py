"""Puts the cases and fixtures into the wheel; everything else about the package stands in pyproject.toml."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).parent
DATA = ("scenarios", "fixtures")


class BuildWithData(build_py):
    """Copies the data folders to harness/_data, where harness.data.data_root finds them; a checkout needs no copy."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        for folder in DATA:
            target = Path(self.build_lib, "harness", "_data", folder)
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(HERE / folder, target, ignore=shutil.ignore_patterns("__pycache__"))


setup(cmdclass={"build_py": BuildWithData})
