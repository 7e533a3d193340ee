"""Requests that fail: what to send where, by name. Bodies are JSON; documents are addresses or lie inside."""

import base64
import os


def inside(content):
    return "data:application/pdf;base64," + base64.b64encode(content).decode()


def raising(name):
    """A document, new for each program, that makes the scripted server raise an error of the domain."""
    return {"document": {"type": "document_url", "document_url": inside(f"raise {name} {os.getpid()}".encode())}}


def url(address, **more):
    return {"document": {"type": "document_url", "document_url": address}, **more}


def real(files):
    """Errors that the real server finds by itself."""
    report = f"{files}/report.pdf"
    schema = {"type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "object"}}}
    return {
        "unknown model": url(report, model="gpt-9"),
        "address forbidden": url("http://127.0.0.1:9/report.pdf"),
        "address without document": url(f"{files}/nothing.pdf"),
        "wrong base64": url("data:application/pdf;base64,?!"),
        "no address": url("ftp//report.pdf?"),
        "empty address": url(""),
        "too many pages": url(f"{files}/long.pdf", pages=[0]),
        "cut": url(f"{files}/cut.pdf"),
        "no document": url(f"{files}/page.html"),
        "page out of range": url(report, pages=[5]),
        "too large by address": url(f"{files}/large.pdf"),
        "too large inside": url(inside(b"%PDF-1.7 " + b"x" * 2_100_000)),
        "request too large": url(inside(b"%PDF-1.7 " + b"x" * 4_000_000)),
        "unknown file": {"document": {"type": "file", "file_id": "6e8b1f0c-8a5e-4c54-9d3f-0a9bb1b3b5a1"}},
        "annotation": url(report, document_annotation_format=schema),
        "negative limit": url(report, image_limit=-1),
    }


def by_script():
    """Errors of the domain, one each."""
    names = ("UnsupportedDocument", "CorruptDocument", "EncryptedDocument", "EngineFailed", "EngineTimeout")
    return {name: raising(name) for name in (*names, "EngineNotInstalled", "Overloaded", "OctavoError")}
