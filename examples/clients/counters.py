"""Counters of all devices, as a billing system reads them, with Python's zeep.

    python3 counters.py https://server.example:8444 ca.pem operator.token
"""
import sys

from requests import Session
from requests.auth import HTTPBasicAuth
from zeep import Client
from zeep.transports import Transport


def operator(url, ca_file, token_file):
    session = Session()
    session.trust_env = False  # the environment must not choose another CA
    session.verify = ca_file
    with open(token_file, encoding="ascii") as file:
        session.auth = HTTPBasicAuth("operator", file.read().strip())
    return Client(f"{url}/soap/operator?wsdl", transport=Transport(session=session, timeout=60)).service


def devices(service):
    page = {"next": None}
    while True:
        page = service.ListDevices(withCounters=True, after=page["next"])
        yield from page["device"]
        if page["next"] is None:
            return


for device in devices(operator(*sys.argv[1:4])):
    for counter in device["counters"]["counter"] if device["counters"] else []:
        print(f'{device["id"]},{counter["name"]},{counter["value"]}')
