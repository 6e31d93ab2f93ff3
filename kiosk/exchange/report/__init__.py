"""The session's report for the provider's chart: a form filled from the record, the chart, and every list behind it.

Made from the rows alone and in one look at each, so that the same record gives the same report. A field that nobody
filled says so; nothing is worked out that the record does not hold.
"""
