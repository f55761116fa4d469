"""WSGI entry for granian: pages and API."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yingting.web.settings")
application = get_wsgi_application()

# A request makes thousands of short-lived objects and hardly any cycle. Looking for cycles every 700 of them, through all
# that start-up has loaded, costs a tenth of the queue's hot path; so what is loaded is set aside, and the search is rarer.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
