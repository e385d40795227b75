"""Writes the logs in this directory, in the formats' own words: Python's json, csv, pickle, sqlite3 and
zipfile where the trainers use them, and for W&B and TensorBoard a writer made from their published
framing (LevelDB log blocks with zlib's CRC-32; TFRecord with masked CRC-32C). It shares nothing with
the readers under test. Standard library only; run it here: python3 make_fixtures.py
torch_1_13/training_args.bin is not made here: Debian's PyTorch 1.13 wrote it with
torch.save(Arguments()) of a dataclass with seed 5, rng_seed -3 and 8589934592 in a nested dict.
"""
import csv
import io
import json
import math
import os
import pickle
import shutil
import sqlite3
import struct
import zipfile
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))


def path(*parts):
    full = os.path.join(HERE, *parts)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    return full


def write(name, text):
    with open(path(*name.split("/")), "w", newline="") as f:
        f.write(text)


def loss(step):
    return 2.5 * math.exp(-step / 40) + 0.01 * math.sin(step)


# --- Protocol Buffers ---------------------------------------------------------------------------
def varint(n):
    n &= (1 << 64) - 1
    out = bytearray()
    while True:
        byte = n & 0x7F
        n >>= 7
        if n:
            out.append(byte | 0x80)
        else:
            out.append(byte)
            return bytes(out)


def field_int(number, value):
    return varint(number << 3) + varint(value)


def field_bytes(number, value):
    if isinstance(value, str):
        value = value.encode()
    return varint(number << 3 | 2) + varint(len(value)) + value


def field_double(number, value):
    return varint(number << 3 | 1) + struct.pack("<d", value)


def field_float(number, value):
    return varint(number << 3 | 5) + struct.pack("<f", value)


# --- W&B transaction log ------------------------------------------------------------------------
class WandbWriter:
    BLOCK = 32768

    def __init__(self, version=0, header_counts=True):
        self.out = bytearray(b":W&B" + struct.pack("<HB", 0xBEE1, version))
        self.base = 0 if header_counts else 7
        self.num = 0

    def chunk(self, kind, data):
        crc = zlib.crc32(data, zlib.crc32(bytes([kind]))) & 0xFFFFFFFF
        self.out += struct.pack("<IHB", crc, len(data), kind) + data

    def record(self, payload):
        self.num += 1
        data = field_int(1, self.num) + payload
        first = True
        while True:
            left = self.BLOCK - (len(self.out) - self.base) % self.BLOCK
            if left < 7:
                self.out += bytes(left)
                left = self.BLOCK
            part, data = data[: left - 7], data[left - 7 :]
            last = not data
            kind = (1 if last else 2) if first else (4 if last else 3)
            self.chunk(kind, part)
            first = False
            if last:
                return

    def history(self, items, step=None):
        payload = b""
        items = dict(items)
        if step is not None:
            items["_step"] = step
        for key, value in items.items():
            parts = key if isinstance(key, tuple) else None
            keys = b"".join(field_bytes(2, part) for part in parts) if parts else field_bytes(1, key)
            payload += field_bytes(1, keys + field_bytes(16, json.dumps(value)))
        if step is not None:
            payload += field_bytes(2, field_int(1, step) if step else b"")
        self.record(field_bytes(2, payload))

    def config(self, values):
        updates = b"".join(
            field_bytes(1, field_bytes(1, k) + field_bytes(16, json.dumps(v))) for k, v in values.items()
        )
        self.record(field_bytes(5, updates))


def wandb_file(name, version, header_counts, rows, with_steps=True):
    w = WandbWriter(version, header_counts)
    w.record(field_bytes(21, b""))
    git = field_bytes(1, "https://example.org/repo.git") + field_bytes(2, "abc123" * 6 + "abcd")
    w.record(field_bytes(17, field_bytes(1, "k3x9") + field_bytes(3, "walks") + field_bytes(8, "calm-sun-7")
                         + field_bytes(21, git)))
    w.config({"seed": 1234, "train": "Namespace(lr=0.001, seed=42, data='x')", "model": {"data_seed": 2**63 + 1},
              "_wandb": {"seed": 5}})
    for step in range(rows):
        items = {"train/loss": loss(step), "train/global_step": step * 10, "_runtime": step * 0.25,
                 "_timestamp": 1.7e9 + step, "note": "x" * 150}
        if step == 3:
            items["train/loss"] = float("nan")
        if step == 4:
            items["train/loss"] = float("-inf")
        if step == 5:
            items["hist"] = {"_type": "histogram", "values": [1, 2], "bins": [0, 1, 2]}
        if with_steps:
            w.history(items, step)
        else:
            w.history(items)
        if step % 50 == 49:
            w.record(field_bytes(7, b"\x0a\x00"))
            w.history({("eval", "loss"): loss(step) + 0.1}, step if with_steps else None)
        if step == 60:
            # A record that covers more than two blocks.
            w.record(field_bytes(13, field_bytes(3, "o" * 70000)))
    w.record(field_bytes(18, field_int(1, 0)))
    with open(path(*name.split("/")), "wb") as f:
        f.write(w.out)


# --- TensorBoard --------------------------------------------------------------------------------
def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 & -(crc & 1))
    return crc ^ 0xFFFFFFFF


assert crc32c(b"123456789") == 0xE3069283


def masked(data):
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def frame(data):
    length = struct.pack("<Q", len(data))
    return length + struct.pack("<I", masked(length)) + data + struct.pack("<I", masked(data))


def event(step, *values, wall=1.7e9):
    summary = b"".join(field_bytes(1, value) for value in values)
    return frame(field_double(1, wall + step) + (field_int(2, step) if step else b"") + field_bytes(5, summary))


def scalar_v1(tag, value):
    return field_bytes(1, tag) + field_float(2, value)


def scalar_v2(tag, value):
    meta = field_bytes(9, field_bytes(1, field_bytes(1, "scalars")))
    return field_bytes(1, tag) + meta + field_bytes(
        8, field_int(1, 1) + field_bytes(2, b"") + field_bytes(4, struct.pack("<f", value)))


def scalar_floatval(tag, value):
    return field_bytes(1, tag) + field_bytes(8, field_int(1, 1) + field_bytes(5, struct.pack("<f", value)))


def scalar_double(tag, value):
    return field_bytes(1, tag) + field_bytes(8, field_int(1, 2) + field_bytes(4, struct.pack("<d", value)))


def text(tag, value):
    return field_bytes(1, tag) + field_bytes(8, field_int(1, 7) + field_bytes(8, value))


def hparams(values):
    entries = b""
    for key, value in values.items():
        inner = field_double(2, value) if isinstance(value, (int, float)) else field_bytes(3, value)
        entries += field_bytes(1, field_bytes(1, key) + field_bytes(2, inner))
    content = field_int(1, 0) + field_bytes(3, entries)
    meta = field_bytes(9, field_bytes(1, field_bytes(1, "hparams") + field_bytes(2, content)))
    return field_bytes(1, "_hparams_/session_start_info") + meta


def tensorboard():
    first = frame(field_double(1, 1.7e9) + field_bytes(3, "brain.Event:2"))
    args = json.dumps({"learning_rate": 5e-05, "seed": 77, "data_seed": None}, indent=2)
    body = first + event(0, text("args/text_summary", args), hparams({"seed": 9, "lr": 0.1}))
    for step in range(20):
        body += event(step, scalar_v1("train/loss", loss(step)))
        body += event(step, scalar_v2("train/reward", step / 7), scalar_floatval("train/kl", 1e-3 * step))
        if step % 5 == 4:
            body += event(step, scalar_double("eval/accuracy", 1 / (step + 3)))
    body += event(20, scalar_v1("train/loss", float("nan")))
    body += event(-1, scalar_v1("negative", 1.5))
    name = "tensorboard/events.out.tfevents.1700000000.host.1.0"
    with open(path(*name.split("/")), "wb") as f:
        f.write(body)
    # The run was resumed at step 18: a second file repeats some steps.
    body = first
    for step in range(18, 25):
        body += event(step, scalar_v1("train/loss", loss(step)))
    with open(path("tensorboard", "events.out.tfevents.1700000900.host.2.0"), "wb") as f:
        f.write(body)


# --- the rest -----------------------------------------------------------------------------------
class TrainingArguments:
    pass


TrainingArguments.__module__ = "transformers.training_args"


class Renamed(pickle._Pickler):
    """Pickles a class that does not exist here by name, as torch.save does in the Trainer's process."""

    def save_global(self, obj, name=None):
        self.write(pickle.GLOBAL + b"transformers.training_args\nTrainingArguments\n")
        self.memoize(obj)

    def save_type(self, obj):
        return self.save_global(obj)

    dispatch = dict(pickle._Pickler.dispatch)
    dispatch[type] = save_type


def training_args(name, seed, data_seed):
    args = TrainingArguments()
    args.__dict__ = {"output_dir": "out", "seed": seed, "learning_rate": 5e-05, "optim": "seed",
                     "num_train_epochs": 3, "data_seed": data_seed, "full_determinism": False,
                     "logging_steps": 500, "labels": ["seed", 12]}
    buffer = io.BytesIO()
    Renamed(buffer, protocol=2).dump(args)
    with zipfile.ZipFile(path(*name.split("/")), "w", zipfile.ZIP_STORED) as z:
        for entry, data in (("training_args/data.pkl", buffer.getvalue()), ("training_args/version", b"3\n")):
            info = zipfile.ZipInfo(entry, (1980, 1, 1, 0, 0, 0))
            z.writestr(info, data)


def trainer_state():
    history = []
    for step in range(1, 31):
        history.append({"epoch": step / 10, "grad_norm": 1 / step, "learning_rate": 5e-05 * (1 - step / 30),
                        "loss": float("nan") if step == 7 else loss(step), "step": step})
        if step % 10 == 0:
            history.append({"epoch": step / 10, "eval_loss": loss(step) + 0.1, "eval_runtime": 0.5 + step,
                            "step": step})
    history.append({"epoch": 3.0, "step": 30, "total_flos": 123456789012345.0, "train_loss": 1.25,
                    "train_runtime": 12.5, "train_samples_per_second": 100.1, "train_steps_per_second": 2.4})
    state = {"best_metric": None, "best_model_checkpoint": None, "epoch": 3.0, "eval_steps": 10,
             "global_step": 30, "is_local_process_zero": True, "log_history": history, "logging_steps": 1,
             "max_steps": 30, "num_train_epochs": 3, "total_flos": 123456789012345.0, "trial_name": None,
             "trial_params": None, "stateful_callbacks": {"x": {"log_history": [{"step": 99, "loss": 9}]}}}
    write("trainer/checkpoint-30/trainer_state.json", json.dumps(state, indent=2, sort_keys=True) + "\n")
    state["log_history"] = history[:9]
    write("trainer/checkpoint-9/trainer_state.json", json.dumps(state, indent=2, sort_keys=True) + "\n")
    training_args("trainer/checkpoint-30/training_args.bin", 1234, 2**40 + 3)


def trl():
    rows = []
    for step in range(1, 9):
        rows.append({"num_tokens": 1000.0 * step, "step_time": 1.5, "completions/mean_length": 212.5,
                     "rewards/length_reward/mean": 0.25 * step, "reward": 0.5 + step, "reward_std": 0.125,
                     "kl": 8.805232027953025e-06 * step, "clip_ratio/region_mean": 0.0, "entropy": None,
                     "loss": loss(step), "grad_norm": 0.00098, "learning_rate": 1e-06, "epoch": step / 8,
                     "step": step})
    write("trl/trainer_state.json",
          json.dumps({"global_step": 8, "log_history": rows}, indent=2, sort_keys=True) + "\n")


def rldk():
    rows = [{"step": s, "seed": 42, "reward_mean": s / 3, "kl_mean": 0.1 / (s + 1), "phase": "train",
             "git_sha": "deadbeef", "run_id": "flat-1"} for s in range(10)]
    write("rldk/flat.jsonl", "".join(json.dumps(r) + "\n" for r in rows))
    rows = []
    for s in range(1, 6):
        for name, value in (("reward_mean", s / 3), ("kl_mean", 0.1 / s), ("loss", loss(s))):
            rows.append({"time": 1.7e9 + s, "step": s, "name": name, "value": value, "run_id": "r",
                         "meta": {"seed": 7}})
    write("rldk/stream.jsonl", "".join(json.dumps(r) + "\n" for r in rows))
    rows = [{"global_step": s, "reward_scalar": 0.1 * s, "kl_to_ref": 0.01 * s,
             "rng.python": 2**70 + 1 if s == 0 else 2**70 + 1, "meta": {"worker": "a"}} for s in range(5)]
    write("rldk/custom.jsonl", "".join(json.dumps(r) + "\n" for r in rows))
    write("rldk/mixed.jsonl",
          '{"step": 1, "loss": "0.5", "note": "a"}\n{"step": "2", "loss": null}\n{"step": 3, "loss": "n/a"}\n'
          '{"step": 4, "loss": true}\n{"step": 5, "loss": 0.25}\n')


def verl():
    rows = [{"step": s, "data": {"critic/score/mean": 0.41 + s, "actor/pg_loss": loss(s),
                                 "response_length/mean": 212.0, "training/global_step": s,
                                 "perf/throughput": 913.0, "actor/grad_norm": None if s == 2 else 0.5}}
            for s in range(1, 6)]
    write("verl/exp.jsonl", "".join(json.dumps(r, separators=(",", ":")) + "\n" for r in rows))
    write("verl/.hydra/config.yaml",
          "data:\n  seed: null\nactor_rollout_ref:\n  actor:\n    data_loader_seed: 42\n"
          "rollout:\n  engine_kwargs: {seed: 18446744073709551615}\n")
    write("verl/.hydra/overrides.yaml", "- data.seed=17\n- trainer.n_gpus_per_node=8\n")


def lightning():
    with open(path("lightning", "version_0", "metrics.csv"), "w", newline="") as f:
        writer = csv.DictWriter(f, ["epoch", "step", "train_loss", "val_acc", "val_loss"])
        writer.writeheader()
        for step in range(9, 60, 10):
            writer.writerow({"epoch": step // 20, "step": step, "train_loss": loss(step)})
            if step % 20 == 19:
                writer.writerow({"epoch": step // 20, "step": step, "val_acc": 1 / step,
                                 "val_loss": float("nan") if step == 39 else loss(step)})
    write("lightning/version_0/hparams.yaml",
          "batch_size: 32\nloss: !!python/object/apply:torch.nn.modules.loss.MSELoss []\n"
          "opt: !!python/name:torch.optim.adam.Adam ''\nseed: 9007199254740993\n")
    write("lightning/version_0/config.yaml", "seed_everything: 42\ntrainer:\n  max_epochs: 3\n")


def wandb_exports():
    write("wandb_export/history.jsonl",
          '{"_step": 0, "_runtime": 1.5, "_timestamp": 1700000000.5, "loss": 0.5}\n'
          '{"_step": 1, "_runtime": 2.5, "_timestamp": 1700000001.5, "loss": "NaN"}\n'
          '{"_step": 2, "_runtime": 3.5, "_timestamp": 1700000002.5, "loss": "Infinity"}\n')
    write("wandb_export/one_run.csv",
          '"Step","calm-sun-7 - train/loss","calm-sun-7 - train/loss__MIN","calm-sun-7 - train/loss__MAX"\n'
          '"0","2.5","2.5","2.5"\n"1","2.25","2.25","2.25"\n"2","NaN","NaN","NaN"\n')
    write("wandb_export/two_runs.csv",
          '"Step","a - loss","a - loss__MIN","a - loss__MAX","b - loss","b - loss__MIN","b - loss__MAX"\n'
          '0,1,1,1,2,2,2\n1,3,3,3,4,4,4\n')


def mlflow():
    run = "mlflow/mlruns/0/5f1c0de"
    write("mlflow/mlruns/0/meta.yaml", "experiment_id: '0'\nname: Default\n")
    write(run + "/meta.yaml", "run_id: 5f1c0de\nexperiment_id: '0'\nstatus: 3\n")
    write(run + "/metrics/loss", "".join(f"{1718888000000 + s} {loss(s)!r} {s}\n" for s in range(12)))
    write(run + "/metrics/eval/accuracy", "1718888000123 0.6931471805599453 5\n1718888000124 nan 11\n")
    write(run + "/metrics/train/nested/kl", "1718888000123 1e-05 0\n1718888000124 inf 1\n")
    write(run + "/metrics/old", "1718888000123 0.5\n")
    write(run + "/metrics/new", "1718888000123 0.75 3 dataset-name digest\n")
    write(run + "/params/seed", "1234")
    write(run + "/params/optim/data_seed", "None")
    write(run + "/params/lr", "0.001")
    write(run + "/tags/mlflow.source.git.commit", "0123456789abcdef0123456789abcdef01234567")
    write(run + "/tags/mlflow.source.name", "train.py")
    write(run + "/tags/mlflow.runName", "bold-ant-3")


def trackio():
    file = path("trackio", "walks.db")
    if os.path.exists(file):
        os.remove(file)
    db = sqlite3.connect(file)
    db.execute("CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp TEXT NOT NULL, "
               "run_name TEXT NOT NULL, step INTEGER NOT NULL, metrics TEXT NOT NULL)")
    db.execute("CREATE TABLE configs (id INTEGER PRIMARY KEY AUTOINCREMENT, run_name TEXT NOT NULL, "
               "config TEXT NOT NULL, created_at TEXT NOT NULL)")
    for run, shift in (("dainty-sun-0", 0.0), ("bold-ant-1", 0.5)):
        for step in range(6):
            metrics = {"loss": loss(step) + shift, "nested": {"lr": 1e-3}, "epoch": step // 2}
            if step == 4:
                metrics["loss"] = "NaN"
            db.execute("INSERT INTO metrics (timestamp, run_name, step, metrics) VALUES (?, ?, ?, ?)",
                       ("2026-08-01T00:00:00", run, step, json.dumps(metrics)))
        db.execute("INSERT INTO configs (run_name, config, created_at) VALUES (?, ?, ?)",
                   (run, json.dumps({"seed": 2**64 + (1 if shift else 0), "_Username": "x"}), "2026-08-01"))
    db.commit()
    db.close()


def texts():
    write("text/train.log",
          "loading model ...\n2026-08-01 10:00:00 INFO seeds are ready\n"
          "step: 1 loss: 0.5 reward 1.25 lr=1e-05\n"
          "step: 2 loss: nan reward 1.5 lr=1e-05\n"
          "Epoch 1/3 step 3, loss: 0.25, tokens: 1,234\n")
    write("text/trainer_stdout.log",
          "  0%|          | 0/30 [00:00<?, ?it/s]\n"
          "{'loss': 0.6931, 'grad_norm': 1.5, 'learning_rate': 5e-05, 'epoch': 0.1}\n"
          "some warning\n"
          "{'loss': nan, 'grad_norm': inf, 'learning_rate': 4e-05, 'epoch': 0.2, 'msg': 'it\\'s \"x\"'}\n")


def wandb_directory():
    run = "wandb/wandb/offline-run-20260801_100000-k3x9"
    wandb_file(run + "/run-k3x9.wandb", 0, True, 400)
    write(run + "/files/config.yaml",
          "_wandb:\n    value:\n        cli_version: 0.17.0\nseed:\n    value: 4242\nlr:\n    value: 0.1\n")
    write(run + "/files/wandb-metadata.json",
          json.dumps({"program": "train.py", "args": ["--lr", "0.1", "--train.seed", "77", "--data-seed=-5"],
                      "git": {"commit": "f" * 40}}, indent=2))
    wandb_file("wandb_v1/run-k3x9.wandb", 1, True, 30, with_steps=False)
    wandb_file("wandb_old/run-k3x9.wandb", 0, False, 400)


OWN_DIRECTORIES = ("tensorboard", "trainer", "trl", "rldk", "verl", "lightning", "wandb_export", "mlflow", "trackio",
                   "text", "wandb", "wandb_v1", "wandb_old")


if __name__ == "__main__":
    for name in OWN_DIRECTORIES:
        shutil.rmtree(os.path.join(HERE, name), ignore_errors=True)
    tensorboard()
    trainer_state()
    trl()
    rldk()
    verl()
    lightning()
    wandb_exports()
    mlflow()
    trackio()
    texts()
    wandb_directory()
