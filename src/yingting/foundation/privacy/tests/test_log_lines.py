"""Logs hold no personal data, whoever writes what into them."""

import io
import logging
import logging.config

from django.conf import settings


def test_numbers_are_masked_in_messages_arguments_and_tracebacks():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    line = settings.LOGGING["formatters"]["line"]
    handler.setFormatter(logging.config.DictConfigurator(settings.LOGGING).configure_formatter(line))
    log = logging.getLogger("yingting.tests.masking")
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False
    log.info("customer %s asks, card %s", "13812345678", "440106199001011234")
    try:
        raise ValueError("no such phone: 138 1234 5678")
    except ValueError:
        log.exception("failed for wang@example.com")
    written = stream.getvalue()
    assert "customer 138****5678 asks, card 4401**********1234" in written
    assert "ValueError: no such phone: 138****5678" in written
    assert "failed for w**@example.com" in written
    assert "12345678" not in written.replace(" ", "")


def test_every_handler_of_the_house_writes_through_it():
    lines = settings.LOGGING["formatters"]
    assert {lines[handler["formatter"]]["class"] for handler in settings.LOGGING["handlers"].values()} == {
        "yingting.foundation.privacy.log_lines.MaskingFormatter"
    }
