import subprocess
import sys

from orchestration.gates.validation import data_context


def test_one_context_serves_the_process_and_tells_nobody():
    context = data_context()
    assert context is data_context()
    assert context.config.analytics_enabled is False


def test_listing_the_suites_does_not_import_great_expectations():
    code = (
        "import sys\n"
        "from orchestration.gates import data_docs, runner, suites\n"
        "from orchestration.settings import PROJECT_DIR\n"
        "assert suites.load_suites([PROJECT_DIR / 'expectations'])\n"
        "assert 'great_expectations' not in sys.modules\n"
    )
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert finished.returncode == 0, finished.stderr
