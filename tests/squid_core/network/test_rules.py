from __future__ import annotations

from squid_core.network.configuration import SendRule
from squid_core.network.rules import due

SCORED = SendRule(peer="PACS", kinds=("sr", "sc"))
READ = SendRule(peer="PACS", kinds=("ko", "sr"), only_read=True)
ELSEWHERE = SendRule(peer="Archive", kinds=("seg",))


def test_scored_studies_go_where_a_rule_says() -> None:
    assert due((SCORED, READ, ELSEWHERE), scored=True, read=False) == {"PACS": ("sr", "sc"), "Archive": ("seg",)}


def test_what_two_rules_want_is_wanted_once() -> None:
    assert due((SCORED, READ), scored=True, read=True) == {"PACS": ("sr", "sc", "ko")}


def test_a_rule_for_what_was_read_needs_no_score() -> None:
    assert due((SCORED, READ), scored=False, read=True) == {"PACS": ("ko", "sr")}


def test_without_rules_nothing_is_sent() -> None:
    assert due((), scored=True, read=True) == {}
    assert due((SendRule(peer="PACS", kinds=()),), scored=True, read=True) == {}
