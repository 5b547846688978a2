"""Validation, estimation and editing of readings (VEE): doubts as data, before and after rating.

One file a rule. A rule never changes a reading and never raises for a doubtful one: it returns a
:class:`cmis.kernel.findings.Finding` or nothing. What may pass is decided by people and by gates.
"""
