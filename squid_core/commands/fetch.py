"""squid fetch."""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from squid_core.commands.common import Commands, add_network, network_settings, whole_number
from squid_core.contracts.errors import SquidError
from squid_core.contracts.network import Answer, Fetched, FoundStudy, Outcome, Question
from squid_core.network.configuration import NetworkSettings, Standing, incoming_folder
from squid_core.network.errands import fetch_study, find
from squid_core.network.secrets import password
from squid_core.network.standing import MOST, StandingQuery
from squid_core.terminal import EXIT_OK, ending_on_term, say

EXIT_MISSING = 1  # some of what was asked for is not here
RADIOGRAPHS = ("CR", "DX")
ANY = "any"
MOST_DAYS, MOST_MINUTES = 1440, 1440  # that are looked back to; of a pause, as of `Standing`


def add_fetch(commands: Commands) -> None:
    """`squid fetch`: bring studies from another system into the incoming folder, without the window."""
    parser = commands.add_parser(
        "fetch",
        help="look for studies in another system and bring them into the incoming folder",
        epilog="Run it again to go on where it stopped: what is here is not fetched twice. "
        "It ends with 0 only where all that was asked for is here.",
    )
    parser.add_argument("--from", dest="peer", required=True, metavar="NAME", help="a system of the network settings")
    days = parser.add_mutually_exclusive_group()
    days.add_argument("--today", action="store_true", help="studies of today")
    days.add_argument(
        "--days", type=whole_number(most=MOST_DAYS), metavar="N", help="studies of the last N days, today among them"
    )
    days.add_argument("--from-date", type=_day, metavar="DAY", help="studies from this day on, such as 2026-11-30")
    days.add_argument(
        "--every",
        type=whole_number(most=MOST_MINUTES),
        metavar="MINUTES",
        help="today's studies again and again, until Ctrl+C",
    )
    parser.add_argument("--to-date", type=_day, metavar="DAY", help="studies up to this day")
    parser.add_argument(
        "--modality",
        type=_codes,
        action="extend",
        metavar="CODES",
        help=f"with commas between, or several times; {','.join(RADIOGRAPHS)} by default, {ANY} for all",
    )
    parser.add_argument("--patient-id", default="", metavar="ID", help="* and ? stand for any characters, any one")
    parser.add_argument("--accession", default="", metavar="NUMBER", help="studies of this accession number")
    parser.add_argument("--body-part", default="", metavar="CODE", help="such as CHEST, as the series state it")
    parser.add_argument("--study", default="", metavar="UID", help="one study, whatever its modality")
    parser.add_argument("--list", action="store_true", help="say which there are, patients among it, and fetch none")
    add_network(parser)
    parser.set_defaults(run=run_fetch)


def run_fetch(arguments: argparse.Namespace) -> int:
    """Look for studies, and fetch them one after another.

    Returns:
        0 where all that was asked for is here, else 1.

    Raises:
        SquidError: nothing was asked for, the system is not configured, or it does not answer.
    """
    settings = network_settings(arguments)
    secret = password(settings.peer(arguments.peer))
    with ending_on_term(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the libraries' quote values
        if arguments.every:
            return _again_and_again(settings, secret, arguments)
        answer = find(settings, arguments.peer, secret, _question(arguments), MOST)
        if answer.said.outcome is not Outcome.DONE:
            raise SquidError(answer.said.sentence, "", answer.said.detail)
        if answer.more:
            say(answer.said.sentence)
        if arguments.list:
            return _listed(answer)
        return EXIT_OK if _fetch_all(settings, secret, arguments, answer) and not answer.more else EXIT_MISSING


def _question(arguments: argparse.Namespace) -> Question:
    today = date.today()  # noqa: DTZ011 - the day of this workstation
    first, last = arguments.from_date, arguments.to_date
    if arguments.today:
        first = last = today
    elif arguments.days:
        first, last = today - timedelta(days=arguments.days - 1), today
    question = Question(
        first,
        last,
        modalities=_modalities(arguments),
        patient_id=arguments.patient_id,
        accession_number=arguments.accession,
        body_part=arguments.body_part,
        study_instance_uid=arguments.study,
    )
    if question == Question(modalities=question.modalities, body_part=question.body_part):
        raise SquidError("Nothing says which studies.", "Name days, a patient, an accession number or a study.")
    return question


def _modalities(arguments: argparse.Namespace) -> tuple[str, ...]:
    stated: list[str] | None = arguments.modality
    if stated is None:
        return () if arguments.study else RADIOGRAPHS
    return () if ANY.upper() in stated else tuple(dict.fromkeys(stated))


def _listed(answer: Answer) -> int:
    for study in answer.studies:
        number = "" if study.instances is None else f"{study.instances} objects"
        parts = (
            f"{study.study_date:8} {study.study_time[:4]:4}",
            f"{'/'.join(study.modalities):8}",
            f"{study.body_part:10}",
            f"{study.patient_id:16} {study.patient_name:24}",
            f"{study.accession_number:16} {number}",
        )
        say("  ".join(parts).rstrip())
    say(f"{len(answer.studies)} studies.")
    return EXIT_OK


def _fetch_all(settings: NetworkSettings, secret: str, arguments: argparse.Namespace, answer: Answer) -> bool:
    """Whether all of them are here; what is said of each names nobody."""
    whole = 0
    for number, study in enumerate(answer.studies, start=1):
        fetched = _fetch(settings, secret, arguments, study, _modalities(arguments))
        whole += fetched.said.outcome is Outcome.DONE
        say(f"Study {number} of {len(answer.studies)}: {_told(fetched)}")
    say(f"{whole} of {len(answer.studies)} studies are here.")
    return whole == len(answer.studies)


def _again_and_again(settings: NetworkSettings, secret: str, arguments: argparse.Namespace) -> int:
    """A standing query until Ctrl+C; what fails is said, and tried again the next time."""
    if arguments.list or arguments.study or arguments.patient_id or arguments.accession or arguments.to_date:
        raise SquidError("--every asks for today's studies alone.", "Leave out what names a patient or a day.")
    modalities = _modalities(arguments)
    standing = Standing(
        peer=arguments.peer, minutes=arguments.every, modalities=modalities, body_part=arguments.body_part
    )
    query = StandingQuery(standing, arguments.home)
    say(f"Asking every {arguments.every} minutes, until Ctrl+C.")
    try:
        while True:
            began = time.monotonic()
            _one_turn(settings, secret, arguments, query)
            time.sleep(max(0.0, 60.0 * arguments.every - (time.monotonic() - began)))
    except KeyboardInterrupt:  # how it is meant to end
        return EXIT_OK


def _one_turn(settings: NetworkSettings, secret: str, arguments: argparse.Namespace, query: StandingQuery) -> None:
    now = datetime.now(UTC)
    for day in query.days(now):
        answer = find(settings, arguments.peer, secret, query.question(day), MOST)
        if answer.said.outcome is not Outcome.DONE:
            say(f"{_clock()} {answer.said.sentence}")
            return
        for study in query.wanted(answer.studies, now):
            if (part := query.part_of(study)) is not None:
                shows = find(settings, arguments.peer, secret, part, 1)
                if shows.said.outcome is not Outcome.DONE:
                    say(f"{_clock()} {shows.said.sentence}")
                    return
                if not shows.studies:
                    query.done_with(study, day, now)
                    continue
            fetched = _fetch(settings, secret, arguments, study, query.standing.modalities)
            query.settle(study, day, fetched, now)
            say(f"{_clock()} A study: {_told(fetched)}")
        query.asked(day, now, answer)


def _fetch(
    settings: NetworkSettings, secret: str, arguments: argparse.Namespace, study: FoundStudy, modalities: Sequence[str]
) -> Fetched:
    folder: Path = incoming_folder(arguments.home)
    return fetch_study(settings, arguments.peer, secret, study.study_instance_uid, folder, tuple(modalities))


def _told(fetched: Fetched) -> str:
    numbers = f"{fetched.files} files came, {fetched.had} were here"
    missing = f", {fetched.missing} are missing" if fetched.missing else ""
    return f"{numbers}{missing}. {fetched.said.sentence}"


def _clock() -> str:
    return datetime.now().astimezone().strftime("%H:%M:%S")


def _day(stated: str) -> date:
    try:
        return date.fromisoformat(stated)
    except ValueError as error:
        raise argparse.ArgumentTypeError("give it as 2026-11-30") from error


def _codes(stated: str) -> tuple[str, ...]:
    codes = tuple(dict.fromkeys(code.strip().upper() for code in stated.split(",") if code.strip()))
    if not codes or any(not code.isalnum() for code in codes):
        raise argparse.ArgumentTypeError("codes such as CR,DX")
    return codes
