"""Reads output for deployment tools back, with the tools that take it.

The argument names a JSON file: `templates` (name, before, after), `documents` (name, document), `cdk` (name, code).
Prints JSON: what the linter of AWS finds in a template that it did not find before, the statements of the roles that the
translator of AWS SAM makes, what the linter of policies finds, and the statements that AWS CDK synthesizes.
"""

import collections
import json
import logging
import os
import sys

os.environ["AWS_DEFAULT_REGION"] = "us-east-1"
logging.disable(logging.CRITICAL)

from cfnlint.api import ManualArgs, lint
from parliament import analyze_policy_string
from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse


def findings(template):
    matches = lint(template, config=ManualArgs(regions=["us-east-1"]))
    return collections.Counter((match.rule.id, match.message) for match in matches)


class ManagedPolicies:
    """The translator asks for these by name only where a template names them."""

    def load(self):
        return {}


def roles(template):
    """The statements of each role, by its logical id."""
    for resource in template["Resources"].values():
        properties = resource.setdefault("Properties", {})
        # The translator takes what has been packaged.
        for key in ("CodeUri", "ContentUri", "DefinitionUri"):
            if isinstance(properties.get(key), str):
                properties[key] = "s3://bucket/key"
    translated = transform(template, {}, ManagedPolicies())
    found = {}
    for name, resource in translated["Resources"].items():
        if resource["Type"] == "AWS::IAM::Role":
            policies = resource["Properties"].get("Policies", [])
            statements = [policy["PolicyDocument"]["Statement"] for policy in policies]
            found[name] = [one for many in statements for one in (many if isinstance(many, list) else [many])]
    return found


def is_sam(text):
    """Whether the translator takes the template; some are wrong on purpose."""
    template = yaml_parse(text)
    try:
        return "Transform" in template and bool(roles(template))
    except InvalidDocumentException:
        return False


def parliament_findings(document):
    policy = analyze_policy_string(document)
    return [f"{finding.issue}: {finding.detail}" for finding in policy.findings if severity(finding) != "LOW"]


def severity(finding):
    from parliament import enhance_finding

    return enhance_finding(finding).severity


def synthesize(cases):
    """The statements of every list in every case, from one application."""
    from aws_cdk import App, Stack
    from aws_cdk.aws_iam import ManagedPolicy

    app = App()
    for case in cases:
        module = {}
        exec(compile(case["code"], case["name"], "exec"), module)
        stack = Stack(app, case["name"])
        for name, statements in module.items():
            if name.endswith("_statements") and statements:
                ManagedPolicy(stack, name.replace("_", ""), statements=statements)
    assembly = app.synth()
    found = {}
    for case in cases:
        resources = assembly.get_stack_by_name(case["name"]).template.get("Resources", {})
        policies = [one["Properties"] for one in resources.values() if one["Type"] == "AWS::IAM::ManagedPolicy"]
        found[case["name"]] = [policy["PolicyDocument"] for policy in policies]
    return found


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        wanted = json.load(file)
    result = {"lint": {}, "sam": {}, "parliament": {}, "cdk": {}}
    for template in wanted["templates"]:
        new = findings(template["after"]) - findings(template["before"])
        result["lint"][template["name"]] = [f"{rule}: {message}" for rule, message in sorted(new)]
        if is_sam(template["before"]):
            result["sam"][template["name"]] = roles(yaml_parse(template["after"]))
    for document in wanted["documents"]:
        result["parliament"][document["name"]] = parliament_findings(document["document"])
    if wanted["cdk"]:
        result["cdk"] = synthesize(wanted["cdk"])
    print(json.dumps(result))


main()
