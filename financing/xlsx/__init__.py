"""The workbook of a plan: every amount is a formula on the assumptions, and is held against ours.

Sheets: «Forutsetninger» (what may be changed), one for each alternative, «Nøkler» where an amount is
shared by a distribution key, and «Kontroll», where each formula stands beside the program's own value.

A spreadsheet reckons with binary numbers of 15 digits, the program with exact decimals. Formulas
allow for that: rounding up or down begins by removing what is less than a tenth of a millionth of a
unit, and in a distribution key remainders that differ by less than a hundred-thousandth of a unit
count as equal, and go by the lowest key as ties do. Both are said on the sheet. Where such a difference
ever decided an amount, «Kontroll» would show it.
"""

from financing.xlsx.package import MEDIA_TYPE
from financing.xlsx.workbook import workbook

__all__ = ["MEDIA_TYPE", "workbook"]
