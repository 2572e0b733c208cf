"""The page that teaches how to write a pack: its worked example is carried out, and every other snippet is vetted."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from jybf import policy
from jybf.assess.cases import Outcome, outcomes
from jybf.cli.app import app
from jybf.commands import own_pack, rules_check
from jybf.errors import PackError
from jybf.model import Pack
from jybf.policy import load_pack
from jybf.vocabulary import toml
from jybf.vocabulary.facts import FactsFile
from jybf.vocabulary.fields import FieldsFile
from tests.policy.test_load import HEAD, PROGRAM

PAGE = (Path(__file__).parent.parent.parent / "rules" / "README.md").read_text(encoding="utf-8")
WORKED = PAGE[PAGE.index("## 从一份通知到一个规则包") : PAGE.index("## 文件开头")]
ROSTER = (
    "青禾县返岗路费补贴花名册\n姓名,身份证号,人员类别,务工区域,申请日期\n甲示例,140926197011110009,脱贫户,省外,2023-02-01\n"
)


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def others() -> list[str]:
    return blocks(PAGE.replace(WORKED, ""), "toml")


def run(line: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, shlex.split(line.removeprefix("jybf ")))
    if done.exception and not isinstance(done.exception, SystemExit | PackError):
        raise done.exception
    return done.exit_code, done.output + str(done.exception or "")


def its_own(pack: Pack, word: str = "") -> Iterator[Outcome]:
    """Of the examples of the worked pack its own, and the one that it sets aside: the others are tried where the province is."""
    for mine in ("返岗路费补贴", "补贴 3 个月", "补贴月数没有填：待补资料", "2月29日起的合同"):
        yield from (outcome for outcome in outcomes(pack, mine) if word in outcome.program.id)


def read_once(vetted):
    """``vetted``, each text of a pack once: every command reads it anew."""
    packs = {}

    def vetted_once(path, named=None, known_on=None):
        key = (path.read_bytes(), *(named or {}).items(), known_on)
        return packs.setdefault(key, packs[key] if key in packs else vetted(path, named, known_on))

    return vetted_once


def test_the_worked_example_leads_from_the_notice_to_a_pack_that_passes(tmp_path, monkeypatch):
    monkeypatch.setattr(rules_check, "outcomes", its_own)
    monkeypatch.setattr(policy, "_vetted", read_once(policy._vetted))
    monkeypatch.setattr(own_pack, "check_cases", lambda pack: [fault for outcome in its_own(pack) for fault in outcome.faults])
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JYBF_RULES", "")
    tmp_path.joinpath("规则").mkdir()
    first, *lines = [line for block in blocks(WORKED, "sh") for line in block.splitlines() if not line.startswith("mkdir")]
    assert run(first)[0] == 0
    written = [block for block in blocks(WORKED, "toml") if "aside" not in block]
    (aside,) = (line for block in blocks(WORKED, "toml") for line in block.splitlines() if line.startswith("aside"))
    pack = tmp_path / "规则" / "qinghe.toml"
    pack.write_text("\n".join(written), encoding="utf-8")
    code, told = run(lines[0])
    assert code == 1
    assert aside in told
    pack.write_text("\n".join(written).replace("override = true", f"override = true\n{aside}"), encoding="utf-8")
    Path("花名册.csv").write_text(ROSTER, encoding="utf-8")
    for line in lines[1:]:
        code, told = run(line)
        assert code == 0, told
    assert "500.00" in run("jybf calc 花名册.csv -q -f csv -r qinghe --rules 规则")[1]
    assert "青禾县办法" in Path("青禾县.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("snippet", others(), ids=lambda text: text.split("\n")[0][:20])
def test_every_other_snippet_is_one_that_the_program_takes(snippet, tmp_path):
    if re.search(r"^\[\[(fact|field)\]\]", snippet, re.MULTILINE):
        kind = FactsFile if "[[fact]]" in snippet else FieldsFile
        assert toml.Door("页面").typed(snippet.encode(), kind, "README")[1] == []
        return
    path = tmp_path / "x.toml"
    for text in _lines(snippet) if "[[" not in snippet else [snippet]:
        path.write_text(_whole(text), encoding="utf-8")
        load_pack(str(path))


def _lines(snippet: str) -> list[str]:
    """Keys of a programme that stand below each other as variants: each alone."""
    return [line for line in snippet.splitlines() if line and not line.startswith("#")]


def _whole(snippet: str) -> str:
    """``snippet`` where it belongs in a pack of one programme."""
    if snippet.startswith("[[program]]"):
        cases = PROGRAM[PROGRAM.index("[[program.case]]") :]
        return HEAD.replace("2021-05-04", "2021-01-01") + snippet + "\n" + cases.replace('"户籍省" = "山西省", ', "")
    if snippet.startswith("[[setting]]"):
        return HEAD + PROGRAM.replace("跨省务工交通补贴", "返岗路费补贴") + snippet
    if snippet.startswith("[[program."):
        return HEAD + PROGRAM + snippet
    other = "[[program]]" + PROGRAM.split("[[program]]")[1].replace("跨省务工交通补贴", "就业帮扶基地奖励")
    return HEAD + other + PROGRAM.replace('basis = "申请日期"', f'basis = "申请日期"\n{snippet}')


def test_a_snippet_that_is_wrong_would_be_told(tmp_path):
    path = tmp_path / "x.toml"
    path.write_text(_whole('[[program.manual]]\ncit = "（四）"\ntext = "x"'), encoding="utf-8")
    with pytest.raises(PackError, match="cit"):
        load_pack(str(path))
