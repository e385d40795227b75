import { assert, assertEquals } from "@std/assert";
import { RUN_ARGUMENTS } from "./in_sandbox.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const MARKER = "MARKER-of-the-canary-8f3a";

Deno.test("the sandbox ends every hostile module in an outcome that is safe", async (t) => {
  const folder = await Deno.makeTempDir();
  const secrets = {
    "secret.txt": MARKER,
    "secret.json": `{"secret":"${MARKER}"}`,
    "secret.js": `export default "${MARKER}";`,
  };
  for (const [name, text] of Object.entries(secrets)) {
    await Deno.writeTextFile(`${folder}/${name}`, text);
  }
  let requests = 0;
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, () => {
    requests++;
    return new Response(MARKER);
  });
  const url = `http://127.0.0.1:${server.addr.port}`;
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...RUN_ARGUMENTS,
      "tests/sandbox/attack_all.ts",
      folder,
      url,
      MARKER,
    ],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  await server.shutdown();
  const files = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  await Deno.remove(folder, { recursive: true });
  const decoder = new TextDecoder();
  assert(success, decoder.decode(stderr));
  const { modules, failures } = JSON.parse(decoder.decode(stdout));
  assert(modules >= 270);
  await t.step("each outcome is one that its first line allows", () => assertEquals(failures, []));
  await t.step("no request reached the canary server", () => assertEquals(requests, 0));
  await t.step("no file was written", () => assertEquals(files, Object.keys(secrets).sort()));
});
