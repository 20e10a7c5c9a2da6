"""How the documentation is built: ``make docs``."""

from importlib.metadata import version as installed_version

project = "wagtail-helpdesk"
author = "the wagtail-helpdesk contributors"
copyright = f"2026, {author}"
version = release = installed_version("wagtail-helpdesk")

extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
nitpicky = True

html_theme = "furo"
html_title = "wagtail-helpdesk"
