"""Decides whether an infrastructure change may go ahead.

Reads a Terraform or OpenTofu plan and the pull request behind it, evaluates policies written in Rego, and answers with a report::

    from plangate import Input, PolicySet

    report = PolicySet.bundled().evaluate(Input.from_terraform(plan))
    print(report.decision)
"""

from plangate._plangate import Error, Input, PolicySet, Report, __version__

__all__ = ["Error", "Input", "PolicySet", "Report", "__version__"]
