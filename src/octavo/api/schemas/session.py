"""Signing in, as the pages of the server do it."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from octavo.api.key_cookie import LONGEST_KEY


def _short_enough(key: str) -> str:
    if len(key.encode()) > LONGEST_KEY:
        raise ValueError(f"A browser keeps no key of more than {LONGEST_KEY} bytes")
    return key


class SignIn(BaseModel):
    """What is sent to sign in."""

    model_config = ConfigDict(extra="forbid")

    key: Annotated[str, AfterValidator(_short_enough)]


class SessionOut(BaseModel):
    """Who is signed in."""

    keys_needed: bool = Field(description="Whether the server has keys.")
    signed_in: bool = Field(description="Whether requests of this browser are let in.")
    owner: str = Field(description="Name of the key; empty where nobody is signed in, or without keys.")
