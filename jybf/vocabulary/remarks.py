"""What a remark says against paying: that somebody is dead or gone, that it is void, or that the account is another's."""

import polars as pl

BRACKETS = r"[(（][^()（）]*[)）]"  # a remark behind a value
# A row that is taken out. Also looked for beside a name and a serial number, where there is no room for more.
STRUCK_OUT = ("作废", "取消", "退回", "死亡", "已故", "去世", "重复", "注销")
_DEAD = ("病故", "身故", "亡故", "病亡", "过世", "逝世", "已亡", "已死了?$", "死了", "^亡$", "不在世", "不在人世", "人没了")
_GONE = (
    "离职", "辞职", "辞退", "解聘", "开除", "调走", "调离", "停工", "入伍", "外嫁", "离岗", "退岗", "停缴", "断缴",
    "停保", "失踪", "失联", "服刑", "判刑", "入狱", "收监", "羁押", "逮捕", "在押", "强戒", "强制隔离戒毒", "迁出",
    "(?:户口|户籍)已?迁[至往走到]",
    "解除合同", "解除劳动", "合同解除", "联系不上", "未到岗", "未上岗", "未在岗", "未入职", "没到岗", "没上岗", "没在岗",
    r"(?:已经?|现)停(?:$|[，,。；;、\s）)])",
)  # fmt: skip
_STOPPED = (
    "退票", "追回", "返还", "退款", "缴回", "放弃", "拒领", "不领", "停发", "暂停", "不予", "不发", "不符合", "不合格",
    "暂缓", "缓发", "有误", "不同意", "不通过", "未通过", "没有通过", "驳回", "否决",
)  # fmt: skip
_FALSE = ("冒名", "冒领", "顶替", "替班", "代班", "不是本人", "查无此人", "不知情", "虚报", "虚列", "挂名", "空挂", "空饷")
# What each of the words above has at least.
_HINTS = [*STRUCK_OUT, *"亡故死世没", *_STOPPED]
_OPEN = "待核|待查|待确认|存疑|有疑问|未核实|没有核实|无法核实|未查实"
_HAD = "(?:领取|领|享受)"
_MONEY = "(?:补贴|补助|奖补|奖励|资金|政策)"
_AGAIN = rf"(?:已经?{_HAD}[过了]?|{_HAD}过)(?:$|[，,。；;、\s）)]|.{{0,8}}?{_MONEY})"
# 未重复享受 says the contrary; so does 错误已更正. What somebody draws from other funds is none of this.
_NOT = "(?:没有|从未|并未|尚未|未曾|未见|不存在|不属于|不是|[不未无没非])(?:再|被|曾|有|过)?"
_OTHERS = (
    r"(?:已经?)?(?:享受|领取?|纳入)过?(?:农村|城乡)?(?:最低生活保障|低保|特困|五保|残疾|养老|医保|高龄|孤儿|教育)[^，,。；;、]*"
)
_WORDS = "|".join((*STRUCK_OUT, *_DEAD, *_GONE, *_STOPPED, *_FALSE, _AGAIN))
_RIGHTED = r"(?:有误|重复)[^，,。；;、]{0,4}已(?:经)?[更改纠]正"

# The person of the row himself, so that neither 经村干部核实 nor 其子在读 is meant.
_BEING, _CLOSE = r"(?:^|[，,。；;、\s（(])(?:本人|实际|一直|目前|全年|现|仍|是|系|为|属|任|正|在)*?", r"(?:$|[，,。；;、\s）)])"
_OFFICE = (
    "村?(?:两委|支)?(?:成员|干部|支书|书记|主任|会计|文书)|公务员|公职人员|财政供养人?员?|教师|"
    "(?:事业单位|机关)?(?:在编|编制内?|正式)人员"
)
_SCHOOL = "小学|初中|高中|中学|中职|中专|技校"
_PUPIL = f"(?:在校|在读)的?(?:{_SCHOOL})?(?:学生|生)?|(?:{_SCHOOL})(?:在校|在读|就读|学)(?:学?生)?|学生"
_UNDENIED = "(?:^有?|[^无未没非不曾有、]|[^没]有)"  # before a word: nothing there denies it
_PLACE = r"(?:在?外出?|到外地|(?:在|到|去|赴)[^，,。；;、\s曾村本当镇乡内家]{1,6})"
_AWAY = rf"{_BEING}(?:\d{{1,2}}月份?(?:起|以来)?)?({_PLACE}(?:务工|打工))(?:{_CLOSE}|至今|期间|未归)"
# What contradicts some claims and no others: which, and the words.
CONTRARY: tuple[tuple[str, str], ...] = (
    ("外出", rf"{_BEING}((?:未|没有?|不)(?:在?外出?|出去)?(?:务工|打工|外出)|在家(?:务农|待业|闲)|(?:未|没有?)出(?:县|省|去))"),
    ("务工", rf"{_BEING}((?:本村)?(?:{_OFFICE})){_CLOSE}"),
    ("养老", rf"{_BEING}(已?(?:退休|内退)(?:人员|干部|职工)?){_CLOSE}"),
    ("劳动", rf"{_BEING}(已?(?:完全)?丧失劳动能?力|瘫痪|长期卧床)"),
    (
        "劳动",
        rf"{_BEING}((?:在校|在读)的?(?:{_SCHOOL})?(?:学生|生)?|(?:{_SCHOOL})(?:在校|在读|就读|学)(?:学?生)?|学生){_CLOSE}",
    ),
    ("公岗", _AWAY),
    ("公岗", r"(顶岗|替岗|代岗|长期不在(?:村|岗|家)?|不在(?:村|岗))"),
    ("公岗", rf"(兼任?[^，,。；;、]{{0,3}}(?:{_OFFICE}))"),
    ("创业", rf"{_UNDENIED}(停业|歇业|停止?营业|关门|转让|(?:含|包括|包含)(?:其)?(?:本人|自己|业主|经营者))"),
    ("贷款", rf"{_UNDENIED}(提前(?:部分)?(?:还款|归还|偿还|还清|结清)|逾期|展期|代偿|挪用)"),
    ("参保", rf"{_UNDENIED}(补缴|代缴|挂靠)"),
)

_CARD = "(?:银行|社保|惠农|工资)?(?:一卡通|卡|[账帐][户号]|存折|折子|户头)(?:号码?)?"
_KIN = (
    "(?:儿子|女儿|儿媳|媳妇|女婿|子女|妻子|丈夫|老公|老婆|爱人|配偶|父亲|母亲|父母|爸爸?|妈妈?|公公|婆婆|岳父|岳母|哥哥?|弟弟?|姐姐?|"
    "妹妹?|兄弟|爷爷|奶奶|孙子|孙女|叔叔?|伯父|侄子|侄女|舅舅?|亲属|亲戚|家人|家属|亲友|朋友|邻居|同村|他人|别人|旁人|老板|工头|"
    "包工头|村干部|会计|支书|村主任|队长|组长|监护人|户主)"
)
_ONE = "[子女妻夫父母兄弟姐妹孙媳叔伯侄舅姑姨]"
_END = r"(?:$|的|名|[，,。；;、\s）)])"
_WHOSE = rf"(?:(?:其|他|她|本人)?{_KIN}|其{_ONE}|{_ONE}{_END})"
_ANOTHERS = "|".join((
    rf"{_CARD}(?:名称?)?(?:是|为|系|属于?|用|写|填|归|的|：|:|—|-)*{_WHOSE}",  # 卡号为其子
    rf"(?:借用|使用|用|借|打入?|打到|打给|转入?|转给|存入|发到|发至|发给|汇入)(?:了|到)?(?:其|他|她|本人)?(?:的)?(?:{_KIN}|{_ONE}).{{0,5}}?{_CARD}",
    rf"(?:{_KIN}|其{_ONE})(?:的|名下的?)*{_CARD}",
    rf"(?:打给|转给|发给|付给|交给)(?:其|他|她)?(?:{_KIN}|{_ONE}{_END})",
    rf"{_CARD}(?:不是|非)(?:其)?本人|非(?:其)?本人.{{0,3}}?{_CARD}",
    rf"代领|代收|代为(?:领取|收款|保管)|{_CARD}.{{0,6}}?(?:保管|代管)",
))  # fmt: skip
_UNAIDED = rf"{_NOT}(?:人)?(?:代领|代收|代管)|建档立卡"


def struck_out(texts: pl.Expr) -> pl.Expr:
    """The word by which a text says that a row is void, or its person dead; null where there is none."""
    return _said(texts, "|".join((*STRUCK_OUT, *_DEAD)))


def stops(texts: pl.Expr) -> pl.Expr:
    """As :func:`struck_out`, and that the money is not to be paid, or paid back."""
    return _said(texts, "|".join((*STRUCK_OUT, *_DEAD, *_STOPPED)))


def against(texts: pl.Expr) -> pl.Expr:
    """What a text says against paying anybody, and does not deny; null where it says nothing of the kind."""
    return _said(texts.str.replace_all(_OTHERS, ""), _WORDS)


def unsettled(texts: pl.Expr) -> pl.Expr:
    """What a text leaves to be found out; null where it leaves nothing."""
    return _said(texts, _OPEN)


def may_speak(texts: pl.Series) -> pl.Series:
    """Which of ``texts`` may say what :func:`stops` hears: a quick look, as nearly all say nothing of the kind."""
    return texts.str.contains_any(_HINTS).fill_null(value=False)


def _said(texts: pl.Expr, words: str) -> pl.Expr:
    """The first of ``words`` that a text holds, neither denied nor put right."""
    denied = f"{_NOT}(?:{words})(?:[、和及或](?:{words}))*"
    return texts.str.replace_all(_RIGHTED, "").str.replace_all(denied, "").str.extract(f"({words})")


def anothers_account(texts: pl.Expr) -> pl.Expr:
    """What a text says of an account that is somebody else's; null where it says nothing of the kind."""
    return texts.str.replace_all(_UNAIDED, "").str.extract(f"({_ANOTHERS})")
