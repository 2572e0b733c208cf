"""``jybf rules new``: the skeleton of a pack, every key of it said in a comment."""

from pathlib import Path

from jybf.errors import Problem, UsageError
from jybf.model import Pack
from jybf.policy import find_region, load_pack, pack_names
from jybf.policy.folders import own_folder, use_folder
from jybf.regex import pattern

_ID = pattern(r"[a-z][a-z0-9_]{1,30}")


def rules_new(name: str, extends: str = "", rules: str = "") -> str:
    """Write ``name``.toml into the folder ``rules`` (default: JYBF_RULES, else the working folder), and say what to do next.

    ``extends``: the pack that it is laid over. Raises UsageError for a name that is none, or is taken.
    """
    use_folder(rules)
    if not _ID.fullmatch(name):
        raise UsageError(Problem(f"“{name}”不能作代号", "", "用英文小写字母和数字，如 qinghe；地区的中文名写在文件里"))
    folder = own_folder()
    path = (folder or Path()) / f"{name}.toml"
    if path.exists() or name in dict(pack_names()):
        raise UsageError(Problem(f"已经有“{name}”这个规则包", str(path) if path.exists() else "", "换一个代号"))
    parent = find_region(extends, "--extends") if extends else ""
    text = skeleton(name, parent)
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)
    own = f"{name} --rules {rules}" if rules else name if folder else path.name
    return f"写好了 {path}：照着文件填，删去用不上的\n查一遍：jybf rules check {own}\n跑例子：jybf rules test {own}"


def skeleton(name: str, parent: str) -> str:
    """The text of a new pack, over ``parent`` if there is one."""
    pack = load_pack(parent) if parent else None
    inherited = (
        f'extends = "{parent}"                # 其余的照{pack.name}，依据仍写{pack.short}的条款'
        if pack
        else '# extends = "shanxi"            # 在上级规则包的基础上改，就写它的代号'
    )
    paid = pack.payable() if pack else ()
    known = "\n".join(f"#   {program.id} {program.cite}" for program in paid)
    changed = _OVERRIDE.format(known=known, first=paid[0].id) if paid else ""
    return _HEAD.format(id=name, extends=inherited) + _settings(pack) + changed + _OWN


def _settings(pack: Pack | None) -> str:
    """What the parent leaves open, each as it is by default, to be taken otherwise."""
    found = {one.name: one for program in (pack.programs if pack else ()) for one in program.settings}
    lines = [
        f'# "{one.name}" = {{ value = "{one.default}", cite = "第五条" }}   # 可以取：{"、".join(one.choices)}'
        for one in found.values()
    ]
    head = "\n# [settings]                         # 上级留给当地定的；县里定了的，去掉前面的 #"
    return "\n".join([head, *lines, ""]) if lines else ""


_HEAD = """\
# 写法见 rules/README.md。# 后面是注释，程序不看。一句条文一个条件，旁边写条款号。

id = "{id}"                      # 代号，-r 用
name = "某某县"                      # 地区全名
places = ["某某县"]                  # 表题、户籍列里出现这些字，就认为是本地区的花名册
document = "某某县……的通知"          # 文件全名
short = "某某县通知"                 # 简称，写在每条依据前面
issued = "2022年3月1日"              # 印发日期
since = 2022-03-01                   # 施行日
until = 2025-12-31                   # 截止日
until_cite = "第十条"                # 截止日写在哪里
{extends}

[defaults]
"户籍县" = "某某县"                  # 花名册没有填的，按这个；用了就在“假定”里写明
"""

_OVERRIDE = """

# ── 改上级的项目 ───────────────────────────────────────────────
# 上级有这些项目：
{known}
# 要改哪个，去掉下面的 #，写它的名字；只写要改的键，没写的照上级。
# [[program]]
# id = "{first}"
# override = true
# cite = "第二条"                    # 本县的条款号
#
# [program.amount]                   # 从某天起改的，写 from = 2023-01-01；以前的照上级
# kind = "fixed"
# yuan = "850"
#
# [[program.case]]                   # 改了以后应当怎样，写例子
# name = "……：给 850 元"
# given = {{ "人员类别" = "脱贫人口", "申请日期" = 2022-04-01 }}
# expect = "可发放"
# yuan = "850.00"
"""

_OWN = """

# ── 本地自己的项目 ─────────────────────────────────────────────

[[program]]
id = "返岗路费补贴"                  # 项目名，出现在结果里
cite = "第三条"                      # 条款号
payee = "个人"                       # 发给谁：个人、户、单位、项目
titles = ["返岗路费"]                # 表题里有这些词，就是这个项目
basis = ["申请日期"]                 # 以哪一天为准
once = ["身份证号", "申请年度"]      # 每人每年一次；["身份证号"] 是终身一次

[[program.amount]]                   # 金额：一版一个，从哪天起换的写 from
kind = "fixed"                       # fixed 定额；cap 最高不超过；open 文件没有定
yuan = "300"

# [[program.amount]]
# from = 2023-01-01                  # 从这一天起（看 basis 的日期）
# cite = "补充通知第一条"
# entered = 2023-01-20               # 哪天录入的，--law-as-of 用
# kind = "fixed"
# yuan = "500"

[[program.clause]]
id = "对象"
cite = "第三条"
text = "对象是脱贫人口"              # 自己的话
holds = "人员类别 = '脱贫人口'"      # 条件；有哪些字段、取值：jybf rules fields 人员类别

# [[program.manual]]                 # 要人判断的，打印给经办人看
# cite = "第三条"
# text = "车票由乡镇核实"

[[program.case]]                     # 例子：可发放、不符合、待补资料至少各一个
name = "脱贫人口：给 300 元"
given = { "人员类别" = "脱贫人口", "申请日期" = 2022-04-01 }
expect = "可发放"
yuan = "300.00"

[[program.case]]
name = "一般农户：不是对象"
given = { "人员类别" = "一般农户", "申请日期" = 2022-04-01 }
expect = "不符合"
says = "人员类别"                    # 说明里应有的字

[[program.case]]
name = "人员类别没有填：待补资料"
given = { "申请日期" = 2022-04-01 }
expect = "待补资料"
"""
