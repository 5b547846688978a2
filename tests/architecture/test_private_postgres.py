"""The private PostgreSQL of the tests: it answers, it is ours alone, and nothing of it stays."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.architecture.source_tree import ROOT
from tests.postgres import binaries, cluster

pytestmark = pytest.mark.skipif(binaries() is None, reason="PostgreSQL is not installed")


def test_a_cluster_answers_and_leaves_nothing_behind() -> None:
    with cluster() as url, psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(
            "SELECT current_database(), current_user, current_setting('server_encoding'),"
            " current_setting('fsync'), current_setting('data_directory')"
        ).fetchone()
        assert row is not None
        assert row[:4] == ("cmis", "cmis", "UTF8", "off")
        folder = Path(row[4])
        assert urlsplit(url).hostname == "127.0.0.1"
    assert not folder.parent.exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url, connect_timeout=2)


def test_a_durable_cluster_keeps_its_promises_for_measurements() -> None:
    options = {"shared_buffers": "16MB"}
    with cluster(durable=True, options=options) as url, psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT current_setting('fsync'), current_setting('shared_buffers')"
        ).fetchone()
    assert rows == ("on", "16MB")


def test_a_command_gets_the_address_and_its_exit_code_comes_back() -> None:
    program = "import os, sys; sys.exit(7 * os.environ['CMIS_DATABASE_URL'].startswith('postgres'))"
    done = subprocess.run(
        [sys.executable, "-m", "tests.postgres", "--", sys.executable, "-c", program],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name != "CMIS_DATABASE_URL"},
        check=False,
    )
    assert done.returncode == 7
