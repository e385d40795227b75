/**
 * Has Deno install its bundler, which it does at the first use of `deno bundle`: tests that run side by side
 * with an empty cache would install it at the same time, which it does not survive.
 *
 * @module
 */

const file = await Deno.makeTempFile({ suffix: ".ts" });
try {
  await Deno.writeTextFile(file, "export const nothing = 0;\n");
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "--quiet", "--no-config", file],
    stdout: "null",
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
} finally {
  await Deno.remove(file);
}
