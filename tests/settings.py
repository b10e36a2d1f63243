"""The site's own settings, made quick for tests; what they write goes into a scratch folder."""

import atexit
import os
import shutil
import tempfile
from urllib.parse import urlsplit

os.environ.setdefault("DEBUG", "1")
if "VAR_DIR" not in os.environ:
    os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="xinhuo-tests-")
    atexit.register(shutil.rmtree, os.environ["VAR_DIR"], ignore_errors=True)

from config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Queued work is done on the spot; the tests with a real worker and broker start their own (tests/services).
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":  # noqa: F405
    # A file, not memory: only there two connections meet the locks that production has.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}  # noqa: F405
# Looked up when asked for, instead of listed anew for every client a test makes.
WHITENOISE_AUTOREFRESH = True
if REDIS_URL:  # noqa: F405
    # Emptying the cache empties a whole Redis database: one for each process (1-7: those of tests/services).
    process = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
    location = urlsplit(REDIS_URL)._replace(path=f"/{8 + process % 8}")  # noqa: F405
    CACHES["default"]["LOCATION"] = location.geturl()  # noqa: F405
