/**
 * `deno publish --dry-run` where JSR cannot be reached: copies what git tracks to a temporary folder,
 * replaces the import names in the manifest by those of `npm.import_map.json`, and runs it there.
 *
 * @module
 */

const root = new URL("../", import.meta.url).pathname;
const folder = await Deno.makeTempDir({ prefix: "rewind-publish-" });

async function run(command: string, args: string[], cwd: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args, cwd }).output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(`${command} ${args.join(" ")}\n${decoder.decode(stderr)}`);
  return decoder.decode(stdout);
}

try {
  const files = (await run("git", ["ls-files", "-z"], root)).split("\0").filter((name) =>
    name !== ""
  );
  for (const name of files) {
    await Deno.mkdir(`${folder}/${name}`.replace(/\/[^/]*$/, ""), { recursive: true });
    await Deno.copyFile(`${root}${name}`, `${folder}/${name}`);
  }
  const manifest = JSON.parse(await Deno.readTextFile(`${root}deno.json`));
  const map = JSON.parse(await Deno.readTextFile(`${root}npm.import_map.json`));
  await Deno.writeTextFile(
    `${folder}/deno.json`,
    JSON.stringify({ ...manifest, imports: map.imports }),
  );
  await run(Deno.execPath(), ["publish", "--dry-run", "--allow-dirty", "--no-provenance"], folder);
  // deno-lint-ignore no-console -- the result of this tool
  console.log("deno publish --dry-run: ok");
} finally {
  await Deno.remove(folder, { recursive: true });
}
