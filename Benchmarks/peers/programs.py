"""The two programs that are compared, the AWS stand-in, and how one command of them is run and measured."""
import contextlib
import glob
import json
import os
import subprocess
import sys
import urllib.request

import estate

EMULATORS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Tests/Emulators")
# One command; it is ended where it takes longer.
LIMIT = 900


class Problem(Exception):
    """Something failed that the comparison needs."""


class Absent(Exception):
    """Something that the comparison needs is not on this machine."""


def say(text):
    print(text, file=sys.stderr, flush=True)


class Emulator:
    """The stand-in, and what it is asked beside the API."""

    def __init__(self, port):
        self.port, self.endpoint = port, f"http://127.0.0.1:{port}"

    def control(self, path, given=None):
        body = None if given is None else json.dumps(given).encode()
        with urllib.request.urlopen(f"{self.endpoint}{path}", data=body) as answer:
            return json.load(answer)

    def requests(self, account):
        return self.control(f"/__requests?account={account}")

    def fault(self, account, kind, action=".*", **more):
        self.control("/__faults", [{"match": {"account": account, "action": action}, "kind": kind, **more}])


@contextlib.contextmanager
def emulator():
    child = subprocess.Popen([sys.executable, os.path.join(EMULATORS, "moto_server.py")], stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        yield Emulator(json.loads(child.stdout.readline())["port"])
    finally:
        child.stdin.close()
        child.wait()


class Program:
    """One program with an estate of its own, in a folder and an account."""

    def __init__(self, path, emulator, folder, account, shape=estate.WHOLE, environments=1):
        self.path, self.emulator, self.folder, self.account = os.path.abspath(path), emulator, folder, account
        self.shape, self.environments = shape, environments
        self.log = os.path.join(folder, "log")
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": folder, "AWS_ACCESS_KEY_ID": f"AKIATEST{account}",
            "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-west-2", "AWS_ENDPOINT_URL": emulator.endpoint,
            **self.settings()}

    def settings(self):
        return {}

    def filled(self, kind, changed):
        return estate.fill(kind(), self.environments, self.account, changed, self.shape)

    def start(self, *arguments):
        """In a session of its own, so that the program can be ended with all that it started."""
        with open(self.log, "w") as output:
            return subprocess.Popen([self.path, *arguments], cwd=self.folder, env=self.environment, stdout=output,
                                    stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, start_new_session=True)

    def code(self, *arguments):
        child = self.start(*arguments)
        try:
            return child.wait(LIMIT)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, 9)
            return child.wait()

    def expect(self, *arguments):
        code = self.code(*arguments)
        if code != 0:
            raise Problem(f"{self.name} {' '.join(arguments)} ended with {code}:\n{self.said()}")

    def said(self):
        with open(self.log, errors="replace") as log:
            return log.read()[-2000:]

    def answer(self, *arguments):
        run = subprocess.run([self.path, *arguments], cwd=self.folder, env=self.environment, capture_output=True,
                             stdin=subprocess.DEVNULL, timeout=LIMIT)
        return run.stdout.decode()


class Plumb(Program):
    name = "plumb"
    apply = ("apply", "--auto-approve")
    plan = ("plan", "--detailed-exitcode")
    destroy = ("destroy", "--auto-approve", "--allow-stateful", "*")

    def write(self, changed=False):
        whole = self.filled(estate.Plumb, changed)
        whole.write(self.folder, self.account)
        return whole.count

    def prepare(self):
        pass

    def recorded(self):
        """What its inventory holds: (kind, id)."""
        lines = map(json.loads, self.answer("inventory", "list", "--json").splitlines())
        records = [line["record"] for line in lines if "record" in line]
        return {(record["address"].removeprefix("aws.").partition("/")[0], record["id"]) for record in records}


class Terraform(Program):
    name = "terraform"
    apply = ("apply", "-auto-approve", "-no-color")
    plan = ("plan", "-detailed-exitcode", "-no-color")
    destroy = ("destroy", "-auto-approve", "-no-color")
    kinds = {"aws_vpc": "Vpc", "aws_subnet": "Subnet", "aws_internet_gateway": "InternetGateway",
             "aws_route_table": "RouteTable", "aws_security_group": "SecurityGroup", "aws_iam_role": "Role",
             "aws_s3_bucket": "Bucket"}

    def settings(self):
        self.plugins, self.version = mirror()
        path = os.path.join(self.folder, "settings.tfrc")
        with open(path, "w") as file:
            file.write("disable_checkpoint = true\nprovider_installation {\n  filesystem_mirror {\n"
                       f'    path = "{self.plugins}"\n  }}\n}}\n')
        return {"TF_CLI_CONFIG_FILE": path, "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1", "TF_INPUT": "0",
                "AWS_EC2_METADATA_DISABLED": "true"}

    def write(self, changed=False):
        whole = self.filled(estate.Terraform, changed)
        whole.write(self.folder, self.version, self.emulator.endpoint, f"AKIATEST{self.account}")
        return whole.count

    def prepare(self):
        self.expect("init", "-no-color")

    def recorded(self):
        """What its state holds: (kind, id). A state that was cut off holds nothing."""
        state = self.answer("state", "pull")
        resources = json.loads(state).get("resources", []) if state.strip() else []
        return {(self.kinds[resource["type"]], instance["attributes"]["id"])
                for resource in resources if resource["type"] in self.kinds for instance in resource["instances"]}


def mirror():
    """A filesystem mirror that holds Terraform's AWS provider, and the newest version in it."""
    places = [os.environ.get("TF_PLUGINS"), os.path.expanduser("~/.terraform.d/plugins"), *glob.glob("/*/tf-plugins")]
    for place in filter(None, places):
        versions = [os.path.basename(v) for v in glob.glob(f"{place}/*/hashicorp/aws/[0-9]*")]
        if versions:
            return place, max(versions, key=lambda v: [int(n) for n in v.split(".") if n.isdigit()])
    raise Absent("no mirror of Terraform's AWS provider: TF_PLUGINS names one")


def report(path, work):
    """Writes what `work` finds; where it cannot, the `problem` or what is `absent`."""
    try:
        results = work()
    except Problem as problem:
        results = {"problem": str(problem)}
    except Absent as absent:
        results = {"absent": str(absent)}
    with open(path, "w") as file:
        json.dump(results, file)
