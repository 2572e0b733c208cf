# make demo   测算、审核 sample_data 里的样例，结果写到 demo/
# make test   装好测试所需并运行全部测试
# make test-engines  装好测试要的引擎（PostgreSQL、MariaDB、chdb、PySpark），在它们上面逐行比对；装不上的、没有 Java 的跳过
# make test-spark    装好 PySpark（要 Java 17），在 local[2] 上比对 --engine spark
# make explore  随机的例子重新抽：make test 每次抽的一样
# make check  格式、类型、锁定的版本、测试；提交前运行
# make readme 把程序打印的屏幕、审核目录和名单重新写进 README.md 和 docs/
# 只要有 Python 3.11 以上和 make；环境建在 .venv/，不动系统。

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: demo test explore test-engines test-spark check lint types locked readme bench clean
.DELETE_ON_ERROR:

# A stamp a stage: a repeated run installs nothing until pyproject.toml changes.
$(VENV)/installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "需要 Python 3.11 以上，现在是 " + sys.version.split()[0])'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --editable .
	@touch $@

# The rules in the form that a command starts from at once; a stale one is never used, so that this only saves time.
$(VENV)/compiled: $(VENV)/installed $(shell find rules jybf -name '*.toml' -o -name '*.csv' -o -name '*.py')
	$(BIN)/python -m jybf.commands.compile_rules
	@touch $@

$(VENV)/tested: $(VENV)/compiled
	$(BIN)/pip install --quiet --editable '.[test]'
	@touch $@

$(VENV)/developed: $(VENV)/tested
	$(BIN)/pip install --quiet --editable '.[dev]'
	@touch $@

# An audit that finds something ends with 1, as it should; anything above is a failure of the demo.
AUDIT  := audit() { $(BIN)/jybf audit -q "$$@" || [ $$? -eq 1 ]; }
POSTS  := sample_data/山西_公益性岗位台账.xlsx
LISTS  := --against 死亡=sample_data/名单_静乐县死亡人员_20211231.xlsx \
          --against 村干部=sample_data/名单_静乐县村干部_20211231.csv \
          --against 脱贫名单=sample_data/名单_静乐县脱贫人口_20211231.xlsx
ROSTER := sample_data/山西_跨省务工交通补贴花名册.xlsx
BOOK   := --ledger demo/账本.db

demo: $(VENV)/compiled
	@mkdir -p demo
	@set -e; $(AUDIT); for region in 国家:national 山西:shanxi 丰都:fengdu 新疆:xinjiang; do \
	  name=$${region%%:*}; pack=$${region##*:}; echo "== $$name"; \
	  $(BIN)/jybf calc -q sample_data/$${name}_* -r $$pack -f table; \
	  $(BIN)/jybf calc -q sample_data/$${name}_* -r $$pack -o demo/$${name}_测算.xlsx; \
	  $(BIN)/jybf calc -q sample_data/$${name}_* -r $$pack -o demo/$${name}_测算.csv; \
	  audit sample_data/$${name}_* -r $$pack -o demo/$${name}_审核.html; \
	done; \
	echo "== 山西_公益性岗位台账.xlsx，与三份名单比对"; \
	audit $(POSTS) $(LISTS) -f table; \
	audit $(POSTS) $(LISTS) -o demo/山西公岗_批注.xlsx; \
	audit $(POSTS) $(LISTS) -o demo/山西公岗_报告.html; \
	audit $(POSTS) $(LISTS) -o demo/山西公岗_审核.json; \
	echo "== 账本：核准，再来一次，发放，退票，冲销，银行文件，公示，合计"; \
	rm -rf demo/账本.db demo/退回; $(BIN)/jybf ledger init $(BOOK); \
	booked() { $(BIN)/jybf ledger approve -q "$$@" $(BOOK) -f table || [ $$? -eq 1 ]; }; \
	booked $(ROSTER); booked $(ROSTER); \
	$(BIN)/jybf export bank 1 -o demo/代发.csv $(BOOK); \
	$(BIN)/jybf export notice 1 -o demo/公示.html $(BOOK) --title 静乐县2021年务工交通补贴公示 --office 静乐县乡村振兴局 --phone 0350-0000000; \
	$(BIN)/jybf ledger pay 1 $(BOOK); \
	$(BIN)/jybf ledger pay 1 --returned sample_data/退票_山西跨省第2批.csv -q -f table $(BOOK); \
	$(BIN)/jybf ledger reverse 2 --reason 误报 $(BOOK); booked $(ROSTER) --anew; \
	$(BIN)/jybf export return 1 -o demo/退回/ $(BOOK); \
	$(BIN)/jybf ledger totals --by 项目,资金 -f table $(BOOK); $(BIN)/jybf ledger verify $(BOOK)
	@echo; echo '已写入 demo/：'
	@for file in demo/*; do case $$file in \
	  *_测算.xlsx) what='谁能领多少：汇总、明细，按“结果”筛选' ;; \
	  *_测算.csv)  what='谁能领多少，供程序读取' ;; \
	  *_批注.xlsx) what='原表的副本，问题标在格子上，另有问题清单' ;; \
	  */公示.html) what='公示表：证号、账号隐去，A4 打印' ;; \
	  *.html)      what='不能发的、要核实的、没查的：用浏览器打开，可打印' ;; \
	  */代发.csv)  what='给银行的文件，GB18030' ;; \
	  */账本.db)   what='账本：每一笔和它的经过' ;; \
	  */退回)      what='没有发的，一个乡镇一个文件' ;; \
	  *_审核.json) what='同样的内容，供程序读取，供 jybf diff 比较' ;; \
	  *) continue ;; esac; echo "  $$file  $$what"; done
	@echo; echo '程序在 $(BIN)/jybf，如：$(BIN)/jybf audit 花名册.xlsx'

# A worker a core, and a thread of Polars a worker: more of them only wait for each other.
test: $(VENV)/tested
	POLARS_MAX_THREADS=1 $(BIN)/python -m pytest -n auto --dist worksteal -q

# Other examples than those of `make test`, in all tests that draw any: for who looks for what nobody has thought of.
explore: $(VENV)/tested
	POLARS_MAX_THREADS=1 $(BIN)/python -m pytest -n auto --dist worksteal -q --hypothesis-profile=explore -m hypothesis

# Servers on loopback or sockets, in folders of their own, started and stopped by the tests; what can't be installed is skipped.
test-engines: $(VENV)/tested
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  { command -v mariadbd && ls /usr/lib/postgresql/*/bin/initdb; } >/dev/null 2>&1 || \
	  { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends mariadb-server postgresql; } \
	    >/dev/null 2>&1 || echo 'PostgreSQL、MariaDB 装不上：它们的测试跳过'; fi
	@$(BIN)/pip install --quiet --editable '.[engines]' || echo 'chdb、pymysql 装不上：它们的测试跳过'
	JYBF_ENGINES=1 POLARS_MAX_THREADS=1 $(BIN)/python -m pytest tests/engines -q -n 2

# PySpark is 456 MB and wants Java 17: by hand, beside the others.
test-spark: $(VENV)/tested
	$(BIN)/pip install --quiet --editable '.[spark]'
	JYBF_ENGINES=1 POLARS_MAX_THREADS=1 $(BIN)/python -m pytest tests/engines/test_spark.py tests/engines/test_counties.py tests/engines/test_failures.py -q

check: lint types locked test

lint: $(VENV)/developed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/developed
	$(BIN)/basedpyright

locked: $(VENV)/developed
	$(BIN)/uv lock --check --quiet

readme: $(VENV)/tested
	$(BIN)/python -m tests.readme

# Each against its floor in the same run; alone on the machine, or the figures say little.
bench: $(VENV)/tested
	for each in start.py "calc.py --draw" workbooks.py reading.py lists.py; do $(BIN)/python tests/bench/$$each || exit 1; done

clean:
	rm -rf $(VENV) jybf/compiled demo build dist .pytest_cache .ruff_cache .hypothesis
