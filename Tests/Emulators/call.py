#!/usr/bin/env python3
"""Calls one operation through boto3, as somebody else would, and prints its answer.

    call.py PORT REGION ACCOUNT ec2.create_tags '{"Resources": ["vpc-1"], "Tags": [{"Key": "a", "Value": "b"}]}'
"""
import json
import sys

import boto3

port, region, account, operation, parameters = sys.argv[1:]
service, name = operation.split(".")
session = boto3.Session(aws_access_key_id=f"AKIATEST{account}", aws_secret_access_key="secret", region_name=region)
client = session.client(service, endpoint_url=f"http://127.0.0.1:{port}")
print(json.dumps(getattr(client, name)(**json.loads(parameters)), default=str))
