from tests.reports.desk import desk, read_report, scripted

__all__ = ["desk", "read_report", "scripted"]
