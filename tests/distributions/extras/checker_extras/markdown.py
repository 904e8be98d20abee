"""The format ``markdown``: a list of findings to paste into a ticket."""

from checker import ReportFormat, Text


def render(report, language):
    lines = [f"# {len(report.workbooks)} × checker", ""]
    for workbook in report.workbooks:
        lines.append(f"## {workbook.path} ({workbook.status})")
        for finding in workbook.findings:
            place = f"{finding.outcome.sheet}!{finding.outcome.cell}"
            lines.append(f"- **{finding.rule.id}** {place}: {finding.message.render(language)}")
    return "\n".join(lines) + "\n"


FORMAT = ReportFormat("markdown", ".md", render, Text("Markdown 清单", "A list in Markdown"))
