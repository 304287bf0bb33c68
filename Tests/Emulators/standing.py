#!/usr/bin/env python3
"""Prints what stands in accounts of the emulator, as boto3 sees it: made by whomever, marked or not.

    standing.py PORT REGION ACCOUNT...

{"ACCOUNT": [{"kind": "Vpc", "id": "vpc-1", "address": "aws.Vpc/main", "scope": "est-1", "name": "main"}, ...], ...}; the
address is null where an object carries no marker, the name where it has no tag `Name`. What every account has from the start (default networks, groups and service roles)
and what is deleted but still listed is left out.
"""
import json
import sys

import boto3
from botocore.exceptions import ClientError


def marks(tags):
    found = {t["Key"]: t["Value"] for t in tags or []}
    address = found.get("plumb.dev/address")
    return {"address": address and address.split("@")[0], "scope": found.get("plumb.dev/scope"), "name": found.get("Name")}


def bucket_tags(s3, name):
    try:
        return s3.get_bucket_tagging(Bucket=name)["TagSet"]
    except ClientError:
        return []  # A bucket without tags has no set of them.


def is_gone(item):
    return item.get("State") in ("deleted", "deleting")


def networks(ec2):
    vpcs = [v for v in ec2.describe_vpcs()["Vpcs"] if not v["IsDefault"]]
    ours = {v["VpcId"] for v in vpcs}
    yield from (("Vpc", v["VpcId"], v.get("Tags")) for v in vpcs)
    for s in ec2.describe_subnets()["Subnets"]:
        if s["VpcId"] in ours:
            yield "Subnet", s["SubnetId"], s.get("Tags")
    for g in ec2.describe_internet_gateways()["InternetGateways"]:
        yield "InternetGateway", g["InternetGatewayId"], g.get("Tags")
    for n in ec2.describe_nat_gateways()["NatGateways"]:
        if not is_gone(n):
            yield "NatGateway", n["NatGatewayId"], n.get("Tags")
    for a in ec2.describe_addresses()["Addresses"]:
        yield "ElasticIp", a["AllocationId"], a.get("Tags")
    for t in ec2.describe_route_tables()["RouteTables"]:
        if t["VpcId"] in ours and not any(a.get("Main") for a in t["Associations"]):
            yield "RouteTable", t["RouteTableId"], t.get("Tags")
    for g in ec2.describe_security_groups()["SecurityGroups"]:
        if g["VpcId"] in ours and g["GroupName"] != "default":
            yield "SecurityGroup", g["GroupId"], g.get("Tags")
    for e in ec2.describe_vpc_endpoints()["VpcEndpoints"]:
        if not is_gone(e):
            yield "VpcEndpoint", e["VpcEndpointId"], e.get("Tags")
    for f in ec2.describe_flow_logs()["FlowLogs"]:
        yield "FlowLog", f["FlowLogId"], f.get("Tags")


def named(iam, s3):
    for r in iam.list_roles()["Roles"]:
        if not r["Path"].startswith("/aws-service-role"):
            yield "Role", r["RoleName"], iam.list_role_tags(RoleName=r["RoleName"])["Tags"]
    for p in iam.list_instance_profiles()["InstanceProfiles"]:
        name = p["InstanceProfileName"]
        yield "InstanceProfile", name, iam.get_instance_profile(InstanceProfileName=name)["InstanceProfile"].get("Tags")
    for b in s3.list_buckets()["Buckets"]:
        yield "Bucket", b["Name"], bucket_tags(s3, b["Name"])


def shared(efs, memorydb):
    for f in efs.describe_file_systems()["FileSystems"]:
        yield "FileSystem", f["FileSystemId"], f["Tags"]
        for m in efs.describe_mount_targets(FileSystemId=f["FileSystemId"])["MountTargets"]:
            yield "MountTarget", m["MountTargetId"], None
    for noun in ("Cluster", "SubnetGroup", "ParameterGroup"):
        describe = getattr(memorydb, {"Cluster": "describe_clusters", "SubnetGroup": "describe_subnet_groups",
                                      "ParameterGroup": "describe_parameter_groups"}[noun])
        for one in describe()[f"{noun}s"]:
            if not one["Name"].startswith("default"):
                yield noun, one["Name"], memorydb.list_tags(ResourceArn=one["ARN"])["TagList"]


def people(sso, store):
    for center in sso.list_instances()["Instances"]:
        instance, place = {"InstanceArn": center["InstanceArn"]}, {"IdentityStoreId": center["IdentityStoreId"]}
        for arn in sso.list_permission_sets(**instance)["PermissionSets"]:
            yield "PermissionSet", arn, sso.list_tags_for_resource(ResourceArn=arn, **instance)["Tags"]
            for account in sso.list_accounts_for_provisioned_permission_set(PermissionSetArn=arn, **instance)["AccountIds"]:
                found = sso.list_account_assignments(PermissionSetArn=arn, AccountId=account, **instance)
                for a in found["AccountAssignments"]:
                    yield "AccountAssignment", f"{arn}/{account}/{a['PrincipalType']}/{a['PrincipalId']}", None
        for user in store.list_users(**place)["Users"]:
            yield "IdentityStoreUser", user["UserId"], None
        for group in store.list_groups(**place)["Groups"]:
            yield "IdentityStoreGroup", group["GroupId"], None
            for m in store.list_group_memberships(GroupId=group["GroupId"], **place)["GroupMemberships"]:
                yield "IdentityStoreGroupMembership", m["MembershipId"], None


def federated(iam):
    for p in iam.list_saml_providers()["SAMLProviderList"]:
        yield "SAMLProvider", p["Arn"], iam.list_saml_provider_tags(SAMLProviderArn=p["Arn"])["Tags"]
    for p in iam.list_policies(Scope="Local")["Policies"]:
        yield "ManagedPolicy", p["Arn"], iam.list_policy_tags(PolicyArn=p["Arn"])["Tags"]
    for p in iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]:
        provider = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=p["Arn"])
        yield "OpenIDConnectProvider", p["Arn"], provider.get("Tags")


def kept(kms, logs):
    for k in kms.list_keys()["Keys"]:
        facts = kms.describe_key(KeyId=k["KeyId"])["KeyMetadata"]
        if facts["KeyManager"] == "CUSTOMER" and facts["KeyState"] != "PendingDeletion":
            tags = kms.list_resource_tags(KeyId=k["KeyId"])["Tags"]
            yield "Key", k["KeyId"], [{"Key": t["TagKey"], "Value": t["TagValue"]} for t in tags]
    for a in kms.list_aliases()["Aliases"]:
        if not a["AliasName"].startswith("alias/aws/"):
            yield "Alias", a["AliasName"], None
    for g in logs.describe_log_groups()["logGroups"]:
        tags = logs.list_tags_for_resource(resourceArn=g["logGroupArn"])["tags"]
        yield "LogGroup", g["logGroupName"], [{"Key": k, "Value": v} for k, v in tags.items()]


def standing(port, region, account):
    session = boto3.Session(aws_access_key_id=f"AKIATEST{account}", aws_secret_access_key="secret", region_name=region)
    names = ("ec2", "iam", "s3", "kms", "logs", "efs", "memorydb", "sso-admin", "identitystore")
    ec2, iam, s3, kms, logs, efs, memorydb, sso, store = (
        session.client(name, endpoint_url=f"http://127.0.0.1:{port}") for name in names)
    found = [
        *networks(ec2), *named(iam, s3), *federated(iam), *kept(kms, logs), *shared(efs, memorydb), *people(sso, store)]
    return [{"kind": kind, "id": id, **marks(tags)} for kind, id, tags in found]


port, region, *accounts = sys.argv[1:]
print(json.dumps({account: standing(port, region, account) for account in accounts}))
