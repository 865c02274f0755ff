"""Prints what pip's own Configuration makes of each case that standard input names, as JSON."""

import json
import os
import sys

from pip._internal.cli.status_codes import SUCCESS  # noqa: F401  -- loads pip's logging first
from pip._internal.commands import create_command
from pip._internal.configuration import Configuration


def answer(case, options):
    os.environ.clear()
    os.environ.update(case["env"])
    os.chdir(case["project"])
    sys.prefix = os.path.join(case["folder"], "venv")
    try:
        config = Configuration(isolated=False)
        config.load()
        if not options:
            return dict(config.items())
        values = create_command("install").parser.get_default_values()
        names = ("index_url", "extra_index_urls", "no_index", "proxy", "cache_dir")
        return {name: str(getattr(values, name)) for name in names}
    except (Exception, SystemExit):
        return "refused"


print(json.dumps([answer(case, "--options" in sys.argv) for case in json.load(sys.stdin)]))
