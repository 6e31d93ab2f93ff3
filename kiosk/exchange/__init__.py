"""What leaves this computer, one format a file, made only from values of the plan and of the record's reader.

It decides nothing and knows neither radio nor screen. Nothing is ever filled in: a gap stays empty in every format.
"""
