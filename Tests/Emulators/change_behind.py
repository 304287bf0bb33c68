#!/usr/bin/env python3
"""Changes one account of the emulator behind Plumb's back, as other tools and people do; each change at an object of
its own.

    change_behind.py PORT ACCOUNT REGION CHANGE...
"""
import json
import sys

import boto3

port, account, region = sys.argv[1:4]
session = boto3.Session(aws_access_key_id=f"AKIATEST{account}", aws_secret_access_key="secret", region_name=region)
ec2, iam, s3 = (session.client(name, endpoint_url=f"http://127.0.0.1:{port}") for name in ("ec2", "iam", "s3"))


def document(action, **more):
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*", **more}]})


def trust(service):
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": service}}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def find(describe, key, name):
    """The object of EC2 that carries this address."""
    found = getattr(ec2, describe)(Filters=[{"Name": "tag:plumb.dev/address", "Values": [name]}])[key]
    return found[0]


def vpc(): return find("describe_vpcs", "Vpcs", "aws.Vpc/net")["VpcId"]
def subnet(name): return find("describe_subnets", "Subnets", f"aws.Subnet/{name}")["SubnetId"]
def group(name): return find("describe_security_groups", "SecurityGroups", f"aws.SecurityGroup/{name}")["GroupId"]
def table(name): return find("describe_route_tables", "RouteTables", f"aws.RouteTable/{name}")["RouteTableId"]
def gateway(): return find("describe_internet_gateways", "InternetGateways", "aws.InternetGateway/out")["InternetGatewayId"]


def rule(port):
    return [{"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]


def nat_gateway():
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    ec2.create_nat_gateway(SubnetId=subnet("nat"), AllocationId=address)


def detach_gateway():
    ec2.detach_internet_gateway(InternetGatewayId=gateway(), VpcId=vpc())


def instance_profile():
    iam.create_instance_profile(InstanceProfileName="stranger")
    iam.add_role_to_instance_profile(InstanceProfileName="stranger", RoleName="bare")


CHANGES = {
    "subnet-tag": lambda: ec2.create_tags(Resources=[subnet("tagged")], Tags=[{"Key": "team", "Value": "x"}]),
    "subnet-extra-tag": lambda: ec2.create_tags(Resources=[subnet("extra-tag")], Tags=[{"Key": "extra", "Value": "x"}]),
    "subnet-deleted": lambda: ec2.delete_subnet(SubnetId=subnet("lone")),
    "subnet-public": lambda: ec2.modify_subnet_attribute(
        SubnetId=subnet("public"), MapPublicIpOnLaunch={"Value": True}),
    "vpc-dns": lambda: ec2.modify_vpc_attribute(VpcId=vpc(), EnableDnsHostnames={"Value": False}),
    "inline-changed": lambda: iam.put_role_policy(
        RoleName="inline", PolicyName="read", PolicyDocument=document("s3:*")),
    "inline-extra": lambda: iam.put_role_policy(
        RoleName="inline-extra", PolicyName="more", PolicyDocument=document("iam:*")),
    "inline-on-bare": lambda: iam.put_role_policy(RoleName="bare", PolicyName="more", PolicyDocument=document("iam:*")),
    "trust": lambda: iam.update_assume_role_policy(RoleName="trust", PolicyDocument=trust("lambda.amazonaws.com")),
    "attached-extra": lambda: iam.attach_role_policy(
        RoleName="attached", PolicyArn="arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"),
    "attached-on-bare": lambda: iam.attach_role_policy(
        RoleName="bare", PolicyArn="arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"),
    "ingress-extra": lambda: ec2.authorize_security_group_ingress(GroupId=group("inline"), IpPermissions=rule(22)),
    "ingress-on-bare": lambda: ec2.authorize_security_group_ingress(GroupId=group("bare"), IpPermissions=rule(22)),
    "ingress-revoked": lambda: ec2.revoke_security_group_ingress(GroupId=group("revoked"), IpPermissions=rule(443)),
    "route-extra": lambda: ec2.create_route(
        RouteTableId=table("routed"), DestinationCidrBlock="10.99.0.0/16", GatewayId=gateway()),
    "route-on-bare": lambda: ec2.create_route(
        RouteTableId=table("bare"), DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway()),
    "association-on-bare": lambda: ec2.associate_route_table(RouteTableId=table("joined"), SubnetId=subnet("public")),
    "versioning-suspended": lambda: s3.put_bucket_versioning(
        Bucket=f"versioned-{account}", VersioningConfiguration={"Status": "Suspended"}),
    "access-block-deleted": lambda: s3.delete_public_access_block(Bucket=f"blocked-{account}"),
    "bucket-policy-added": lambda: s3.put_bucket_policy(
        Bucket=f"bare-{account}",
        Policy=document("s3:GetObject", Principal="*", Resource=f"arn:aws:s3:::bare-{account}/*")),
    "extra-subnet": lambda: ec2.create_subnet(VpcId=vpc(), CidrBlock="10.0.250.0/24"),
    "extra-vpc": lambda: ec2.create_vpc(CidrBlock="10.77.0.0/16"),
    "extra-table": lambda: ec2.create_route_table(VpcId=vpc()),
    "extra-group": lambda: ec2.create_security_group(GroupName="stranger", Description="stranger", VpcId=vpc()),
    "extra-endpoint": lambda: ec2.create_vpc_endpoint(VpcId=vpc(), ServiceName="com.amazonaws.us-west-2.s3"),
    "extra-nat-gateway": nat_gateway,
    "extra-profile": instance_profile,
    "marker-removed": lambda: ec2.delete_tags(Resources=[subnet("tagged")], Tags=[{"Key": "plumb.dev/address"}]),
    "gateway-detached": detach_gateway,
}

for name in sys.argv[4:]:
    CHANGES[name]()
