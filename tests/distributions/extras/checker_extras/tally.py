"""The command ``checker tally FILE…``: a line for each workbook with the number of findings."""

from checker import Command, Text


def run(words):
    import checker

    report = checker.check(words)
    for workbook in report.workbooks:
        print(len(workbook.findings), workbook.path)
    return report.verdict.exit


COMMAND = Command("tally", Text("每个文件有几个问题", "how many findings each file has"), run)
