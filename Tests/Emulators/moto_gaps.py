"""What moto lacks of the services that Plumb speaks to, and where it is more forgiving than AWS.

Each gap is a method more on moto's own classes, so that moto reads the request and writes the answer by botocore's
models.  Importing this module is enough.
"""
import json
import time
import uuid

from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult
from moto.ec2.exceptions import DependencyViolationError, InvalidRouteError
from moto.ec2.models.subnets import SubnetBackend
from moto.ec2.models.vpcs import VPCBackend
from moto.efs import models as efs
from moto.efs.responses import EFSResponse
from moto.iam import models as iam
from moto.iam.exceptions import EntityAlreadyExists, NotFoundException
from moto.iam.responses import IamResponse
from moto.identitystore.exceptions import ConflictException, ResourceNotFoundException
from moto.identitystore.responses import IdentityStoreResponse
from moto.memorydb import models as memorydb
from moto.memorydb.exceptions import MemoryDBClientError
from moto.memorydb.responses import MemoryDBResponse
from moto.servicequotas.models import ServiceQuotasBackend
from moto.servicequotas.responses import ServiceQuotasResponse
from moto.ssoadmin import models as ssoadmin
from moto.ssoadmin.responses import SSOAdminResponse


def adds(*classes):
    """Puts a function on classes under its own name; what stood there before is its default argument `known`."""
    def add(function):
        for one in classes:
            if function.__kwdefaults__ and "known" in function.__kwdefaults__:
                function.__kwdefaults__["known"] = getattr(one, function.__name__)
            setattr(one, function.__name__, function)
        return function
    return add


def asked(response):
    return json.loads(response.body or "{}")


# ---------------------------------------------------------------- EFS

def file_system(response):
    identity = response._get_param("FileSystemId")
    found = response.efs_backend.file_systems_by_id.get(identity)
    if found is None:
        raise efs.FileSystemNotFound(identity)
    return found


@adds(EFSResponse)
def put_backup_policy(self):
    policy = asked(self)["BackupPolicy"]
    file_system(self)._backup = policy["Status"] == "ENABLED"
    return json.dumps({"BackupPolicy": policy}), {"Content-Type": "application/json"}


@adds(EFSResponse)
def describe_backup_policy(self, *, known=None):
    file_system(self)
    return known(self)


@adds(EFSResponse)
def update_file_system(self):
    found, given = file_system(self), asked(self)
    found.throughput_mode = given.get("ThroughputMode", found.throughput_mode)
    provisioned = found.throughput_mode == "provisioned"
    found.provisioned_throughput_in_mibps = given.get(
        "ProvisionedThroughputInMibps", found.provisioned_throughput_in_mibps) if provisioned else None
    return json.dumps(found.info_json()), {"Content-Type": "application/json", "status": 202}


@adds(EFSResponse)
def delete_file_system_policy(self):
    file_system(self).file_system_policy = None
    return "{}", {"Content-Type": "application/json"}


@adds(SubnetBackend)
def delete_subnet(self, subnet_id, *, known=None):
    """A subnet is held by the interface of a mount target in it."""
    files = efs.efs_backends[self.account_id][self.region_name]
    if any(target.subnet_id == subnet_id for target in files.mount_targets_by_id.values()):
        raise DependencyViolationError(f"The subnet '{subnet_id}' has dependencies and cannot be deleted.")
    return known(self, subnet_id)


@adds(VPCBackend)
def delete_vpc_endpoints(self, vpce_ids=None, *, known=None):
    """An endpoint whose tables were changed goes like any other; moto looks for routes that it never made."""
    for identity in vpce_ids or []:
        try:
            known(self, [identity])
        except InvalidRouteError:
            self.vpc_end_points[identity].state = "deleted"


# ---------------------------------------------------------------- MemoryDB

class Fault(MemoryDBClientError):
    def __init__(self, code, message):
        super().__init__(code, message)


FAMILY = {"activedefrag": "no", "maxmemory-policy": "noeviction", "notify-keyspace-events": "", "timeout": "0"}


def parameter_groups(backend):
    if not hasattr(backend, "parameter_groups"):
        backend.parameter_groups = {}
        add_parameter_group(backend, "default.memorydb-redis7", "memorydb_redis7", "Default parameter group")
    return backend.parameter_groups


def add_parameter_group(backend, name, family, description):
    arn = f"arn:aws:memorydb:{backend.region_name}:{backend.account_id}:parametergroup/{name}"
    backend.parameter_groups[name] = {
        "Name": name, "Family": family, "Description": description, "ARN": arn, "values": dict(FAMILY)}
    return backend.parameter_groups[name]


def parameter_group(response):
    name = asked(response).get("ParameterGroupName")
    found = parameter_groups(response.memorydb_backend).get(name)
    if found is None:
        raise Fault("ParameterGroupNotFoundFault", f"Parameter group {name} not found.")
    return found


def shown(group):
    return {key: value for key, value in group.items() if key != "values"}


@adds(MemoryDBResponse)
def create_parameter_group(self):
    given, backend = asked(self), self.memorydb_backend
    if given["ParameterGroupName"] in parameter_groups(backend):
        raise Fault("ParameterGroupAlreadyExistsFault", f"{given['ParameterGroupName']} already exists.")
    made = add_parameter_group(backend, given["ParameterGroupName"], given["Family"], given.get("Description", ""))
    backend.tag_resource(made["ARN"], given.get("Tags") or [])
    return ActionResult({"ParameterGroup": shown(made)})


@adds(MemoryDBResponse)
def describe_parameter_groups(self):
    groups = [parameter_group(self)] if asked(self).get("ParameterGroupName") else parameter_groups(self.memorydb_backend).values()
    return ActionResult({"ParameterGroups": [shown(group) for group in groups]})


@adds(MemoryDBResponse)
def describe_parameters(self):
    return ActionResult({"Parameters": [{"Name": k, "Value": v} for k, v in parameter_group(self)["values"].items()]})


@adds(MemoryDBResponse)
def update_parameter_group(self):
    group = parameter_group(self)
    for one in asked(self)["ParameterNameValues"]:
        if one["ParameterName"] not in FAMILY:
            raise Fault("InvalidParameterValueException", f"Unknown parameter {one['ParameterName']}")
        group["values"][one["ParameterName"]] = one["ParameterValue"]
    return ActionResult({"ParameterGroup": shown(group)})


@adds(MemoryDBResponse)
def reset_parameter_group(self):
    group, given = parameter_group(self), asked(self)
    for name in FAMILY if given.get("AllParameters") else given["ParameterNames"]:
        group["values"][name] = FAMILY[name]
    return ActionResult({"ParameterGroup": shown(group)})


@adds(MemoryDBResponse)
def delete_parameter_group(self):
    group, backend = parameter_group(self), self.memorydb_backend
    if group["Name"] in [cluster.parameter_group_name for cluster in backend.clusters.values()]:
        raise Fault("InvalidParameterGroupStateFault", "One or more clusters are still members of this group.")
    return ActionResult({"ParameterGroup": shown(backend.parameter_groups.pop(group["Name"]))})


@adds(MemoryDBResponse)
def update_subnet_group(self):
    given = asked(self)
    group = self.memorydb_backend.describe_subnet_groups(given["SubnetGroupName"])[0]
    group.description = given.get("Description", group.description)
    group.subnet_ids = given.get("SubnetIds", group.subnet_ids)
    return ActionResult({"SubnetGroup": group.to_dict()})


@adds(memorydb.MemoryDBBackend)
def _list_arns(self, *, known=None):
    return known(self) + [group["ARN"] for group in parameter_groups(self).values()]


@adds(memorydb.MemoryDBBackend)
def create_cluster(self, *, known=None, **given):
    """A shard without replicas stays without, and groups that are not there are refused."""
    group = given.get("parameter_group_name")
    if group and group not in parameter_groups(self):
        raise Fault("ParameterGroupNotFoundFault", f"Parameter group {group} not found.")
    if (given.get("subnet_group_name") or "default") not in self.subnet_groups:
        raise Fault("SubnetGroupNotFoundFault", f"Subnet group {given['subnet_group_name']} not found.")
    cluster = known(self, **given)
    if given.get("num_replicas_per_shard") == 0:
        cluster.num_replicas_per_shard, cluster.availability_mode = 0, "SingleAZ"
        cluster.shards = cluster.get_shard_details()
    return cluster


@adds(memorydb.MemoryDBCluster)
def update(self, *given, known=None):
    known(self, *given)
    self.security_groups = [{"SecurityGroupId": one, "Status": "active"} for one in self.security_group_ids]


# ---------------------------------------------------------------- Service Quotas

QUOTAS = {("ec2", "L-417A185B"): 64.0, ("ec2", "L-0263D0A3"): 5.0, ("s3", "L-DC2B2D3D"): 100.0}


def increases(response):
    backend = response.backend
    if not hasattr(backend, "increases"):
        backend.increases = []
    return backend.increases


@adds(ServiceQuotasBackend)
def get_service_quota(self, service_code, quota_code, *, known=None):
    if (service_code, quota_code) not in QUOTAS:
        return known(self, service_code, quota_code)
    value = QUOTAS[service_code, quota_code]
    return {"ServiceCode": service_code, "QuotaCode": quota_code, "Value": value, "Adjustable": True, "GlobalQuota": False}


@adds(ServiceQuotasResponse)
def get_aws_default_service_quota(self):
    return self.get_service_quota()


@adds(ServiceQuotasResponse)
def request_service_quota_increase(self):
    given, made = asked(self), increases(self)
    quota = self.backend.get_service_quota(given["ServiceCode"], given["QuotaCode"])
    if given["DesiredValue"] <= quota["Value"]:
        raise JsonRESTError("IllegalArgumentException", "The quota value that you request must be greater than the current one.")
    key = (given["ServiceCode"], given["QuotaCode"])
    if any((one["ServiceCode"], one["QuotaCode"]) == key and one["Status"] == "PENDING" for one in made):
        raise JsonRESTError("ResourceAlreadyExistsException", "Only one open service quota increase request is allowed per quota.")
    made.append({**given, "Id": uuid.uuid4().hex, "Status": "PENDING", "Created": time.time()})
    return json.dumps({"RequestedQuota": made[-1]})


@adds(ServiceQuotasResponse)
def list_requested_service_quota_change_history(self):
    return json.dumps({"RequestedQuotas": increases(self)})


@adds(ServiceQuotasResponse)
def list_requested_service_quota_change_history_by_quota(self):
    given = asked(self)
    self.backend.get_service_quota(given["ServiceCode"], given["QuotaCode"])
    return json.dumps({"RequestedQuotas": [
        one for one in increases(self) if (one["ServiceCode"], one["QuotaCode"]) == (given["ServiceCode"], given["QuotaCode"])]})


# ---------------------------------------------------------------- Identity Center

ssoadmin.PermissionSet.generate_id = staticmethod(
    lambda instance: f"{instance.replace(':instance/', ':permissionSet/')}/ps-{uuid.uuid4().hex[:16]}")


def permission_set(response):
    given = asked(response)
    return response.ssoadmin_backend._find_permission_set(given["InstanceArn"], given["ResourceArn"])


@adds(SSOAdminResponse)
def list_tags_for_resource(self):
    return json.dumps({"Tags": permission_set(self).tags or []})


@adds(SSOAdminResponse)
def tag_resource(self):
    found, given = permission_set(self), asked(self)["Tags"]
    keys = {tag["Key"] for tag in given}
    found.tags = [tag for tag in found.tags or [] if tag["Key"] not in keys] + given
    return "{}"


@adds(SSOAdminResponse)
def untag_resource(self):
    found, keys = permission_set(self), asked(self)["TagKeys"]
    found.tags = [tag for tag in found.tags or [] if tag["Key"] not in keys]
    return "{}"


@adds(SSOAdminResponse)
def describe_permission_set_provisioning_status(self):
    return json.dumps({"PermissionSetProvisioningStatus": {
        "RequestId": asked(self)["ProvisionPermissionSetRequestId"], "Status": "SUCCEEDED"}})


@adds(SSOAdminResponse)
def create_account_assignment(self, *, known=None):
    """It is worked on when it is answered, as on AWS: whoever does not ask how it went does not know."""
    answer = json.loads(known(self))
    answer["AccountAssignmentCreationStatus"]["Status"] = "IN_PROGRESS"
    return json.dumps(answer)


@adds(ssoadmin.SSOAdminBackend)
def create_account_assignment(self, *, known=None, **given):  # noqa: F811
    """The same assignment twice is one, and the account has the permission set from then on."""
    try:
        found = self._find_account(**given)
    except ssoadmin.ResourceNotFoundException:
        known(self, **given)
        found = self._find_account(**given)
    instance = next(one for one in self.instances if one.instance_arn == given["instance_arn"])
    found_set = self._find_permission_set(given["instance_arn"], given["permission_set_arn"])
    if found_set not in instance.provisioned_permission_sets:
        instance.provisioned_permission_sets.append(found_set)
    return found.to_json(include_creation_date=True, include_request_id=True)


@adds(ssoadmin.SSOAdminBackend)
def create_permission_set(self, *, known=None, **given):
    """A session lasts an hour where nobody says how long; moto tells that in seconds."""
    return known(self, **{**given, "session_duration": "PT1H" if given["session_duration"] == 3600 else given["session_duration"]})


@adds(ssoadmin.SSOAdminBackend)
def delete_permission_set(self, instance_arn, permission_set_arn, *, known=None):
    if any(one.permission_set_arn == permission_set_arn for one in self.account_assignments):
        raise ssoadmin.ConflictException("The permission set is assigned to accounts.")
    return known(self, instance_arn, permission_set_arn)


def set_attributes(found, operations, names):
    """A user or a group with its attributes set by SCIM's paths."""
    for operation in operations:
        path, value = operation["AttributePath"], operation.get("AttributeValue")
        first, _, rest = path.partition(".")
        if rest:
            name = getattr(found, "Name")._replace(**{rest[0].upper() + rest[1:]: value})
            found = found._replace(Name=name)
        elif first in names:
            if isinstance(value, list):
                value = [{key[0].upper() + key[1:]: item for key, item in one.items()} for one in value]
            found = found._replace(**{first[0].upper() + first[1:]: value})
        else:
            raise ConflictException(message=f"no attribute {path}", reason="")
    return found


def store_of(response):
    return response.identitystore_backend._IdentityStoreBackend__get_identity_store(response._get_param("IdentityStoreId"))


@adds(IdentityStoreResponse)
def update_user(self):
    users, key = store_of(self).users, self._get_param("UserId")
    self.describe_user()
    users[key] = set_attributes(users[key], asked(self)["Operations"], ("displayName", "emails"))
    return "{}"


@adds(IdentityStoreResponse)
def update_group(self):
    groups, key = store_of(self).groups, self._get_param("GroupId")
    self.describe_group()
    groups[key] = set_attributes(groups[key], asked(self)["Operations"], ("displayName", "description"))
    return "{}"


@adds(IdentityStoreResponse)
def describe_group_membership(self):
    found = store_of(self).group_memberships.get(self._get_param("MembershipId"))
    if found is None:
        raise ResourceNotFoundException(message="MEMBERSHIP not found.", resource_type="GROUP_MEMBERSHIP")
    return json.dumps(found)


def membership(response):
    group, member = response._get_param("GroupId"), response._get_param("MemberId")
    return next((one for one in store_of(response).group_memberships.values() if (one["GroupId"], one["MemberId"]) == (group, member)), None)


@adds(IdentityStoreResponse)
def get_group_membership_id(self):
    found = membership(self)
    if found is None:
        raise ResourceNotFoundException(message="MEMBERSHIP not found.", resource_type="GROUP_MEMBERSHIP")
    return json.dumps({"MembershipId": found["MembershipId"], "IdentityStoreId": found["IdentityStoreId"]})


@adds(IdentityStoreResponse)
def create_group_membership(self, *, known=None):
    if membership(self) is not None:
        raise ConflictException(message="Member and Group relationship already exists.", reason="UNIQUENESS_CONSTRAINT_VIOLATION")
    return known(self)


# ---------------------------------------------------------------- IAM

@adds(iam.IAMBackend)
def remove_role_from_instance_profile(self, profile_name, role_name, *, known=None):
    """A role that is not in the profile is refused; moto falls over it."""
    if role_name not in [role.name for role in self.get_instance_profile(profile_name).roles]:
        raise NotFoundException(f"Instance profile {profile_name} does not contain role {role_name}.")
    return known(self, profile_name, role_name)


@adds(IamResponse)
def create_saml_provider(self, *, known=None):
    name = self._get_param("Name")
    if name in self.backend.saml_providers:
        raise EntityAlreadyExists(f"Provider with name {name} already exists.")
    answer = known(self)
    self.backend.saml_providers[name].tags = self._get_param("Tags", [])
    return answer


@adds(IamResponse)
def list_saml_provider_tags(self):
    return ActionResult({"Tags": saml_provider(self).tags, "IsTruncated": False})


def saml_provider(response):
    return response.backend.get_saml_provider(response._get_param("SAMLProviderArn"))


@adds(IamResponse)
def tag_saml_provider(self):
    found, given = saml_provider(self), self._get_param("Tags")
    keys = {tag["Key"] for tag in given}
    found.tags = [tag for tag in found.tags if tag["Key"] not in keys] + given
    return ActionResult({})


@adds(IamResponse)
def untag_saml_provider(self):
    found, keys = saml_provider(self), self._get_param("TagKeys")
    found.tags = [tag for tag in found.tags if tag["Key"] not in keys]
    return ActionResult({})
