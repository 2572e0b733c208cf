"""What ``jybf inspect`` found, for programs: one JSON object."""

from collections.abc import Sequence

import msgspec

from jybf.model.survey import FileSurvey, Seen, SheetSurvey, Sum
from jybf.report.plain import without_numbers
from jybf.vocabulary.yuan import yuan

SCHEMA = 1


def as_json(files: Sequence[FileSurvey], *, mask: bool) -> bytes:
    """The same facts for programs: one JSON object, UTF-8."""
    found = {"schema": SCHEMA, "kind": "inspect", "files": list(map(_file, files))}
    return msgspec.json.format(msgspec.json.encode(without_numbers(found) if mask else found), indent=1) + b"\n"


def _file(file: FileSurvey) -> dict[str, object]:
    return {
        "文件": file.file,
        "类型": file.kind,
        "字节": file.bytes,
        "编码": file.form,
        "SHA-256": file.sha256,
        "能读": not file.problems,
        "问题": list(map(str, file.problems)),
        "提示": list(file.notices),
        "工作表": list(map(_sheet, file.sheets)),
    }


def _sheet(sheet: SheetSurvey) -> dict[str, object]:
    return {
        "名称": sheet.name,
        "状态": sheet.state,
        "问题": list(map(str, sheet.problems)),
        "隐藏行": sheet.hidden,
        "表题": sheet.title,
        "取自表题": sheet.taken,
        "表头行": list(sheet.header or ()),
        "数据行数": sheet.count,
        "行": [{"是": s.kind, "从": s.first, "到": s.last} for s in sheet.rows],
        "列": [_column(seen) for seen in sheet.columns],
        "读不出": [
            {"列": f.column, "字段": f.field, "原因": f.reason, "编号": f.code, "单元格": f.cells, "原文": f.texts}
            for f in sheet.faults
        ],
        "没有填": [{"字段": gap.field, "单元格": gap.cells} for gap in sheet.blanks],
        "别处的坏单元格": sheet.elsewhere,
        "合计": [_sum(total) for total in sheet.sums],
    }


def _column(seen: Seen) -> dict[str, object]:
    return {
        "列": seen.at,
        "表头": seen.header,
        "字段": seen.field,
        "怎样认出": seen.how,
        "有值": seen.filled,
        "读不出": seen.unread,
        "待定": seen.open,
        "相近": seen.near,
        "内容像": seen.seems,
    }


def _sum(total: Sum) -> dict[str, object]:
    stated, computed = (yuan(n) if total.money else n for n in (total.stated, total.computed))
    return {
        "单元格": total.cell,
        "项": total.field,
        "写着": stated,
        "逐行相加": computed,
        "读不出": total.gaps,
        "相符": total.stated == total.computed and not total.gaps,
    }
