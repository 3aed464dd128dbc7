"""Workbooks of the agreement, the case paper, the comparison and the record: to sort, filter and add.

The workbook with formulas, to try other figures in, is `financing.xlsx`.
"""

from agreements.documents.excel.agreement import agreement_xlsx
from agreements.documents.excel.comparison import comparison_xlsx
from agreements.documents.excel.record import record_xlsx
from agreements.documents.excel.report import report_xlsx

__all__ = ["agreement_xlsx", "comparison_xlsx", "record_xlsx", "report_xlsx"]
