import pytest
from hypothesis import given
from hypothesis import strategies as st

from jybf.vocabulary.fields import load_fields
from jybf.vocabulary.values.addresses import parse_address, parse_place
from jybf.vocabulary.values.choices import bool_parser, enum_parser
from jybf.vocabulary.values.money import parse_money
from jybf.vocabulary.values.numbers import parse_int, parse_month_count, parse_rate, parse_work_months
from jybf.vocabulary.values.places import areas, counties
from jybf.vocabulary.values.text import Unreadable

FIELDS = load_fields().by_name
PROVINCES = sorted({area.province for area in areas().values()})


@pytest.mark.parametrize(
    ("written", "fen"),
    [
        ("800", 80000),
        ("800元", 80000),
        ("￥800.00", 80000),
        ("1,500", 150000),
        ("１，５００", 150000),
        ("1,500.5", 150050),
        ("800.000", 80000),
        ("0.08万元", 80000),
        ("捌佰元整", 80000),
        ("八百元", 80000),
        ("人民币壹万贰仟叁佰肆拾伍元陆角柒分", 1234567),
        ("一千零五元", 100500),
        ("400元/人·月", 40000),
        ("0", 0),
    ],
)
def test_money_is_exact_to_the_fen(written, fen):
    assert parse_money(written) == fen


@pytest.mark.parametrize(
    "written",
    ["500*3", "—", "NaN", "inf", "1_000", "٨٠٠", "1e3", "1.005", "8 00", "1,50", "八百二元", "约800", "800-900", "9" * 30],
)
def test_what_is_no_amount_is_never_paid(written):
    assert isinstance(parse_money(written), Unreadable)


@pytest.mark.parametrize("written", ["内蒙", "内蒙古", "内蒙古自治区", "内蒙包头市"])
def test_inner_mongolia_in_all_its_spellings(written):
    assert parse_place(written) == "内蒙古自治区"


@pytest.mark.parametrize("written", ["-800", "－800", "(800)"])
def test_a_negative_amount_says_that_it_is_negative(written):
    assert parse_money(written) == Unreadable("金额为负")


@pytest.mark.parametrize("written", ["无", "/", "-"])
def test_a_way_to_write_nothing_is_blank_and_not_zero(written):
    assert parse_money(written) is None


@given(st.integers(0, 10**12))
def test_an_amount_written_in_yuan_reads_back_in_fen(fen):
    assert parse_money(f"{fen // 100}.{fen % 100:02d}") == fen
    assert parse_money(f"{fen // 100:,}.{fen % 100:02d}元") == fen


@given(st.text(max_size=12))
def test_no_text_crashes_a_parser(text):
    for parse in (parse_money, parse_int, parse_month_count, parse_work_months, parse_rate, parse_address):
        parse(text)


@pytest.mark.parametrize("written", ["6", "6.0", "六", "６"])
def test_a_count_in_all_its_spellings(written):
    assert parse_int(written) == 6


@pytest.mark.parametrize(
    ("written", "months"), [("1年", 12), ("一年", 12), ("6个月", 6), ("半年", 6), ("1年6个月", 18), ("一年半", 18)]
)
def test_a_term_is_counted_in_months(written, months):
    assert parse_month_count(written) == months


def test_more_than_twelve_months_of_work_in_a_year_are_refused():
    assert parse_work_months("12") == 12
    assert parse_work_months("13").code == "JY113"
    assert parse_work_months("常年").code == "JY113"


@pytest.mark.parametrize("written", ["3.85%", "3.85", "0.0385", "３．８５％"])
def test_a_rate_is_read_as_percent_or_fraction_by_its_size(written):
    assert parse_rate(written) == 38500


@pytest.mark.parametrize("written", ["0.5", "1", "LPR+50BP", "-3.85"])
def test_a_rate_that_could_be_either_is_refused(written):
    assert isinstance(parse_rate(written), Unreadable)


@pytest.mark.parametrize(
    ("field", "written", "value"),
    [
        ("意外险", "√", True),
        ("意外险", "未购买", False),
        ("意外险", "1", True),
        ("意外险", "FALSE", False),
        ("意外险", "☑是 □否", True),
        ("意外险", "无", False),
        ("仍在缴费", "停缴", False),
        ("仍在缴费", "在缴", True),
        ("有组织输出", "自发", False),
        ("全日制", "非全日制", False),
    ],
)
def test_yes_and_no_in_the_words_of_rosters(field, written, value):
    assert bool_parser(FIELDS[field])(written) is value


def test_neither_yes_nor_no_is_unreadable():
    assert isinstance(bool_parser(FIELDS["意外险"])("也许"), Unreadable)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("建档立卡贫困户", "脱贫人口"),
        ("脱贫户（2019年）", "脱贫人口"),
        ("边缘户", "边缘易致贫人口"),
        ("突发严重困难户", "突发严重困难人口"),
        ("一般农户", "一般农户"),
        ("特困", "农村低收入人口"),
    ],
)
def test_a_category_in_the_words_of_rosters(written, value):
    assert enum_parser(FIELDS["人员类别"])(written) == value


@pytest.mark.parametrize("written", ["监测户", "三类户", "监测对象"])
def test_a_word_for_three_categories_is_none_of_them(written):
    assert "未细分" in enum_parser(FIELDS["人员类别"])(written).reason


@pytest.mark.parametrize(
    ("written", "province"),
    [
        ("广东", "广东省"),
        ("广东省深圳市宝安区", "广东省"),
        ("深圳", "广东省"),
        ("昆山", "江苏省"),
        ("新疆", "新疆维吾尔自治区"),
        ("新疆生产建设兵团第一师", "新疆维吾尔自治区"),
        ("仙桃市", "湖北省"),
        ("海南", "海南省"),
        ("海南藏族自治州", "青海省"),
        ("上海市黄浦区南京东路1号", "上海市"),
        ("广东深圳、东莞", "广东省"),
    ],
)
def test_the_province_that_a_text_lies_in(written, province):
    assert parse_place(written) == province


@pytest.mark.parametrize("written", ["省外", "某某电子厂", "广东、浙江", "南京路12号", "朝阳区"])
def test_no_province_or_two_are_not_guessed(written):
    assert isinstance(parse_place(written), Unreadable)


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("广东省深圳市宝安区西乡街道", ("广东省", "深圳市", "宝安区")),
        ("重庆市丰都县", ("重庆市", None, "丰都县")),
        ("浙江义乌市佛堂镇", ("浙江省", None, "义乌市")),
        ("四川省凉山州西昌市", ("四川省", "凉山彝族自治州", "西昌市")),
        ("苏州工业园区", ("江苏省", "苏州市", None)),
    ],
)
def test_an_address_down_to_its_county(written, place):
    assert parse_address(written) == place


@pytest.mark.parametrize(
    "written",
    [
        "北京同仁堂太原店", "重庆火锅（太原）", "江苏大厦太原市迎泽区", "广东→太原", "广东省山西省", "北京（太原分公司）", "太原人在北京", "广东、太原",
        "广东转深圳后到山西", "广东省太原市", "重庆火锅店", "兰州拉面", "江苏大厦", "四川饭店", "上海分公司",
    ],
)  # fmt: skip
def test_two_places_or_the_name_of_a_firm_are_no_place(written):
    assert isinstance(parse_place(written), Unreadable)


@pytest.mark.parametrize(
    ("written", "province"),
    [
        ("上海市山西路", "上海市"), ("上海市山西北路551弄", "上海市"), ("太原市迎泽区北京路12号", "山西省"), ("上海市中山东一路", "上海市"),
        ("南京市鼓楼区中山北路", "江苏省"), ("太原市迎泽区江苏大厦", "山西省"), ("武汉市武昌区中山医院", "湖北省"), ("广东电子厂", "广东省"),
        ("武汉中建三局", "湖北省"), ("静乐", "山西省"), ("祁县昭馀镇", "山西省"), ("北京大学", "北京市"), ("海南", "海南省"), ("吉林省吉林市", "吉林省"),
    ],
)  # fmt: skip
def test_a_road_or_a_house_called_after_a_place_far_away_is_not_there(written, province):
    assert parse_place(written) == province


def test_every_county_is_found_by_its_whole_address():
    listed = [(area, area.province + area.city + area.name) for names in PROVINCES for area in counties(names).values()]
    assert [text for area, text in listed if parse_address(text) != (area.province, area.city or None, area.name)] == []
