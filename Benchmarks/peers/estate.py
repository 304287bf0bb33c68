"""One estate, written twice: in the words of Terraform and in Plumb's.

An environment is a network of four subnets with an internet gateway, two route tables with four routes and four
associations, four security groups with sixteen rules, four roles with a policy each, and two buckets with versioning and
a public access block. Terraform counts that as 50 resources; for Plumb, whose resources hold their rules, routes,
policies and settings, it is 18. A small environment is 30 of Terraform's resources and 12 of Plumb's.
"""
import collections
import ipaddress
import json
import os

Shape = collections.namedtuple("Shape", "subnets tables groups roles buckets")
WHOLE = Shape(subnets=4, tables=2, groups=4, roles=4, buckets=2)
SMALL = Shape(subnets=2, tables=1, groups=2, roles=4, buckets=1)

WAYS_OUT = ["0.0.0.0/0", "198.51.100.0/24"]
TRUST = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}]}
ACCESS = [("blockPublicAcls", "block_public_acls"), ("blockPublicPolicy", "block_public_policy"),
          ("ignorePublicAcls", "ignore_public_acls"), ("restrictPublicBuckets", "restrict_public_buckets")]


def policy(bucket):
    return {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": f"arn:aws:s3:::{bucket}/*"}]}


class Terraform:
    """The parts of an environment as blocks, one resource for each thing that has an API call of its own."""

    def __init__(self):
        self.blocks, self.count = [], 0

    def add(self, kind, name, /, **fields):
        self.count += 1
        lines = "".join(f"  {key} = {value}\n" for key, value in fields.items())
        self.blocks.append(f'resource "aws_{kind}" "{name}" {{\n{lines}}}\n')

    def environment(self, e, nets, bucket, changed, shape):
        q, net = json.dumps, list(nets.subnets(new_prefix=22))

        def tags(name, **more):
            return q({"Name": name, "Environment": e, **more})

        self.add("vpc", e, cidr_block=q(str(nets)), enable_dns_hostnames="true", tags=tags(e))
        self.add("internet_gateway", e, vpc_id=f"aws_vpc.{e}.id", tags=tags(e))
        for i in range(shape.subnets):
            more = {"Tier": "changed"} if changed and i == 1 else {}
            self.add("subnet", f"{e}_{i}", vpc_id=f"aws_vpc.{e}.id", cidr_block=q(str(net[i])),
                     availability_zone=q(f"us-west-2{'abcd'[i]}"), tags=tags(f"{e}-{i}", **more))
        for i in range(shape.tables):
            self.add("route_table", f"{e}_{i}", vpc_id=f"aws_vpc.{e}.id", tags=tags(f"{e}-{i}"))
            for r, block in enumerate(WAYS_OUT):
                self.add("route", f"{e}_{i}_{r}", route_table_id=f"aws_route_table.{e}_{i}.id",
                         destination_cidr_block=q(block), gateway_id=f"aws_internet_gateway.{e}.id")
        for i in range(shape.subnets):
            self.add("route_table_association", f"{e}_{i}", subnet_id=f"aws_subnet.{e}_{i}.id",
                     route_table_id=f"aws_route_table.{e}_{i % shape.tables}.id")
        for i in range(shape.groups):
            self.add("security_group", f"{e}_{i}", name=q(f"{e}-{i}"), description=q(f"tier {i}"),
                     vpc_id=f"aws_vpc.{e}.id", tags=tags(f"{e}-{i}"))
            for r in range(4):
                self.add("vpc_security_group_ingress_rule", f"{e}_{i}_{r}", cidr_ipv4=q(f"10.{r}.0.0/16"),
                         security_group_id=f"aws_security_group.{e}_{i}.id", ip_protocol=q("tcp"),
                         from_port=8000 + r, to_port=8000 + r)
        for i in range(shape.roles):
            self.add("iam_role", f"{e}_{i}", name=q(f"{e}-{i}"), assume_role_policy=q(json.dumps(TRUST)),
                     tags=tags(f"{e}-{i}"))
            self.add("iam_role_policy", f"{e}_{i}", name=q("data"), role=f"aws_iam_role.{e}_{i}.name",
                     policy=q(json.dumps(policy(bucket(i % shape.buckets)))))
        for i in range(shape.buckets):
            at = f"aws_s3_bucket.{e}_{i}.id"
            self.add("s3_bucket", f"{e}_{i}", bucket=q(bucket(i)), tags=tags(f"{e}-{i}"))
            self.add("s3_bucket_versioning", f"{e}_{i}", bucket=at,
                     **{"versioning_configuration": "null"})
            self.blocks[-1] = self.blocks[-1].replace(
                "  versioning_configuration = null\n", '  versioning_configuration {\n    status = "Enabled"\n  }\n')
            self.add("s3_bucket_public_access_block", f"{e}_{i}", bucket=at, **{key: "true" for _, key in ACCESS})

    def write(self, folder, version, endpoint, access_key):
        services = "".join(f'    {s} = "{endpoint}"\n' for s in ("ec2", "iam", "s3", "sts"))
        head = f'''terraform {{
  required_providers {{
    aws = {{
      source  = "hashicorp/aws"
      version = "{version}"
    }}
  }}
}}
provider "aws" {{
  region                      = "us-west-2"
  access_key                  = "{access_key}"
  secret_key                  = "secret"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  s3_use_path_style           = true
  endpoints {{
{services}  }}
}}
'''
        with open(os.path.join(folder, "main.tf"), "w") as file:
            file.write(head + "\n".join(self.blocks))


class Plumb:
    """The same as manifests. JSON is YAML, and needs no writer."""

    def __init__(self):
        self.documents, self.count = [], 0

    def add(self, kind, name, /, **spec):
        self.count += 1
        self.documents.append(
            {"apiVersion": "aws.plumb.dev/v1", "kind": kind, "metadata": {"name": name}, "spec": spec})

    def environment(self, e, nets, bucket, changed, shape):
        net, vpc = list(nets.subnets(new_prefix=22)), f"${{aws.Vpc.{e}.id}}"

        def tags(name, **more):
            return {"Name": name, "Environment": e, **more}

        self.add("Vpc", e, cidrBlock=str(nets), enableDnsHostnames=True, tags=tags(e))
        self.add("InternetGateway", e, vpcId=vpc, tags=tags(e))
        for i in range(shape.subnets):
            more = {"Tier": "changed"} if changed and i == 1 else {}
            self.add("Subnet", f"{e}-{i}", vpcId=vpc, cidrBlock=str(net[i]), availabilityZone=f"us-west-2{'abcd'[i]}",
                     tags=tags(f"{e}-{i}", **more))
        for i in range(shape.tables):
            routes = [{"destinationCidrBlock": block, "gatewayId": f"${{aws.InternetGateway.{e}.id}}"}
                      for block in WAYS_OUT]
            subnets = [{"subnetId": f'${{aws.Subnet["{e}-{s}"].id}}'} for s in range(shape.subnets)
                       if s % shape.tables == i]
            self.add("RouteTable", f"{e}-{i}", vpcId=vpc, routes=routes, associations=subnets, tags=tags(f"{e}-{i}"))
        for i in range(shape.groups):
            rules = [{"ipProtocol": "tcp", "fromPort": 8000 + r, "toPort": 8000 + r,
                      "ipRanges": [{"cidrIp": f"10.{r}.0.0/16"}]} for r in range(4)]
            self.add("SecurityGroup", f"{e}-{i}", groupName=f"{e}-{i}", description=f"tier {i}", vpcId=vpc,
                     ipPermissions=rules, ipPermissionsEgress=[], tags=tags(f"{e}-{i}"))
        for i in range(shape.roles):
            self.add("Role", f"{e}-{i}", roleName=f"{e}-{i}", assumeRolePolicyDocument=TRUST,
                     policies={"data": policy(bucket(i % shape.buckets))}, tags=tags(f"{e}-{i}"))
        for i in range(shape.buckets):
            self.add("Bucket", f"{e}-{i}", bucket=bucket(i), versioning={"status": "Enabled"},
                     publicAccessBlock={key: True for key, _ in ACCESS}, tags=tags(f"{e}-{i}"))

    def write(self, folder, account):
        head = [
            {"apiVersion": "plumb.dev/v1", "kind": "Estate", "metadata": {"name": "bench", "id": "est-bench00000"},
             "spec": {"include": ["manifests/*.yaml"], "defaults": {"targets": {"aws": "main"}}}},
            {"apiVersion": "plumb.dev/v1", "kind": "Target", "metadata": {"name": "main"},
             "spec": {"aws": {"accountId": account, "region": "us-west-2"}}}]
        os.makedirs(os.path.join(folder, "manifests"), exist_ok=True)
        for name, documents in (("plumb.yaml", head), ("manifests/estate.yaml", self.documents)):
            with open(os.path.join(folder, name), "w") as file:
                file.write("\n---\n".join(json.dumps(d, indent=1) for d in documents) + "\n")


def fill(estate, environments, account, changed=False, shape=WHOLE):
    """`changed` alters one tag of one subnet in the middle environment."""
    blocks = ipaddress.ip_network("10.0.0.0/8").subnets(new_prefix=19)
    for number in range(environments):
        name = f"e{number:03}"
        estate.environment(name, next(blocks), lambda i: f"{name}-{account}-{i}", changed and number == environments // 2,
                           shape)
    return estate
