"""What is a key does not stand in the log, whoever writes the line."""

import io
import logging

import pytest


@pytest.fixture
def written():
    """What loggers write: ``written("gunicorn.access")`` listens to one and gives its text at the end."""
    listened = []

    def listen(name):
        text, logger = io.StringIO(), logging.getLogger(name)
        handler = logging.StreamHandler(text)
        listened.append((logger, handler, logger.level))
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        return text

    yield listen
    for logger, handler, level in listened:
        logger.removeHandler(handler)
        logger.setLevel(level)


@pytest.mark.parametrize("name", ["gunicorn.access", "gunicorn.error", "django.server", "celery.worker"])
def test_the_secret_of_a_calendar_is_left_out_by_every_process(written, name):
    text = written(name)

    logging.getLogger(name).info('%s "GET %s HTTP/1.1" %d', "10.0.0.7", "/feed/kZ3_-geheim.ics", 200)
    logging.getLogger(name).info("%(r)s", {"r": "GET /feed/kZ3_-geheim.ics?a=1 HTTP/1.1"})

    assert text.getvalue().splitlines() == [
        '10.0.0.7 "GET /feed/*** HTTP/1.1" 200',
        "GET /feed/***?a=1 HTTP/1.1",
    ]


def test_a_wrong_address_of_a_calendar_is_logged_without_what_was_tried(db, client, caplog):
    client.get("/feed/nearly-right.ics")

    assert [record.getMessage() for record in caplog.records] == ["Not Found: /feed/***"]


def test_the_link_for_a_new_password_is_no_line_of_the_log_either(written):
    text = written("gunicorn.access")

    logging.getLogger("gunicorn.access").info("GET /password/reset/MQ/c8x-0af1/ HTTP/1.1")

    assert text.getvalue() == "GET /password/reset/MQ/***/ HTTP/1.1\n"


def test_all_other_addresses_stay_as_they_are(written):
    text = written("django.server")

    logging.getLogger("django.server").info("GET /calendar/feeds/ and /studios/7/month/2026-11/")

    assert text.getvalue() == "GET /calendar/feeds/ and /studios/7/month/2026-11/\n"
