"""`--show-settings`: what is in force for this user on this computer, and who says so. No Qt."""

from __future__ import annotations

import json
from functools import reduce
from pathlib import Path

from app.domain.errors import Notice
from app.domain.layers.chosen import Chosen, load_chosen
from app.domain.layers.names import all_names, said
from app.domain.layers.policy import KEPT_FOR_ONE_USER, Policy, load_policy
from app.domain.settings import Settings
from squid_core.contracts.errors import SquidError
from squid_core.network.configuration import network_of_policy, read_settings
from squid_core.policy import NETWORK, PolicyFile, policy_file, read_policy
from squid_core.terminal import say

TELLING = frozenset({"recent", "watched", "export_folder"})  # paths may tell of patients: the user's are not shown


def show_settings(settings_file: Path, draft: Path | None = None) -> int:
    """Say every setting, its value and whose it is.

    Args:
        settings_file: the user's.
        draft: a policy that is looked at instead of this computer's; it must be there.

    Returns:
        0, or 1 where something of the policy or of the user's file cannot be used.
    """
    path = draft or policy_file()
    policy, complaint = load_policy(draft)
    chosen, damaged = load_chosen(settings_file)
    settings = chosen.settings(policy)
    dumped = settings.model_dump(mode="json")
    say(f"Policy of this computer: {path}{'' if path.exists() else ' (there is none)'}")
    say(f"Settings of this user: {settings_file}{'' if settings_file.exists() else ' (there are none)'}")
    for name in sorted(set(all_names(Settings())) - KEPT_FOR_ONE_USER):
        who = _who(name, policy, chosen)
        value = json.dumps(reduce(lambda part, key: part[key], name.split("."), dumped), ensure_ascii=False)
        say(f"{name} = {'(not shown)' if name in TELLING and who == 'user' else value}  [{who}]")
    wrong = [complaint, damaged, _network(settings_file.parent, draft)]
    for notice in filter(None, wrong):
        say(f"{notice.text} {f'({notice.detail})' if notice.detail else ''}".strip())
    return int(any(wrong))


def _who(name: str, policy: Policy, chosen: Chosen) -> str:
    if name in policy.names:
        return "fixed"
    if chosen.says(name):
        return "user"
    return "default" if said(policy.default, name) else "program"


def _network(home: Path, draft: Path | None) -> Notice | None:
    """Say whose the network settings are; what is wrong with them."""
    try:
        policy = read_policy(draft)
    except SquidError:  # said already
        policy = PolicyFile()
    try:
        for part in (policy.fixed, policy.default):
            network_of_policy(part)
        if draft is None:
            read_settings(home)
    except SquidError as error:
        return Notice.from_error(error)
    who = "fixed" if NETWORK in policy.fixed else "default" if NETWORK in policy.default else ""
    say(f"{NETWORK}  [{who or 'user'}]")
    return None
