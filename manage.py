#!/usr/bin/env python
"""Django's own commands (migrate, makemigrations, …) for developers; users type `yingting`."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yingting.web.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
