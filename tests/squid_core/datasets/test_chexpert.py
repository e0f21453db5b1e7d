"""CheXpert's table, made up: the paper's films are chosen, patients stay apart, and no path leads out of its folder."""

from __future__ import annotations

import csv
from pathlib import Path

import cv2
import numpy as np
import pytest

from squid_core.bundle.card import read_card
from squid_core.cli import main
from squid_core.contracts.errors import SquidError
from squid_core.datasets.chexpert import FINDINGS, others_than, select
from squid_core.datasets.image_set import as_key
from squid_core.datasets.labelled import from_chexpert
from squid_core.training.preset import PRESETS, load_preset
from squid_core.training.sets import sets_from_chexpert, sets_from_zhanglab
from tests.squid_core.datasets.made_up_images import made_up, write_pictures

COLUMNS = ("Path", "Sex", "Age", "Frontal/Lateral", "AP/PA", "No Finding", *FINDINGS, "Support Devices")
TINY = load_preset("tiny")


def path_of(patient: int, view: str = "view1_frontal", study: int = 1) -> str:
    return f"CheXpert-v1.0-small/train/patient{patient:05d}/study{study}/{view}.jpg"


def row(path: str, projection: str = "PA", **cells: str) -> dict[str, str]:
    view = "Frontal" if projection else "Lateral"
    return {"Path": path, "Frontal/Lateral": view, "AP/PA": projection} | {
        k.replace("_", " "): v for k, v in cells.items()
    }


def write_table(folder: Path, rows: list[dict[str, str]], columns: tuple[str, ...] = COLUMNS) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "train.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return folder / "train.csv"


def write_dataset(folder: Path, normals: int = 12, abnormals: int = 6) -> Path:
    rows = [row(path_of(i), No_Finding="1.0") for i in range(normals)]
    rows += [row(path_of(100 + i), Edema="1.0") for i in range(abnormals)]
    for entry, image in zip(rows, made_up(len(rows)).images, strict=True):
        picture = folder / Path(*Path(entry["Path"]).parts[1:])
        picture.parent.mkdir(parents=True)
        cv2.imwrite(str(picture), image)
    return write_table(folder, rows)


def test_the_papers_selection(tmp_path: Path) -> None:
    rows = [
        row(path_of(1), No_Finding="1.0"),
        row(path_of(1, study=2), No_Finding="1.0", Support_Devices="1.0"),
        row(path_of(2), Edema="1.0"),
        row(path_of(3), Fracture="1", Cardiomegaly="-1.0"),
        row(path_of(4), Pneumonia="-1.0"),
        row(path_of(5), Support_Devices="1.0"),
        row(path_of(6)),
        row(path_of(7), "AP", No_Finding="1.0"),
        row(path_of(8, "view2_lateral"), "", No_Finding="1.0"),
        row(path_of(9), Edema="strange", No_Finding="0.0"),
    ]
    films = select(write_table(tmp_path / "CheXpert-v1.0-small", rows))
    assert [film.name for film in films.normal] == [
        "patient00001/study1/view1_frontal.jpg",
        "patient00001/study2/view1_frontal.jpg",
    ]
    assert [film.patient for film in films.normal] == [as_key("patient00001")] * 2
    assert [film.patient for film in films.abnormal] == [as_key("patient00002"), as_key("patient00003")]
    root = (tmp_path / "CheXpert-v1.0-small").resolve()
    assert films.normal[0].path == root / "train/patient00001/study1/view1_frontal.jpg"


def test_the_pictures_may_lie_below_a_folder_of_the_datasets_name(tmp_path: Path) -> None:
    (tmp_path / "CheXpert-v1.0-small").mkdir()
    films = select(write_table(tmp_path, [row(path_of(1), No_Finding="1.0")]))
    assert films.normal[0].path == tmp_path.resolve() / path_of(1)


def test_abnormals_to_report_on_are_of_patients_not_trained_on(tmp_path: Path) -> None:
    rows = [row(path_of(i), No_Finding="1.0") for i in range(3)]
    rows += [row(path_of(i, study=2), Edema="1.0") for i in range(6)]
    films = select(write_table(tmp_path, rows))
    known = {as_key("patient00000"), as_key("patient00001")}
    strangers = others_than(films.abnormal, known)
    assert {film.patient for film in strangers} == {as_key(f"patient{i:05d}") for i in range(2, 6)}
    assert others_than(films.abnormal[::-1], known) == strangers


def test_sets_and_an_evaluation_come_from_the_table(tmp_path: Path) -> None:
    table = write_dataset(tmp_path / "CheXpert-v1.0-small")
    (table.parent / "train/patient00003/study1/view1_frontal.jpg").unlink()
    (table.parent / "train/patient00100/study1/view1_frontal.jpg").write_bytes(b"no picture")
    sets, unreadable = sets_from_chexpert(table, TINY)
    assert len(sets.train) + len(sets.held_out) == 11
    assert unreadable == 1
    assert sets.val_abnormal is not None
    assert len(sets.val_abnormal) == 5
    labelled = from_chexpert(table, TINY.preprocessing)
    assert (len(labelled.normal), len(labelled.abnormal["any finding"])) == (11, 5)


def test_a_training_on_chexpert_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table, out = write_dataset(tmp_path / "CheXpert-v1.0-small"), tmp_path / "bundle"
    preset = tmp_path / "short.toml"
    text = (PRESETS / "tiny.toml").read_text()
    preset.write_text(text.replace("steps = 12", "steps = 1"))
    options = ["--chexpert", str(table), "--device", "cpu"]
    assert main(["train", "--preset", str(preset), "--out", str(out), *options]) == 0
    assert "8 images to train on, 4 held out, 0 files not used" in capsys.readouterr().out
    assert read_card(out).metrics["validation"]["abnormals"] == 6
    assert main(["evaluate", "--weights", str(out), *options]) == 0
    assert "12 normal, 6 abnormal" in capsys.readouterr().out


@pytest.mark.parametrize(
    "path", ["../secret.jpg", "/etc/passwd", "CheXpert-v1.0-small/../../secret.jpg", "train/../../secret.jpg", ""]
)
def test_a_path_that_leads_out_of_the_folder_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(SquidError, match="leads out of the table's folder"):
        select(write_table(tmp_path / "table", [row(path, No_Finding="1.0")]))


def test_a_link_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "table").mkdir()
    (tmp_path / "table" / "link").symlink_to(tmp_path)
    with pytest.raises(SquidError, match="leads out of the table's folder"):
        select(write_table(tmp_path / "table", [row("link/secret.jpg", No_Finding="1.0")]))


def test_tables_that_cannot_be_used_get_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SquidError, match="cannot be read"):
        select(tmp_path / "nowhere.csv")
    with pytest.raises(SquidError, match="no column 'AP/PA'"):
        select(write_table(tmp_path, [], tuple(name for name in COLUMNS if name != "AP/PA")))
    with pytest.raises(SquidError, match="no normal frontal PA film"):
        select(write_table(tmp_path, [row(path_of(1), "AP", No_Finding="1.0"), row(path_of(2), Edema="1.0")]))
    with pytest.raises(SquidError, match="None of the table's 2 normal pictures"):
        sets_from_chexpert(write_table(tmp_path, [row(path_of(i), No_Finding="1.0") for i in range(2)]), TINY)
    (tmp_path / "picture.csv").write_bytes(bytes(range(128, 256)))
    with pytest.raises(SquidError, match="no CSV table"):
        select(tmp_path / "picture.csv")


@pytest.mark.parametrize("with_test", [False, True])
def test_zhanglabs_own_layout(tmp_path: Path, with_test: bool) -> None:
    write_pictures(tmp_path / "train" / "NORMAL", 12)
    write_pictures(tmp_path / "train" / "PNEUMONIA", 3)
    if with_test:
        write_pictures(tmp_path / "test" / "NORMAL", 2)
        write_pictures(tmp_path / "test" / "PNEUMONIA", 4)
    sets, unreadable = sets_from_zhanglab(tmp_path, TINY)
    assert (len(sets.train) + len(sets.held_out), unreadable) == (12, 0)
    assert (sets.val_normal and len(sets.val_normal)) == (2 if with_test else None)
    assert sets.val_abnormal is not None
    assert len(sets.val_abnormal) == (4 if with_test else 3)
    assert np.array_equal(sets.held_out.images, sets_from_zhanglab(tmp_path, TINY)[0].held_out.images)
