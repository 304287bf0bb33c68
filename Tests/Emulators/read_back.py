#!/usr/bin/env python3
"""Prints what boto3 sees in one account of the emulator: a second opinion on what was created.

    read_back.py PORT ACCOUNT REGION
"""
import json
import sys

import boto3
from botocore.exceptions import ClientError

port, account, region = sys.argv[1:4]
session = boto3.Session(aws_access_key_id=f"AKIATEST{account}", aws_secret_access_key="secret", region_name=region)
ec2, iam, s3 = (session.client(name, endpoint_url=f"http://127.0.0.1:{port}") for name in ("ec2", "iam", "s3"))
OURS = [{"Name": "tag-key", "Values": ["plumb.dev/scope"]}]


def tags(item, key="Tags"):
    return {t["Key"]: t["Value"] for t in item.get(key, [])}


def unless_absent(read):
    """What `read` gives, or None: S3 refuses to show a part that nobody has written."""
    try:
        return read()
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] != 404:
            raise



def vpc(item):
    wanted = {}
    for attribute in ("enableDnsSupport", "enableDnsHostnames"):
        answer = ec2.describe_vpc_attribute(VpcId=item["VpcId"], Attribute=attribute)
        wanted[attribute] = answer[attribute[0].upper() + attribute[1:]]["Value"]
    return {"id": item["VpcId"], "cidrBlock": item["CidrBlock"], **wanted}


def table(item):
    routes = {r.get("DestinationCidrBlock"): r.get("GatewayId") or r.get("NatGatewayId") for r in item["Routes"] if "DestinationCidrBlock" in r}
    subnets = sorted(a["SubnetId"] for a in item["Associations"] if not a["Main"] and "SubnetId" in a)
    return {"id": item["RouteTableId"], "routes": {k: v for k, v in routes.items() if v != "local"}, "subnets": subnets}


def rules(permissions):
    out = []
    for p in permissions:
        peers = [r["CidrIp"] for r in p["IpRanges"]] + [r["CidrIpv6"] for r in p["Ipv6Ranges"]]
        peers += [g["GroupId"] for g in p["UserIdGroupPairs"]]
        out += [f"{p['IpProtocol']} {p.get('FromPort', '')}-{p.get('ToPort', '')} {peer}" for peer in peers]
    return sorted(out)


def group(item):
    return {
        "id": item["GroupId"], "groupName": item["GroupName"], "in": rules(item["IpPermissions"]),
        "out": rules(item["IpPermissionsEgress"])}


def role(item):
    key = {"RoleName": item["RoleName"]}
    inline = {p: iam.get_role_policy(PolicyName=p, **key)["PolicyDocument"] for p in iam.list_role_policies(**key)["PolicyNames"]}
    attached = sorted(p["PolicyArn"] for p in iam.list_attached_role_policies(**key)["AttachedPolicies"])
    return {"id": item["RoleName"], "trust": item["AssumeRolePolicyDocument"], "policies": inline, "attached": attached}


def bucket(item):
    key = {"Bucket": item["Name"]}
    encryption = unless_absent(lambda: s3.get_bucket_encryption(**key)["ServerSideEncryptionConfiguration"]["Rules"][0])
    policy = unless_absent(lambda: json.loads(s3.get_bucket_policy(**key)["Policy"]))
    return {
        "id": item["Name"], "versioning": s3.get_bucket_versioning(**key).get("Status"),
        "publicAccessBlock": s3.get_public_access_block(**key)["PublicAccessBlockConfiguration"],
        "encryption": encryption and encryption["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"], "policy": policy}


def all_of(items, read, tagged=tags):
    found = {}
    for item in items:
        marks = tagged(item)
        if "plumb.dev/address" in marks and item.get("State") != "deleted":
            users = {k: v for k, v in marks.items() if not k.startswith("plumb.dev/")}
            found[marks["plumb.dev/address"]] = {**read(item), "tags": users}
    return found


out = {
    **all_of(ec2.describe_vpcs(Filters=OURS)["Vpcs"], vpc),
    **all_of(ec2.describe_subnets(Filters=OURS)["Subnets"], lambda s: {
        "id": s["SubnetId"], "vpcId": s["VpcId"], "cidrBlock": s["CidrBlock"], "availabilityZone": s["AvailabilityZone"],
        "mapPublicIpOnLaunch": s["MapPublicIpOnLaunch"]}),
    **all_of(ec2.describe_internet_gateways(Filters=OURS)["InternetGateways"], lambda g: {
        "id": g["InternetGatewayId"], "vpcId": g["Attachments"][0]["VpcId"]}),
    **all_of(ec2.describe_nat_gateways(Filters=OURS)["NatGateways"], lambda n: {
        "id": n["NatGatewayId"], "subnetId": n["SubnetId"], "allocationId": n["NatGatewayAddresses"][0]["AllocationId"]}),
    **all_of(ec2.describe_addresses(Filters=OURS)["Addresses"], lambda a: {"id": a["AllocationId"]}),
    **all_of(ec2.describe_route_tables(Filters=OURS)["RouteTables"], table),
    **all_of(ec2.describe_security_groups(Filters=OURS)["SecurityGroups"], group),
    **all_of(ec2.describe_vpc_endpoints(Filters=OURS)["VpcEndpoints"], lambda e: {
        "id": e["VpcEndpointId"], "serviceName": e["ServiceName"], "routeTableIds": e.get("RouteTableIds", [])}),
    **all_of([r for p in iam.get_paginator("list_roles").paginate() for r in p["Roles"]], role,
             lambda r: tags(iam.list_role_tags(RoleName=r["RoleName"]))),
    **all_of(iam.list_instance_profiles()["InstanceProfiles"], lambda p: {
        "id": p["InstanceProfileName"], "roles": [r["RoleName"] for r in p["Roles"]]},
        lambda p: tags(iam.get_instance_profile(InstanceProfileName=p["InstanceProfileName"])["InstanceProfile"])),
    **all_of(s3.list_buckets()["Buckets"], bucket,
             lambda b: tags(s3.get_bucket_tagging(Bucket=b["Name"]), "TagSet")),
}
print(json.dumps(out))
