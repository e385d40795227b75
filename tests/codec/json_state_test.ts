import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import fc from "fast-check";
import { encodeState } from "../../src/codec/encode_state.ts";
import { jsonToState } from "../../src/codec/json_state.ts";
import { drawsToJson, stateToJson } from "../../src/codec/state_to_json.ts";
import { StateEncodingError } from "../../src/errors.ts";
import { JSON_REPEATS_MAX } from "../../src/codec/limits.ts";
import { anyGraph, anyState } from "./arbitraries.ts";

const CONVERTED: [state: unknown, json: string][] = [
  [{ x: 1.5, y: [null, true, "a"] }, '{"x":1.5,"y":[null,true,"a"]}'],
  [
    [NaN, Infinity, -Infinity, -0],
    '[{"$number":"NaN"},{"$number":"Infinity"},{"$number":"-Infinity"},{"$number":"-0"}]',
  ],
  [123n, '{"$bigint":"123"}'],
  [undefined, '{"$undefined":true}'],
  [new Map<unknown, unknown>([["k", 1n]]), '{"$map":[["k",{"$bigint":"1"}]]}'],
  [new Set([1, "a"]), '{"$set":[1,"a"]}'],
  [new Date(0), '{"$date":"1970-01-01T00:00:00.000Z"}'],
  [new Date(NaN), '{"$date":null}'],
  [new Float64Array([1, NaN]), '{"$typed":"Float64Array","data":[1,{"$number":"NaN"}]}'],
  [new BigInt64Array([1n]), '{"$typed":"BigInt64Array","data":[{"$bigint":"1"}]}'],
  [new Uint8Array([255]).buffer, '{"$arrayBuffer":[255]}'],
  [new DataView(new Uint8Array([1]).buffer), '{"$dataView":[1]}'],
  ["\ud800", '"\\ud800"'],
  [{ $number: "NaN" }, '{"$object":[["$number","NaN"]]}'],
  [{ a: 1, $x: 2 }, '{"$object":[["a",1],["$x",2]]}'],
  [Object.assign(Object.create(null), { a: 1 }), '{"$nullPrototype":[["a",1]]}'],
  [JSON.parse('{"__proto__":1}'), '{"__proto__":1}'],
];

Deno.test("stateToJson() gives the documented forms, and jsonToState() reads them", () => {
  for (const [state, json] of CONVERTED) {
    assertEquals(JSON.stringify(stateToJson(state)), json);
    assertEquals(encodeState(jsonToState(JSON.parse(json))), encodeState(state));
  }
});

Deno.test("jsonToState() undoes stateToJson() for every state, through text", () => {
  fc.assert(
    fc.property(anyState, (state) => {
      const json = JSON.stringify(stateToJson(state));
      assertEquals(encodeState(jsonToState(JSON.parse(json))), encodeState(state));
    }),
    { numRuns: 1000 },
  );
});

Deno.test("jsonToState() leaves plain JSON as it is", () => {
  fc.assert(fc.property(fc.json(), (text) => {
    const json = JSON.parse(text);
    fc.pre(!/"\$/.test(text));
    assertEquals(jsonToState(json), json);
  }));
});

Deno.test("jsonToState() refuses what is no form, with its path", () => {
  const refused: [json: string, message: string][] = [
    ['{"a":{"$x":1}}', 'Cannot read state.a: "$x" is no form of a state value; write'],
    ['[{"$number":"1"}]', 'Cannot read state[0]: "$number" needs NaN, Infinity, -Infinity or -0'],
    ['{"$bigint":12}', '"$bigint" needs an integer as a string'],
    ['{"$bigint":"-0"}', '"$bigint" needs'],
    ['{"$bigint":"01"}', '"$bigint" needs'],
    ['{"$undefined":null}', '"$undefined" needs true'],
    ['{"$date":"2020-01-01"}', '"$date" needs a date such as'],
    ['{"$date":5}', '"$date" needs'],
    ['{"$map":{}}', '"$map" needs an array'],
    ['{"$map":[[1]]}', '"$map" needs pairs'],
    ['{"$map":[[1,2],[1,3]]}', '"$map" needs no key twice'],
    ['{"$set":[1,1]}', '"$set" needs no value twice'],
    ['{"$object":[[1,2]]}', '"$object" needs strings as keys'],
    ['{"$object":[["a",2],["a",3]]}', '"$object" needs no key twice'],
    ['{"$typed":"Float64Array"}', '"$typed" needs "data" and nothing else beside it'],
    ['{"$typed":"Array","data":[]}', '"$typed" needs the name of a typed array'],
    ['{"$typed":"Uint8Array","data":[256]}', '"$typed" needs elements that fit into Uint8Array'],
    ['{"$typed":"Uint8Array","data":["1"]}', '"$typed" needs elements that fit into Uint8Array'],
    [
      '{"$typed":"BigInt64Array","data":[1]}',
      '"$typed" needs elements that fit into BigInt64Array',
    ],
    ['{"$arrayBuffer":[1.5]}', '"$arrayBuffer" needs elements that fit into Uint8Array'],
    ['{"$set":[],"x":1}', '"$set" needs to stand alone'],
  ];
  for (const [json, message] of refused) {
    const error = assertThrows(() => jsonToState(JSON.parse(json)), SyntaxError);
    assertEquals(error.message.includes(message), true, `${json}: ${error.message}`);
  }
  assertThrows(() => jsonToState({ f: () => 1 }), SyntaxError, "state.f");
  assertThrows(
    () => jsonToState(JSON.parse("[".repeat(300) + "]".repeat(300))),
    StateEncodingError,
    "deeper",
  );
});

Deno.test("jsonToState() rounds what is written for a Float32Array, as assignment does", () => {
  assertEquals(
    jsonToState(JSON.parse('{"$typed":"Float32Array","data":[0.1]}')),
    new Float32Array([0.1]),
  );
});

Deno.test("stateToJson() refuses what is no state, with its path", () => {
  assertThrows(() => stateToJson({ a: [() => 1] }), StateEncodingError, "state.a[0] is a function");
});

Deno.test("stateToJson() writes an object for each way to it, and a reference where that has no end", () => {
  const people = [{ id: 0 }, { id: 1 }];
  assertEquals(stateToJson({ people, leader: people[1] }), {
    people: [{ id: 0 }, { id: 1 }],
    leader: { id: 1 },
  });
  const map = new Map<unknown, unknown>([["k", 1]]);
  const set = new Set<unknown>([map]);
  map.set(set, { map, set });
  assertEquals(stateToJson({ map }), {
    map: {
      $map: [
        ["k", 1],
        [
          { $set: [{ $ref: "state.map" }] },
          { map: { $ref: "state.map" }, set: { $set: [{ $ref: "state.map" }] } },
        ],
      ],
    },
  });
  const view = new Uint8Array([1, 2, 3]);
  assertEquals(stateToJson([view, new DataView(view.buffer, 1, 2)]), [
    { $typed: "Uint8Array", data: [1, 2, 3] },
    { $dataView: [2, 3] },
  ]);
});

Deno.test("stateToJson() repeats so many values and then refers to them", () => {
  let state: unknown = [1];
  for (let i = 0; i < 40; i++) state = { a: state, b: state };
  const text = JSON.stringify(stateToJson({ state }));
  assert(text.length < 100 * JSON_REPEATS_MAX, `${text.length}`);
  const ends = [...text.matchAll(/"\$ref":"state.state([^"]*)"/g)];
  assert(ends.length > 10);
  for (const [, path] of ends) {
    assert(/^[.a]*(\.\.\.\(\d+ levels\)\.\.\.[.a]*)?$/.test(path!), path);
  }
  let list: unknown = "end";
  for (let i = 0; i < 300; i++) list = { next: list };
  const json = JSON.stringify(stateToJson(list));
  assertEquals(
    json,
    `${'{"next":'.repeat(200)}{"$ref":"state${".next".repeat(8)}...(184 levels)...${
      ".next".repeat(8)
    }"}${"}".repeat(200)}`,
  );
});

Deno.test("stateToJson() of any graph ends, and jsonToState() refuses a reference with its path", () => {
  fc.assert(fc.property(anyGraph, (state) => {
    JSON.stringify(stateToJson(state));
  }));
  assertThrows(
    () => jsonToState({ a: { $ref: "state.b" } }),
    SyntaxError,
    'Cannot read state.a: "$ref" needs its value in its place',
  );
});

Deno.test("drawsToJson() writes small draws whole, and bounds those of a lattice together", () => {
  const wolf = { id: 1, prey: [{ id: 2 }] };
  const small = [{ method: "choice", args: [[wolf]], result: wolf }];
  assertEquals(drawsToJson(small), small);

  const side = 20;
  interface Cell {
    id: number;
    around: Cell[];
  }
  const cells: Cell[] = Array.from({ length: side * side }, (_, id) => ({ id, around: [] }));
  cells.forEach((cell, i) => {
    for (const step of [1, side]) cell.around.push(cells[(i + step) % cells.length]!);
  });
  const draws = cells.slice(0, 200).map((result) => ({ method: "choice", args: [cells], result }));
  const text = JSON.stringify(drawsToJson(draws), null, 2);
  assert(text.length < 10_000_000, `${text.length}`);
  assertMatch(text, /"\$ref": "draws\[0\]\.args\[0\]\[0\](?:\.around\[\d\])+"/);
});
