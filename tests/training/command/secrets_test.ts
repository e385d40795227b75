import { assertEquals } from "@std/assert";
import {
  isSecretName,
  LEFT_OUT,
  shownCommand,
  withoutSecrets,
} from "../../../src/training/command/secrets.ts";

Deno.test("isSecretName() knows secrets by their names, and tokenizers' tokens as none", () => {
  for (
    const name of ["WANDB_API_KEY", "HF_TOKEN", "token", "db.password", "aws_secret_access_key"]
  ) {
    assertEquals(isSecretName(name), true, name);
  }
  for (
    const name of ["tokenizer", "max-tokens", "pad_token", "eos-token", "author", "key", "seed"]
  ) {
    assertEquals(isSecretName(name), false, name);
  }
});

Deno.test("withoutSecrets() leaves out values, and keeps every word in its place", () => {
  const words = [
    "python",
    "train.py",
    "--token",
    "abc",
    "--api-key=abc",
    "tracker.password=abc",
    "postgres://me:abc@host/db",
    "sk-abcdefghijklmnopqrstuvwx",
    "--lr=0.1",
  ];
  assertEquals(withoutSecrets(words).words, [
    "python",
    "train.py",
    "--token",
    LEFT_OUT,
    `--api-key=${LEFT_OUT}`,
    `tracker.password=${LEFT_OUT}`,
    `postgres://me:${LEFT_OUT}@host/db`,
    LEFT_OUT,
    "--lr=0.1",
  ]);
  assertEquals(withoutSecrets(words).leftOut.length, 5);
  // A flag without a value is followed by another option.
  assertEquals(withoutSecrets(["x", "--token", "--steps", "5"]).words[3], "5");
});

Deno.test("shownCommand() says what a report does not show", () => {
  const { environment, leftOut } = shownCommand(["x"], { HF_TOKEN: "abc", OMP_NUM_THREADS: "1" });
  assertEquals(environment, { HF_TOKEN: LEFT_OUT, OMP_NUM_THREADS: "1" });
  assertEquals(leftOut.length, 1);
});
