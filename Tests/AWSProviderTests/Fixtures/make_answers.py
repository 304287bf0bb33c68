#!/usr/bin/env python3
"""Writes one full answer per read operation, made from botocore's service models: every member the API can return.

    make_answers.py [FOLDER]

A descriptor that reads a path which the model does not have finds nothing in these answers, and its test fails.
Run it again when botocore changes; the answers are kept beside this script.
"""
import json
import os
import sys
from xml.sax.saxutils import escape

import botocore.session

OPERATIONS = {
    "ec2": [
        "DescribeVpcs", "DescribeVpcAttribute", "DescribeSubnets", "DescribeInternetGateways", "DescribeNatGateways",
        "DescribeAddresses", "DescribeRouteTables", "DescribeSecurityGroups", "DescribeVpcEndpoints",
        "DescribeFlowLogs"],
    "iam": [
        "GetAccountAuthorizationDetails", "ListRoles", "GetRole", "ListRolePolicies", "GetRolePolicy",
        "ListAttachedRolePolicies", "ListInstanceProfiles", "GetInstanceProfile", "ListInstanceProfilesForRole",
        "ListPolicies", "GetPolicy", "GetPolicyVersion", "ListOpenIDConnectProviders", "GetOpenIDConnectProvider",
        "ListSAMLProviders", "GetSAMLProvider"],
    "s3": [
        "ListBuckets", "GetBucketTagging", "GetBucketVersioning", "GetBucketEncryption", "GetPublicAccessBlock",
        "GetBucketCors"],
    "sts": ["GetCallerIdentity", "AssumeRole"],
    "logs": ["DescribeLogGroups", "ListTagsForResource"],
    "kms": ["ListKeys", "DescribeKey", "GetKeyPolicy", "GetKeyRotationStatus", "ListResourceTags", "ListAliases"],
    "elasticfilesystem": [
        "DescribeFileSystems", "DescribeLifecycleConfiguration", "DescribeBackupPolicy", "DescribeFileSystemPolicy",
        "DescribeMountTargets", "DescribeMountTargetSecurityGroups"],
    "memorydb": ["DescribeClusters", "DescribeSubnetGroups", "DescribeParameterGroups", "DescribeParameters", "ListTags"],
    "servicequotas": [
        "ListRequestedServiceQuotaChangeHistory", "ListRequestedServiceQuotaChangeHistoryByQuota", "GetServiceQuota"],
    "sso": [
        "ListInstances", "ListPermissionSets", "DescribePermissionSet", "GetInlinePolicyForPermissionSet",
        "ListManagedPoliciesInPermissionSet", "ListTagsForResource", "ListAccountsForProvisionedPermissionSet",
        "ListAccountAssignments"],
    "identitystore": [
        "ListUsers", "DescribeUser", "ListGroups", "DescribeGroup", "ListGroupMemberships", "DescribeGroupMembership"],
}
JSON = {"logs", "kms", "elasticfilesystem", "memorydb", "servicequotas", "sso", "identitystore"}
MODELS = {"elasticfilesystem": "efs", "servicequotas": "service-quotas", "sso": "sso-admin"}
POLICY = '{"Version":"2012-10-17","Statement":[]}'
TEXTS = {
    "state": "available", "status": "Enabled", "Key": "Name", "key": "Name", "destinationCidrBlock": "10.9.0.0/16",
    "cidrBlock": "10.0.0.0/16", "policyDocument": POLICY, "PolicyDocument": POLICY, "AssumeRolePolicyDocument": POLICY,
    "origin": "CreateRoute", "resourceId": "vpc-1", "Document": POLICY, "Policy": POLICY, "logGroupName": "an-id",
    "logGroupArn": "arn:aws:logs:us-west-2:123456789012:log-group:an-id", "AliasName": "an-id", "KeyManager": "CUSTOMER",
    "KeyState": "Enabled", "KeySpec": "SYMMETRIC_DEFAULT", "LifeCycleState": "available", "InlinePolicy": POLICY,
    "InstanceArn": "arn:aws:sso:::instance/ssoins-1", "PermissionSetArn": "arn:aws:sso:::permissionSet/ssoins-1/ps-1",
    "PermissionSets": "arn:aws:sso:::permissionSet/ssoins-1/ps-1", "AccountIds": "123456789012", "PrincipalId": "a-person",
    "SAMLMetadataDocument": "<EntityDescriptor/>"}
# The last pages, tables that are nobody's main one.
LEFT_OUT = {"nextToken", "NextToken", "NextMarker", "Marker", "ContinuationToken", "instanceId"}
FALSE = {"IsTruncated", "main"}
MAX_DEPTH = 8


def element(name, shape, ec2, depth=0):
    if depth > MAX_DEPTH:
        return ""
    return f"<{name}>{content(name, shape, ec2, depth)}</{name}>"


def content(name, shape, ec2, depth):
    kind = shape.type_name
    if kind == "structure":
        return "".join(member(n, s, ec2, depth + 1) for n, s in shape.members.items())
    if kind == "list":
        item = shape.member.serialization.get("name", "item" if ec2 else "member")
        return element(item, shape.member, ec2, depth + 1)
    if kind == "boolean":
        return "false" if name in FALSE else "true"
    if kind in ("integer", "long", "float", "double"):
        return "7"
    if kind == "timestamp":
        return "2026-01-01T00:00:00Z"
    return escape(TEXTS.get(name) or (shape.enum[0] if getattr(shape, "enum", None) else f"a-{name}"))


def json_value(name, shape, depth=0):
    kind = shape.type_name
    if kind == "structure":
        return {n: json_value(n, s, depth + 1) for n, s in shape.members.items() if n not in LEFT_OUT and depth < MAX_DEPTH}
    if kind == "list":
        return [json_value(name, shape.member, depth + 1)]
    if kind == "map":
        return {"Name": "a-value"}
    if kind == "boolean":
        return name not in FALSE
    if kind in ("integer", "long", "float", "double", "timestamp"):
        return 7
    return TEXTS.get(name) or (shape.enum[0] if getattr(shape, "enum", None) else f"a-{name}")


def member(name, shape, ec2, depth):
    wire = shape.serialization.get("name", name)
    if wire in LEFT_OUT or shape.serialization.get("location") in ("header", "headers"):
        return ""
    if shape.type_name == "list" and shape.serialization.get("flattened"):
        return element(shape.serialization.get("name") or shape.member.serialization.get("name") or name, shape.member, ec2, depth)
    return element(wire, shape, ec2, depth)


def answer(service, operation):
    model = botocore.session.get_session().get_service_model(MODELS.get(service, service)).operation_model(operation)
    shape = model.output_shape
    if service in JSON:
        return json.dumps(json_value("", shape), separators=(",", ":"))
    if service == "s3":
        payload = shape.serialization.get("payload")
        shape = shape.members[payload] if payload else shape
        return element(shape.serialization.get("name", shape.name), shape, False)
    if service == "ec2":
        return element(f"{operation}Response", shape, True)
    return f"<{operation}Response>{element(operation + 'Result', shape, False)}</{operation}Response>"


if __name__ == "__main__":
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
    for service, operations in OPERATIONS.items():
        for operation in operations:
            kind = "json" if service in JSON else "xml"
            with open(os.path.join(folder, f"{service}.{operation}.{kind}"), "w") as file:
                file.write(answer(service, operation) + "\n")
