"""Rosters small enough to read in a test, and where the shipped samples are. All persons are invented."""

from pathlib import Path

SAMPLES = Path(__file__).parent.parent.parent / "sample_data"
HEADER = "姓名,身份证号,人员类别,务工省,申请日期,申请金额"
PAID = f"{HEADER}\n甲示例,140926198503120013,脱贫户,广东省,2021-08-01,800\n"
OPEN = f"{HEADER}\n甲示例,140926198503120013,脱贫户,,2021-08-01,800\n"
