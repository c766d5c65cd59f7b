"""Holds what the emulator's operations read and answer against the service model of botocore.

    check.py OPERATIONS_JSON GOLDEN_FOLDER

A difference fails unless it is listed below with its reason; so does a reason that is not needed any more.
"""

import json
import pathlib
import sys
import xml.etree.ElementTree

import botocore.session

# (operation, parameter, what) -> why it is otherwise here.
PARAMETERS = {
    ("*", "*", "pattern worded by hand"): "names and paths are checked by hand and worded in IAM's own way",
}
# (operation, element) -> why no golden answer holds it, or holds it against the model.
ANSWERS = {
    ("CreateUser", "User.PermissionsBoundary"): "there are no managed policies yet",
    ("GetUser", "User.PermissionsBoundary"): "there are no managed policies yet",
    ("CreateUser", "User.PasswordLastUsed"): "nobody has a password yet",
    ("GetUser", "User.PasswordLastUsed"): "nobody has a password yet",
    ("ListUsers", "Users.member.PasswordLastUsed"): "nobody has a password yet",
    ("ListUsers", "Users.member.PermissionsBoundary"): "listings leave it out",
    ("ListUsers", "Users.member.Tags"): "listings leave them out",
    ("ListAccountAliases", "Marker"): "an account has one alias, which fits into every page",
}

used = set()


def main(operations_path, golden_folder):
    operations = json.loads(pathlib.Path(operations_path).read_text())
    session = botocore.session.get_session()
    failed = 0
    for service, described in operations.items():
        model = session.get_service_model(service)
        unlike = sorted(set(described["at_aws"]) ^ set(model.operation_names))
        failed += step(f"the operations of {service} at AWS are known", unlike)
        for name, operation in described["operations"].items():
            shape = model.operation_model(name)
            differences = [
                *parameters(name, operation["parameters"], shape.input_shape),
                *answers(name, shape.output_shape, pathlib.Path(golden_folder) / name),
            ]
            failed += step(f"{name} reads and answers what the model says", differences)
    unneeded = [f"{reason} is not needed" for reason in {**PARAMETERS, **ANSWERS} if reason not in used]
    failed += step("every difference that is listed is there", unneeded)
    return 1 if failed or not operations else 0


def step(name, differences):
    print(f"not ok - {name}: {'; '.join(differences)}" if differences else f"ok - {name}")
    return 1 if differences else 0


def listed(table, *keys):
    for key in keys:
        if key in table:
            used.add(key)
            return True
    return False


def parameters(operation, described, shape):
    members = dict(flattened(shape)) if shape else {}
    names = {parameter["name"] for parameter in described}
    for name in members.keys() ^ names:
        where = "model" if name in members else "emulator"
        if not listed(PARAMETERS, (operation, name, "missing")):
            yield f"{operation}.{name}: only in the {where}"
    for parameter in described:
        name = parameter["name"]
        if name not in members:
            continue
        member, required = members[name]
        ours = {"required": parameter["required"], **normalised(parameter["constraint"])}
        theirs = {"required": required, **of_model(member)}
        for what in sorted(ours.keys() | theirs.keys()):
            ours_is, theirs_is = ours.get(what), theirs.get(what)
            if ours_is == theirs_is:
                continue
            keys = [(operation, name, what), ("*", name, what)]
            if what == "pattern" and ours_is is None:
                keys.append(("*", "*", "pattern worded by hand"))
            if not listed(PARAMETERS, *keys):
                yield f"{operation}.{name}: {what} is {ours_is!r} here and {theirs_is!r} in the model"


def flattened(shape, prefix=""):
    for name, member in shape.members.items():
        yield prefix + name, (member, name in shape.required_members)
        if member.type_name == "list" and member.member.type_name == "structure":
            for field, (inner, required) in flattened(member.member):
                yield f"{prefix}{name}.member.{field}", (inner, required)


def normalised(constraint):
    return {key: value for key, value in constraint.items() if key != "type" and value is not None}


def of_model(shape):
    metadata = shape.metadata
    found = {key: metadata[key] for key in ("min", "max", "pattern") if key in metadata}
    if metadata.get("enum"):
        found["enum"] = list(metadata["enum"])
    if shape.type_name == "list":
        found.pop("min", None)
    return found


def answers(operation, shape, folder):
    """The elements of the golden answers, and the members of the model."""
    seen = set()
    for path in sorted(folder.glob("*/response.txt")):
        body = path.read_text().split("\n\n", 1)[1]
        root = xml.etree.ElementTree.fromstring(body) if body.startswith("<") else None
        if root is None or not root.tag.endswith("Response") or root.tag.endswith("ErrorResponse"):
            continue
        result = [child for child in root if child.tag.endswith("Result")]
        if bool(result) != (shape is not None):
            yield f"{operation}: {'a' if result else 'no'} result element in {path.parent.name}"
        for element in result:
            seen |= set(elements(element))
    if not folder.is_dir():
        yield f"{operation}: no golden answers"
        return
    known = set(model_elements(shape)) if shape is not None else set()
    for element in sorted(seen - known):
        yield f"{operation}: {element} is not in the model"
    for element in sorted(known - seen):
        parents = [element.rsplit(".", count)[0] for count in range(element.count(".") + 1)]
        if not any(listed(ANSWERS, (operation, parent)) for parent in parents):
            yield f"{operation}: no golden answer holds {element}"


def elements(parent, prefix=""):
    for child in parent:
        name = prefix + child.tag.rsplit("}", 1)[-1]
        yield name
        yield from elements(child, name + ".")


def model_elements(shape, prefix=""):
    for name, member in shape.members.items():
        yield prefix + name
        if member.type_name == "list":
            yield f"{prefix}{name}.member"
            member, name = member.member, f"{name}.member"
        if member.type_name == "structure":
            yield from model_elements(member, f"{prefix}{name}.")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
