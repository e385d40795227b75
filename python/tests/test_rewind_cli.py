"""Runs with ``python3 -m unittest``; needs the rewind command, and no other package."""

import html.parser
import importlib.util
import json
import os
import pickle
import subprocess
import sys
import tempfile
import textwrap
import unittest

import rewind_cli
from rewind_cli import RewindError, assert_reproduces
from rewind_cli.command import Report, find_command, words

# The example of the reference text, line by line, with a random walk in the place of a training loop.
TRAIN = """
import argparse
import json
import os
import random

def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--seed', type=int, default=42)
    parser.add_argument('--drift', type=float, default=0.0)
    parser.add_argument('--forget-seed', action='store_true')
    args = parser.parse_args()
    if not args.forget_seed:
        random.seed(args.seed)
    metrics_path = os.environ.get('RLDK_METRICS_PATH', 'metrics.jsonl')
    reward_mean = 1.0
    for step in range(20):
        reward_mean += random.random() + (args.drift if step >= 12 else 0.0)
        kl_mean = entropy_mean = random.random()
        metrics = {
            "step": step,
            "seed": args.seed,
            "reward_mean": reward_mean,
            "kl_mean": kl_mean,
            "entropy_mean": entropy_mean,
        }
        with open(metrics_path, 'a') as f:
            f.write(json.dumps(metrics) + '\\n')

if __name__ == "__main__":
    main()
"""


class WithRun(unittest.TestCase):
    """A folder with the script and the log of a run."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="rewind-python-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.script = self.file("train.py", TRAIN)
        self.command = words([sys.executable, self.script])
        self.run_path = self.file("ppo_training.jsonl")
        status = os.system("RLDK_METRICS_PATH=%s %s --seed 7" % (self.run_path, self.command))
        self.assertEqual(status, 0)

    def file(self, name, text=None):
        path = os.path.join(self.folder, name)
        if text is not None:
            with open(path, "w") as file:
                file.write(textwrap.dedent(text))
        return path


class ReferenceExample(WithRun):
    def test_python_api_of_the_reference_text(self):
        from rewind_cli.replay import replay

        # Run replay
        report = replay(
            run_path=self.run_path,
            training_command=self.command,
            metrics_to_compare=["reward_mean", "kl_mean", "entropy_mean"],
            tolerance=0.01,
            max_steps=50,
            output_dir=self.file("replay_results"),
        )
        self.assertTrue(report.passed)
        self.assertEqual((report.original_seed, report.replay_seed), (7, 7))
        self.assertEqual(report.metrics_compared, ["reward_mean", "kl_mean", "entropy_mean"])
        self.assertEqual(report.mismatches, [])
        self.assertTrue(report.replay_command.endswith("--seed 7"))
        with open(self.file("replay_results/replay_comparison.json")) as file:
            self.assertTrue(json.load(file)["passed"])

    def test_violations_are_analyzed_as_in_the_reference_text(self):
        from rewind_cli.replay import replay

        report = replay(
            self.run_path,
            self.command + " --drift 5",
            ["reward_mean", "kl_mean"],
            output_dir=self.file("replay_results"),
            no_page=True,
        )
        self.assertFalse(report.passed)
        lines = []
        for metric in report.metrics_compared:
            stats = report.comparison_stats[metric]
            violations = stats['tolerance_violations']
            max_diff = stats['max_diff']
            lines.append(f"  {metric}: {violations} violations, max diff: {max_diff:.6f}")
        self.assertEqual(len(report.mismatches), 8)
        self.assertEqual(report.mismatches[0]["step"], 12)
        self.assertTrue(lines[0].startswith("  reward_mean: 8 violations"), lines)
        self.assertEqual(lines[1], "  kl_mean: 0 violations, max diff: 0.000000")
        page = report._repr_html_()
        html.parser.HTMLParser().feed(page)
        self.assertIn("does not reproduce", page)
        self.assertIn("reward_mean", page)
        self.assertIn("step 12", str(report))

    def test_wrong_input_is_an_error_that_says_what_to_do(self):
        from rewind_cli.replay import replay

        with self.assertRaises(RewindError) as caught:
            replay(self.run_path, self.command, ["reward_men"], output_dir=self.file("out"))
        self.assertIn("did you mean", str(caught.exception))
        self.assertEqual(caught.exception.exit_code, 2)


class Assertions(WithRun):
    def test_assert_reproduces_fails_a_nondeterministic_script(self):
        with self.assertRaises(AssertionError) as caught:
            assert_reproduces(self.command + " --forget-seed", metrics=["reward_mean"])
        self.assertIn("nondeterministic", str(caught.exception))
        self.assertIn("culprit: unseeded random", str(caught.exception))

    def test_assert_reproduces_passes_a_deterministic_one(self):
        self.assertTrue(assert_reproduces(self.command).passed)


@unittest.skipUnless(importlib.util.find_spec("pytest"), "pytest is not installed")
class Plugin(WithRun):
    def test_fixture_fails_a_nondeterministic_script_and_passes_a_replay(self):
        self.file(
            "test_training.py",
            """
            COMMAND = %r
            RUN = %r

            def test_every_time_the_same(assert_reproduces):
                assert_reproduces(COMMAND + " --forget-seed", metrics=["kl_mean"], no_diagnose=True)

            def test_as_in_the_log(assert_reproduces):
                assert assert_reproduces(COMMAND, RUN, ["kl_mean"]).passed
            """
            % (self.command, self.run_path),
        )
        source = os.path.dirname(os.path.dirname(rewind_cli.__file__))
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "rewind_cli.pytest_plugin", "-p", "no:cacheprovider", "."],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": source, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            stdout=subprocess.PIPE,
        )
        text = done.stdout.decode()
        self.assertEqual(done.returncode, 1, text)
        self.assertIn("1 failed, 1 passed", text)
        self.assertIn("the training command is nondeterministic", text)
        self.assertIn("kl_mean differs", text)


class Helpers(unittest.TestCase):
    def test_report_is_a_mapping_with_attributes(self):
        report = Report("seeds", {"verdict": "better"}, 0)
        self.assertEqual(report.verdict, report["verdict"])
        self.assertTrue(report.ok)
        self.assertIn("rewind seeds: better", report._repr_html_())
        self.assertEqual(dict(pickle.loads(pickle.dumps(report))), {"verdict": "better"})
        with self.assertRaises(AttributeError):
            report.nothing

    def test_words_are_quoted(self):
        self.assertEqual(words(["python", "a b.py", "$HOME"]), "python 'a b.py' '$HOME'")

    def test_the_command_is_that_of_the_variable(self):
        self.assertTrue(find_command())


if __name__ == "__main__":
    unittest.main()
