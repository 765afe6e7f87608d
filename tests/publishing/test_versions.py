from datetime import datetime

from orchestration.publishing import versions
from tests.publishing.conftest import build_marts
from tests.publishing.reading import generation_seen


def test_leftovers_of_a_killed_publish_are_swept_away(publish_marts, serving_dir):
    snapshot = publish_marts(1)
    folder = serving_dir / "versions"
    (folder / ".preparing-2026-11-22-000002").mkdir()
    (folder / ".removing-2026-11-20-000001").mkdir()
    never_shown = folder / "2026-11-22-000003"
    never_shown.mkdir()
    (never_shown / "unswitched").touch()
    (serving_dir / ".customer_360.next").symlink_to("nowhere")

    versions.sweep(serving_dir)

    assert [path.name for path in folder.iterdir()] == [snapshot.version]
    assert not (serving_dir / ".customer_360.next").is_symlink()


def test_version_switched_to_just_before_the_kill_stays(publish_marts, serving_dir):
    snapshot = publish_marts(1)
    (snapshot.path.parent / "unswitched").touch()

    versions.sweep(serving_dir)

    assert [version.name for version in versions.published_versions(serving_dir)] == [
        snapshot.version
    ]


def test_lost_link_does_not_cost_the_versions(publish_marts, serving_dir):
    publish_marts(1)
    (serving_dir / "customer_360.duckdb").unlink()

    versions.sweep(serving_dir)

    assert len(versions.published_versions(serving_dir)) == 1


def test_foreign_folder_among_the_versions_is_left_alone(publish_marts, serving_dir):
    publish_marts(1)
    (serving_dir / "versions" / "my backup").mkdir()

    prepared = versions.prepare(serving_dir, datetime.fromisoformat("2026-11-23"))

    assert prepared.name == ".preparing-2026-11-23-000002"
    assert (serving_dir / "versions" / "my backup").is_dir()


def test_home_of_the_time_of_one_link_is_read_and_led_on(publish_marts, warehouse, serving_dir):
    before = publish_marts(1)
    stable = serving_dir / "customer_360.duckdb"
    stable.unlink()
    stable.symlink_to(before.path.relative_to(serving_dir))
    (serving_dir / "current").unlink()
    assert versions.current_version(serving_dir).name == before.version

    build_marts(warehouse, 2)
    publish_marts(2)
    assert generation_seen(serving_dir) == 2
    assert versions.current_version(serving_dir).folder == (serving_dir / "current").resolve()
