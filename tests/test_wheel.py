"""The wheel carries the rules: what is installed from it works in an empty folder, far from the checkout."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROSTER = "姓名,身份证号,人员类别,务工省,申请日期,申请金额\n甲示例,140926198503120013,脱贫户,广东省,2021-08-01,800\n"


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A folder with nothing but the unpacked wheel, as ``pip install`` leaves it; the dependencies are those of this run."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", ROOT, "--no-deps", "--no-build-isolation", "-w", folder], check=True)
    (wheel,) = folder.glob("jybf-*.whl")
    subprocess.run([*pip, "install", wheel, "--no-deps", "--target", folder / "site"], check=True)
    return folder / "site"


@pytest.fixture
def jybf(installed, tmp_path):
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "JYBF"))}
    environment["PYTHONPATH"] = os.pathsep.join([str(installed), sysconfig.get_paths()["purelib"]])

    def run(*arguments):
        command = [sys.executable, "-P", "-m", "jybf", *arguments]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    return run


@pytest.mark.slow
def test_the_wheel_runs_in_an_empty_folder(jybf, tmp_path):
    (tmp_path / "花名册.csv").write_text(ROSTER, encoding="utf-8")
    assert jybf("--version").stdout.startswith("jybf ")
    result = jybf("calc", "花名册.csv", "-r", "shanxi")
    assert (result.returncode, ",800.00," in result.stdout) == (0, True), result.stderr


@pytest.mark.slow
def test_the_wheel_carries_every_rule(installed):
    shipped = {path.name for path in (installed / "jybf" / "rules").iterdir()}
    assert shipped == {path.name for path in (ROOT / "rules").iterdir()}
    assert (installed / "bin" / "jybf").exists()
