"""Tiny rosters for the tests. Every person in them is invented."""

import zipfile

import openpyxl

WANG = "11010119900307123"  # 17 digits; idno() adds the check digit
HEADER = ("序号", "姓名", "身份证号", "金额")


def idno(seventeen):
    """The ID of 17 digits, its check digit computed as GB 11643 writes it (2^i mod 11), not as the product does."""
    total = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(seventeen))
    return seventeen + "0123456789X"[(1 - total) % 11]


def book(folder, *rows, merge=(), name="花名册.xlsx", sheets=None, hidden=()):
    """Write a workbook of one sheet of ``rows`` (or of ``sheets``: name → rows) and return its path as text."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for title, content in (sheets or {"Sheet1": rows}).items():
        sheet = workbook.create_sheet(title)
        for row in content:
            sheet.append(row)
        for cells in merge:
            sheet.merge_cells(cells)
        if title in hidden:
            sheet.sheet_state = "hidden"
    path = folder / name
    workbook.save(path)
    return str(path)


def text(folder, content, encoding="utf-8", name="花名册.csv"):
    """Write a text file and return its path as text."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return str(path)


def people(count):
    """The rows of ``count`` invented people under HEADER."""
    return [(i, f"张{i}", idno(f"1101011990030{i:04d}"), 800) for i in range(1000, 1000 + count)]


def rezip(path, change):
    """The workbook at ``path`` with each part put through ``change(name, bytes)``."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w") as new:
        for name, part in parts.items():
            new.writestr(name, change(name, part))
    return path
