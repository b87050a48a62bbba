"""The data package in the words of Croissant 1.0, which catalogues of data sets and machine learning tools read.

It is made from `datapackage.json` and nothing else but the names in CITATION.cff. See https://docs.mlcommons.org/croissant.
"""

from __future__ import annotations

from essay_site.published import edition

FILE = "croissant.json"
VERSION = "http://mlcommons.org/croissant/1.0"
# As the specification gives it; tools compare it.
CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "sc": "https://schema.org/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "conformsTo": "dct:conformsTo",
} | {
    term: f"cr:{term}"
    for term in (
        *("citeAs", "column", "equivalentProperty", "extract", "field", "fileProperty", "fileObject", "fileSet", "format"),
        *("includes", "isLiveDataset", "jsonPath", "key", "md5", "parentField", "path", "recordSet", "references", "regex"),
        *("repeated", "replace", "samplingRate", "separator", "source", "subField", "transform"),
    )
}
# Types of the Table Schema -> types of Croissant.
TYPES = {"string": "sc:Text", "integer": "sc:Integer", "number": "sc:Float", "boolean": "sc:Boolean", "date": "sc:Date"}


def described(package: dict, address: str) -> dict:
    """Return the description of a data package whose files stand at an address; beside it where that is empty."""
    released = edition.citation()["date-released"]
    resources = package["resources"]
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": VERSION,
        "name": package["name"],
        "description": f"{package['title']}. {package['description']}",
        "license": [licence["path"] for licence in package["licenses"]],
        "creator": [{"@type": "sc:Organization", "name": name} for name in edition.authors()],
        "citeAs": edition.bibtex(
            "misc",
            package["name"],
            title=package["title"],
            year=str(released.year),
            version=package["version"],
            url=address,
        ),
        "datePublished": released.isoformat(),
        "version": package["version"],
        "inLanguage": "en",
        **({"url": address} if address else {}),
        "distribution": [file(resource, address) for resource in resources],
        "recordSet": [record_set(resource) for resource in resources],
    }


def file(resource: dict, address: str) -> dict:
    """Return the file of a table."""
    # A map is JSON too, which is what tools know how to read.
    kinds = [resource["mediatype"], *(["application/json"] if resource["mediatype"].endswith("+json") else [])]
    return {
        "@type": "cr:FileObject",
        "@id": resource["path"],
        "name": resource["path"],
        "description": resource["description"],
        "contentUrl": address + resource["path"],
        "contentSize": f"{resource['bytes']} B",
        "encodingFormat": kinds if len(kinds) > 1 else kinds[0],
        "sha256": resource["hash"].removeprefix("sha256:"),
    }


def record_set(resource: dict) -> dict:
    """Return the rows of a table, or the features of a map, with their columns and keys."""
    name, schema = resource["name"], resource["schema"]
    keys = {key["fields"][0]: key["reference"] for key in schema.get("foreignKeys", [])}

    def field(column: dict) -> dict:
        extract = {"column": column["name"]} if "rows" in resource else {"jsonPath": f"$.features[*].properties.{column['name']}"}
        unit = f" ({column['unit']})" if "unit" in column else ""
        made = {
            "@type": "cr:Field",
            "@id": f"{name}/{column['name']}",
            "name": column["name"],
            "description": column["description"] + unit,
            "dataType": TYPES[column["type"]],
            "source": {"fileObject": {"@id": resource["path"]}, "extract": extract},
        }
        if reference := keys.get(column["name"]):
            made["references"] = {"field": {"@id": f"{reference['resource'] or name}/{reference['fields'][0]}"}}
        return made

    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": f"{resource['title']}. Each row is {resource['row']}.",
        **({"key": [{"@id": f"{name}/{column}"} for column in schema["primaryKey"]]} if "primaryKey" in schema else {}),
        "field": [field(column) for column in schema["fields"]],
    }
