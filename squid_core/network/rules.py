"""What is sent by itself: which results of a study go to which systems."""

from __future__ import annotations

from collections.abc import Iterable

from squid_core.network.configuration import SendRule


def due(rules: Iterable[SendRule], *, scored: bool, read: bool) -> dict[str, tuple[str, ...]]:
    """Where the results of a study go now.

    Args:
        rules: what is configured.
        scored: the detector has scored it.
        read: a reader has judged it or marked it read.

    Returns:
        Kinds of `ExportKind`, by value, each once, by the name of the system; empty where nothing is to be sent.
    """
    kinds: dict[str, dict[str, None]] = {}
    for rule in rules:
        if read if rule.only_read else scored:
            kinds.setdefault(rule.peer, {}).update(dict.fromkeys(rule.kinds))
    return {peer: tuple(wanted) for peer, wanted in kinds.items() if wanted}
