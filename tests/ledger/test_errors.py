"""Whatever is wrong with a ledger or with where it stands: one sentence, a documented exit code, no password, nothing written."""

import os
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest

from jybf import cli
from jybf.commands.ledger import setup
from jybf.errors import UsageError
from jybf.ledger import schema, store
from jybf.ledger.booking import book
from jybf.ledger.events import Act, Head, act_of, head
from jybf.ledger.store import open_ledger, reading, writing
from jybf.ledger.verifying import faults
from tests.ledger.county import POST, Batch, Row, write
from tests.ledger.drafts import Wanted, draft, once
from tests.ledger.server import CLERK, PASSWORD


@pytest.fixture
def jybf(capfd, monkeypatch, tmp_path):
    """Exit code and both streams of the program in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*words):
        code = cli._run([str(word) for word in words])
        return code, *capfd.readouterr()

    return run


@pytest.fixture
def told(jybf):
    """The one sentence that a failed command ends with, and its exit code."""

    def run(*words):
        code, out, err = jybf(*words)
        assert out == ""
        assert err.startswith("错误：")
        assert err.count("\n") == 1
        assert "Traceback" not in err
        assert "内部错误" not in err
        return code, err

    return run


def versions(where, *numbers):
    with open_ledger(where).engine.begin() as connection:
        connection.execute(schema.version.insert(), [{"number": number} for number in numbers])


VERBS = (["list"], ["verify"], ["totals"], ["export"], ["person", "甲"], ["reverse", "1", "--reason", "错"], ["pay", "1"])


@pytest.mark.parametrize("verb", [*VERBS, ["upgrade"], ["init"]], ids=" ".join)
def test_a_newer_ledger_is_refused(where, told, verb):
    versions(where, schema.VERSION + 1)
    code, said = told("ledger", *verb, "--ledger", where)
    assert code == 2
    assert "更新的版本" in said


def test_an_older_ledger_is_refused_until_it_is_upgraded(where, told, jybf, monkeypatch):
    monkeypatch.setattr(schema, "VERSION", schema.VERSION + 1)
    monkeypatch.setattr(store, "UPGRADES", {schema.VERSION - 1: ("CREATE TABLE more (number INTEGER)",)})
    assert told("ledger", "list", "--ledger", where)[0] == 2
    code, *streams = jybf("ledger", "upgrade", "--ledger", where)
    assert (code, "升到" in "".join(streams)) == (0, True)
    assert jybf("ledger", "list", "--ledger", where)[0] == 0


def test_an_upgrade_that_fails_leaves_the_older_ledger(where, told, monkeypatch):
    monkeypatch.setattr(schema, "VERSION", schema.VERSION + 1)
    monkeypatch.setattr(
        store, "UPGRADES", {schema.VERSION - 1: ("CREATE TABLE more (number INTEGER)", "SELECT nonsense FROM nowhere")}
    )
    assert told("ledger", "upgrade", "--ledger", where)[0] in (2, 3)
    monkeypatch.undo()
    with reading(open_ledger(where)) as connection:
        assert "more" not in store.inspect(connection).get_table_names()


@pytest.mark.parametrize("verb", [*VERBS, ["init"], ["upgrade"]], ids=" ".join)
def test_a_file_that_is_no_database_is_named_and_left_alone(told, tmp_path, verb):
    path = tmp_path / "花名册.csv"
    path.write_text("姓名,身份证号\n" * 100, encoding="utf-8")
    code, said = told("ledger", *verb, "--ledger", path)
    assert (code, "不是账本" in said) == (3, True)
    assert path.read_text(encoding="utf-8") == "姓名,身份证号\n" * 100


@pytest.mark.parametrize("table", ["version", "event"])
def test_another_program_s_database_is_left_alone(told, tmp_path, table):
    path = tmp_path / "别的.db"
    with sqlite3.connect(path) as connection:
        connection.execute(f"CREATE TABLE {table} (name TEXT)")
    connection.close()
    before = path.read_bytes()
    assert told("ledger", "init", "--ledger", path)[0] in (2, 3)
    assert told("ledger", "list", "--ledger", path)[0] in (2, 3)
    assert path.read_bytes() == before


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_damaged_page_is_told(where, told, jybf):
    fill(where, 200)
    data = bytearray(Path(where).read_bytes())
    for page in range(2, len(data) // 4096):
        data[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    Path(where).write_bytes(data)
    for verb in (["list"], ["export"], ["pay", "1"]):
        code, said = told("ledger", *verb, "--ledger", where)
        assert (code, "坏了" in said) == (3, True)
    code, *streams = jybf("ledger", "verify", "--ledger", where)
    assert code in (1, 3)
    assert "坏了" in "".join(streams)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("altered", "words"),
    [
        ("payment SET facts = 'x'", ["calc", "名册.csv", "-r", "shanxi", "-q"]),
        ("payment SET facts = '{}'", ["calc", "名册.csv", "-r", "shanxi", "-q"]),
        ("batch SET inputs = 'x'", ["ledger", "list"]),
    ],
)
def test_what_somebody_altered_and_can_t_be_read_is_told(where, told, altered, words):
    fill(where, 2)
    Path("名册.csv").write_text("姓名,身份证号\n甲示例,\n", encoding="utf-8")
    with closing(sqlite3.connect(where)) as connection, connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(f"UPDATE {altered}")
    code, said = told(*words, "--ledger", where)
    assert (code, "账本里" in said) == (3, True)


def fill(where, rows):
    ledger = open_ledger(where)
    with writing(ledger) as connection:
        book(connection, draft([Wanted(str(n), 100, (once(str(n)),)) for n in range(rows)], "a"), act_of("甲"))
    return ledger


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="whoever is root may write everywhere")
def test_a_file_or_a_folder_that_nobody_may_write_is_told(where, told, tmp_path):
    fill(where, 1)
    Path(where).chmod(0o400)
    assert told("ledger", "pay", "1", "--ledger", where)[0] == 2
    Path(where).chmod(0o600)
    tmp_path.chmod(0o500)
    assert told("ledger", "pay", "1", "--ledger", where)[0] == 2
    tmp_path.chmod(0o700)


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "smb2", "fuse.sshfs", "9p", "fuse.glusterfs"])
def test_a_network_drive_is_refused(told, monkeypatch, tmp_path, kind):
    monkeypatch.setattr(store, "_drive", lambda _: kind)
    code, said = told("ledger", "init", "--ledger", tmp_path / "账本.db")
    assert (code, "网络盘" in said) == (2, True)
    assert not (tmp_path / "账本.db").exists()


@pytest.mark.parametrize(
    "where",
    [
        "没有/账本.db",
        ".",
        "没有.db",
        "mysql://u:geheim@h/d",
        "postgresql://u:geheim@h:port/d",
        "postgresql://u:geheim@[x/d",
        "sqlite:///a.db",
    ],
)
def test_a_place_where_no_ledger_can_be_is_named(told, where):
    code, said = told("ledger", "list", "--ledger", where)
    assert code in (2, 3)
    assert "geheim" not in said


def test_a_clock_that_runs_backwards_is_told(where):
    ledger, now = fill(where, 1), datetime.now(UTC)

    def later(behind):
        with writing(ledger) as connection:
            book(connection, draft([Wanted("乙", 100, (once(str(behind)),))], str(behind)), Act("甲", now - behind))

    for behind in (timedelta(minutes=11), timedelta(days=900)):
        with pytest.raises(UsageError, match="时钟"):
            later(behind)
    later(timedelta(minutes=9))  # the clocks of two machines
    with reading(ledger) as connection:
        assert head(connection).number == 2
        assert list(faults(connection)) == []


def test_the_head_that_verify_prints_is_whole_whatever_its_digits(where, jybf, monkeypatch):
    monkeypatch.setattr(setup, "head", lambda _: Head(7, "1234567890123456" * 4))
    assert f"7:{'1234567890123456' * 4}" in "".join(jybf("ledger", "verify", "--ledger", where)[1:])


@pytest.fixture
def guarded(ledgers, server):
    """Where a ledger stands that asks for a password: with the right one, and with wrong ones."""
    where = ledgers()
    name = where.split("/")[3].split("?")[0]
    server.run(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {CLERK}", name)
    return lambda password, form="{user}:{password}@/{name}?host={host}": (
        "postgresql://"
        + form.format(user=CLERK, password=quote(password, safe=""), name=name, host=quote(str(server.folder), safe=""))
    )


FORMS = ("{user}:{password}@/{name}?host={host}", "{user}@/{name}?host={host}&password={password}")
HIDDEN = (PASSWORD, quote(PASSWORD, safe=""), "geheim", "verkehrt")


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
@pytest.mark.parametrize("form", FORMS)
def test_a_password_is_never_shown(guarded, jybf, told, tmp_path, form):
    (roster,) = write(Batch(0, 1, (Row(POST, 1, 1),)), tmp_path)
    right, rates = guarded(PASSWORD, form), ("-r", "xinjiang", "--set", f"{POST}.yuan=800", "--by", "甲")
    runs = [jybf("ledger", "approve", roster, "--ledger", right, *rates, "-f", form_) for form_ in ("table", "json", "csv")]
    runs += [jybf("ledger", verb, "--ledger", right) for verb in ("init", "list", "verify", "totals", "export")]
    runs += [jybf(verb, roster, "--ledger", right, *rates[:4], "-f", "json") for verb in ("calc", "audit")]
    runs += [jybf("ledger", "show", "1", "--ledger", right, "-f", "json")]
    assert all(code in (0, 1) for code, *_ in runs), runs
    with reading(open_ledger(right)) as connection:
        kept = [str(connection.execute(table.select()).all()) for table in schema.TABLES]
    seen = "".join([*(stream for _, *streams in runs for stream in streams), *kept])
    assert not [word for word in HIDDEN if word in seen]
    code, said = told("ledger", "list", "--ledger", guarded("verkehrt", form))
    assert (code, "用户名或密码不对" in said) == (3, True)
    assert not [word for word in HIDDEN if word in said]


def test_a_missing_driver_is_told_with_what_to_install(told, monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    code, said = told("ledger", "list", "--ledger", "postgresql://u:geheim@/d?host=/nowhere")
    assert (code, "jybf[postgres]" in said) == (2, True)
    assert "geheim" not in said


def test_a_server_that_is_not_there_is_told(told):
    pytest.importorskip("psycopg")
    code, said = told("ledger", "list", "--ledger", "postgresql://u:geheim@/d?host=/nowhere")
    assert (code, "连不上" in said) == (3, True)
    assert "geheim" not in said
