#!/usr/bin/env python3
"""Writes what Google's discovery documents say of the collections that descriptors name: methods with their paths and
parameters, and the fields of what they send and answer.

    make_models.py COLLECTION...        such as compute/v1/networks

`ModelTests` names the collections when one is missing. Run it again when google-api-python-client changes.
"""
import json
import os
import sys

import googleapiclient

DOCUMENTS = os.path.join(os.path.dirname(googleapiclient.__file__), "discovery_cache", "documents")


def methods(document, found=None):
    found = {} if found is None else found
    found.update({m["id"]: m for m in document.get("methods", {}).values()})
    for resource in document.get("resources", {}).values():
        methods(resource, found)
    return found


def shape(prop):
    """`string`, `$Network`, `[string]`, `{string}`: what a field holds."""
    if "$ref" in prop:
        return "$" + prop["$ref"]
    if prop.get("type") == "array":
        inner = shape(prop["items"])
        return inner if isinstance(inner, dict) else "[%s]" % inner
    if "additionalProperties" in prop:
        return "{%s}" % shape(prop["additionalProperties"])
    if prop.get("type") == "object" and "properties" in prop:
        return {k: shape(p) for k, p in sorted(prop["properties"].items())}
    return prop.get("type", "any")


def names(shapes):
    for one in shapes:
        if isinstance(one, dict):
            yield from names(one.values())
        elif "$" in one:
            yield one.strip("[]{}").lstrip("$")


def reach(document, start, depth=6):
    found, due = {}, [(n, 0) for n in start]
    while due:
        name, level = due.pop()
        if name in found or level > depth:
            continue
        properties = document["schemas"][name].get("properties", {})
        found[name] = {k: shape(p) for k, p in sorted(properties.items())}
        due += [(n, level + 1) for n in names(found[name].values())]
    return found


def main():
    models = {}
    for wanted in sys.argv[1:]:
        service, version, collection = wanted.split("/")
        with open(os.path.join(DOCUMENTS, "%s.%s.json" % (service, version)), encoding="utf-8") as file:
            document = json.load(file)
        ours = {i: m for i, m in methods(document).items() if i.rsplit(".", 1)[0] == "%s.%s" % (service, collection)}
        model = models.setdefault("%s/%s" % (service, version), {"methods": {}, "schemas": {}})
        for i, m in ours.items():
            model["methods"][i] = {
                "http": m["httpMethod"], "path": m.get("flatPath", m["path"]),
                "query": sorted(k for k, p in m.get("parameters", {}).items() if p.get("location") == "query"),
                "request": m.get("request", {}).get("$ref", ""), "response": m.get("response", {}).get("$ref", "")}
        bodies = {ours[i]["response"]["$ref"] for i in ours if i.endswith(".get") and "response" in ours[i]}
        model["schemas"].update(reach(document, bodies))
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "models.json"), "w", encoding="utf-8") as file:
        json.dump(models, file, sort_keys=True, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    main()
