"""``jybf sql --probe``: thirty expressions at whose edges engines differ, each with the answer that it must give."""

from collections.abc import Iterator

from jybf.policy.dialects import settings, translated
from jybf.vocabulary.sql import add_months, days, least, month_number, months_begun, text, whole_months

_D = "DATE '{}'".format
_N, _B, _T = "CAST(NULL AS BIGINT)", "(1 = CAST(NULL AS BIGINT))", "CAST(NULL AS VARCHAR)"
_ROWS = "(SELECT 1 AS a UNION ALL SELECT CAST(NULL AS BIGINT) UNION ALL SELECT 2) AS r"


def _tests() -> Iterator[tuple[str, str, str]]:
    """What is tried, the condition (in the engine's own SQL), and whether it is 是, 否 or 空 (NULL)."""
    yield "1 月 31 日加一个月是 2 月 28 日", f"{_D('2021-01-31')} + INTERVAL '1' MONTH = {_D('2021-02-28')}", "是"
    yield "闰年的 1 月 31 日加一个月是 2 月 29 日", f"{_D('2020-01-31')} + INTERVAL '1' MONTH = {_D('2020-02-29')}", "是"
    yield "2 月 29 日加一年是 2 月 28 日", f"{_D('2020-02-29')} + INTERVAL '1' YEAR = {_D('2021-02-28')}", "是"
    yield "3 月 31 日减一个月是 2 月 28 日", f"{_D('2021-03-31')} - INTERVAL '1' MONTH = {_D('2021-02-28')}", "是"
    yield "12 月 31 日加一天是元旦", f"{_D('2021-12-31')} + INTERVAL '1' DAY = {_D('2022-01-01')}", "是"
    yield "1935 年的日期认得", f"{_D('1935-06-01')} + INTERVAL '60' YEAR = {_D('1995-06-01')}", "是"
    yield "1 月 31 日到 2 月 28 日满一个月", f"{whole_months(_D('2021-01-31'), _D('2021-02-28'))} = 1", "是"
    yield "1 月 31 日到 2 月 27 日不满一个月", f"{whole_months(_D('2021-01-31'), _D('2021-02-27'))} = 0", "是"
    yield "零一天也算一个月", f"{months_begun(_D('2021-01-31'), _D('2021-03-01'))} = 2", "是"
    yield "12 月加两个月是下一年的 2 月", f"{add_months(_D('2021-12-30'), '2')} = {_D('2022-02-28')}", "是"
    yield "相隔的天数", f"{days(_D('2020-02-28'), _D('2021-02-28'))} = 366", "是"
    yield "年乘 12 不溢出", f"{month_number(_D('2021-12-31'))} = 24264", "是"
    yield "整数相除去掉零头", "7 // 2 = 3", "是"
    yield "余数", "7 % 4 = 3", "是"
    yield "分的乘法不溢出", "CAST(3000000000 AS BIGINT) * 3 = 9000000000", "是"
    yield "NULL 与数相等是 NULL", f"{_N} = 1", "空"
    yield "NULL 或者真是真", f"{_B} OR 1 = 1", "是"
    yield "NULL 并且假是假", f"{_B} AND 1 = 0", "否"
    yield "NULL 并且真是 NULL", f"{_B} AND 1 = 1", "空"
    yield "非 NULL 是 NULL", f"NOT {_B}", "空"
    yield "是非变成数：真是 1", "CAST((1 = 1) AS INTEGER) = 1", "是"
    yield "是非变成数：NULL 还是 NULL", f"CAST({_B} AS INTEGER) IS NULL", "是"
    yield "NULL 在不在几个词里是 NULL", f"{_T} IN ('甲', '乙')", "空"
    yield "CASE 没有一条成立是 NULL", "CASE WHEN 1 = 0 THEN 1 END IS NULL", "是"
    yield "两个里较小的，有一个不知道就不知道", f"{least(_N, '6')} IS NULL", "是"
    yield "大小写不同不是同一个词", "(SELECT COUNT(DISTINCT t) FROM (SELECT 'a' AS t UNION ALL SELECT 'A') AS r) = 2", "是"
    yield "全角不是半角", "CONCAT('Ａ', '') = 'A'", "否"
    yield "汉字找得到", "STRPOS('静乐县交通补贴', '交通') > 0 AND STRPOS('静乐县', '交通') = 0", "是"
    numbered = f"SELECT a, ROW_NUMBER() OVER (ORDER BY a) AS n FROM {_ROWS}"
    yield "NULL 排在最后", f"(SELECT MAX(n) FROM ({numbered}) AS o WHERE a IS NULL) = 3", "是"
    joined = f"{_ROWS} LEFT JOIN (SELECT 9 AS b) AS s ON r.a = s.b"
    yield "左连接连不上的是 NULL", f"(SELECT COUNT(*) FROM {joined} WHERE s.b IS NULL) = 3", "是"


def probe(dialect: str) -> str:
    """The query in ``dialect``: a row an expression, what it must be, what it is here, and whether that is the same."""
    rows = [
        f"SELECT {n} AS n, {text(what)} AS what, {text(wanted)} AS wanted,"
        f" CASE WHEN {test} THEN '是' WHEN NOT ({test}) THEN '否' ELSE '空' END AS found"
        for n, (what, test, wanted) in enumerate(_tests(), 1)
    ]
    same = "CASE WHEN wanted = found THEN '相同' ELSE '不同' END"
    select = (
        f'SELECT n AS "号", what AS "试什么", wanted AS "应得", found AS "这里", {same} AS "比较" FROM "probes" AS p ORDER BY n'
    )
    stages, told = translated([('"probes"', " UNION ALL ".join(rows))], select, dialect)
    head = "-- 三十个容易不同的写法。“比较”全是“相同”，才可以在这个仓库上用 jybf sql 的查询。\n"
    with_ = "".join(f"WITH {name} AS (\n{sql.replace(' UNION ALL ', chr(10) + 'UNION ALL ')}\n)\n" for name, sql in stages)
    return f"{head}{with_}{told}{settings(dialect)};"
