"""Calls operations of a contract with Python's zeep. A job on standard input (see ../toolkit.ts), a line of JSON a call."""
import base64
import datetime
import json
import sys

from lxml import etree
from requests import Session
from requests.auth import HTTPBasicAuth
from zeep import Client
from zeep.exceptions import Fault, NamespaceError, TransportError
from zeep.helpers import serialize_object
from zeep.transports import Transport


DEVICE = "{urn:postern:device:1}"
# What holds one of several requests or answers.
HOLDERS = ["{urn:postern:operator:1}RequestContent", "{urn:postern:uplink:1}Request", "{urn:postern:uplink:1}Response"]


def given(client, value):
    """Arguments as zeep takes them: bytes and times have types of their own in Python."""
    if isinstance(value, list):
        return [given(client, item) for item in value]
    if not isinstance(value, dict):
        return value
    if "$bytes" in value:
        return base64.b64decode(value["$bytes"])
    if "$time" in value:
        return datetime.datetime.fromisoformat(value["$time"].replace("Z", "+00:00"))
    empty = [name for name, item in value.items() if item == {}]
    fields = {name: given(client, item) for name, item in value.items() if item != {}}
    return with_empty(client, fields, empty[0]) if empty else fields


def with_empty(client, fields, name):
    """In a choice zeep takes an empty dict for "not this one": an element without content is set as what it is."""
    for holder in HOLDERS:
        try:
            kind = client.get_type(holder)
        except (LookupError, NamespaceError):
            continue
        if name in dict(kind.elements):
            made = kind(**fields)
            setattr(made, name, client.get_element(DEVICE + name)())
            return made
    raise ValueError(f"nothing holds {name}")


def told(value):
    if isinstance(value, (bytes, bytearray)):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return str(value)


def failure(fault):
    """The `Failure` in the fault's detail: what a program reads."""
    if fault.detail is None:
        return None
    return {etree.QName(item).localname: item.text for child in fault.detail for item in child}


def secret(path):
    with open(path, encoding="ascii") as file:
        return file.read().strip()


def client_of(job):
    session = Session()
    session.trust_env = False
    session.verify = job["tls"]["ca"]
    if "cert" in job["tls"]:
        session.cert = (job["tls"]["cert"], job["tls"]["key"])
    if "basic" in job:
        session.auth = HTTPBasicAuth(job["basic"]["user"], secret(job["basic"]["passwordFile"]))
    if "bearer" in job:
        session.headers["Authorization"] = "Bearer " + secret(job["bearer"]["tokenFile"])
    client = Client(job["wsdl"], transport=Transport(session=session, timeout=30))
    (service,) = client.wsdl.services.values()
    suffix = "Soap11Port" if job["version"] == "1.1" else "Soap12Port"
    (port,) = [name for name in service.ports if name.endswith(suffix)]
    return client, client.bind(service.name, port)


def call(client, service, operation, arguments):
    try:
        answer = service[operation](**given(client, arguments))
        return {"operation": operation, "answer": serialize_object(answer, dict)}
    except Fault as fault:
        return {"operation": operation, "fault": {"text": fault.message, "failure": failure(fault)}}
    except TransportError as refusal:
        return {"operation": operation, "fault": {"text": str(refusal), "failure": None}}


def main():
    job = json.load(sys.stdin)
    client, service = client_of(job)
    for each in job["calls"]:
        print(json.dumps(call(client, service, each["operation"], each["arguments"]), default=told), flush=True)


main()
