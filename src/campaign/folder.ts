/**
 * The folder of a campaign: what is in it under which name, and that only one process writes a journal.
 *
 * @module
 */

import { type Disk, readWholeFile } from "../disk/disk.ts";
import { type FileLock, takeLock } from "../disk/lock.ts";
import { systemDisk } from "../disk/system_disk.ts";
import { isTemporary } from "../disk/temporary.ts";
import { planFile, writePlanned } from "../disk/write_file.ts";
import type { Shard } from "../engine/shard.ts";
import { FileError } from "../errors.ts";
import { CAMPAIGN_HEAD_BYTES_MAX } from "./limits.ts";
import { SOURCE_BYTES_MAX, SOURCE_MAP_BYTES_MAX } from "../artifact/limits.ts";
import { CampaignError } from "./campaign_error.ts";
import { differenceOf, type FolderHead } from "./folder_head.ts";
import { Journal, type JournalShape, type Row } from "./journal.ts";

/** Names in the folder. */
export const NAMES = {
  head: "campaign.json",
  source: "step.js",
  sourceMap: "step.js.map",
  results: "results.jsonl",
  timings: "timings.jsonl",
  csv: "results.csv",
  page: "campaign.html",
  trials: "trials",
} as const;

/** A campaign that is to begin. */
export interface NewCampaign<H extends FolderHead> {
  /** What it is. */
  readonly head: H;
  /** Its module. */
  readonly module: { readonly source: string; readonly sourceMap: string | undefined };
  /** What fields of the head are called where a person reads of them. */
  readonly labels?: Partial<Record<keyof H, string>>;
}

/** A sign of life of the lock, in milliseconds. */
const BEAT_MS = 5_000;

/** The folder of one campaign. */
export class CampaignFolder {
  /** Its path. */
  readonly path: string;
  /** The file system that it is in. */
  readonly disk: Disk;

  private constructor(path: string, disk: Disk) {
    this.path = path.replace(/(?<=.)[/\\]+$/, "");
    this.disk = disk;
  }

  /** Whether there is a campaign in a folder. */
  static isOne(path: string): boolean {
    const disk = systemDisk();
    return disk.entry(path)?.kind === "folder" &&
      disk.entry(`${path}/${NAMES.head}`)?.kind === "file";
  }

  /**
   * Begins a campaign in a folder, which is made if it is missing, or finds the same one there.
   *
   * @throws {CampaignError} If there is another one, or something else.
   */
  static begin<H extends FolderHead>(path: string, campaign: NewCampaign<H>): CampaignFolder {
    const folder = new CampaignFolder(path, systemDisk());
    const { head, labels = {} } = campaign;
    if (CampaignFolder.isOne(path)) {
      const known = folder.head<H>();
      const difference = differenceOf(known, head);
      if (difference === undefined) return folder;
      if (!folder.hasResults()) return folder.#describe(campaign, { replaces: true });
      throw new CampaignError(
        `Cannot go on with the campaign in '${path}': its ${
          (labels as Record<string, string>)[difference] ?? difference
        } was ${short(known[difference])} and is ${short(head[difference])} now`,
        { hint: "choose another folder with -o, or give the same options to go on" },
      );
    }
    Deno.mkdirSync(path, { recursive: true });
    const strangers = folder.disk.names(path).filter((name) =>
      !name.startsWith(".") && !isTemporary(name) && !folder.#isBegun(name, campaign.module)
    );
    if (strangers.length > 0) {
      // Another shard has begun it meanwhile.
      if (CampaignFolder.isOne(path)) return CampaignFolder.begin(path, campaign);
      throw new CampaignError(
        `Cannot begin a campaign in '${path}': the folder holds other files, such as '${
          strangers[0]
        }'`,
        { hint: "choose a new or an empty folder with -o" },
      );
    }
    try {
      return folder.#describe(campaign, { replaces: false });
    } catch (error) {
      if (!(error instanceof FileError) || error.reason !== "exists") throw error;
      return CampaignFolder.begin(path, campaign);
    }
  }

  /**
   * Finds the campaign in a folder.
   *
   * @throws {CampaignError} If there is none.
   */
  static open(path: string): CampaignFolder {
    if (CampaignFolder.isOne(path)) return new CampaignFolder(path, systemDisk());
    throw new CampaignError(`Cannot find a campaign in '${path}': it holds no '${NAMES.head}'`, {
      hint: "name the folder that 'rewind sweep -o' wrote",
    });
  }

  /** What the campaign's file says; of one kind of campaign, if a format is given. */
  head<H extends FolderHead>(format?: string): H {
    const where = this.of(NAMES.head);
    let head: Partial<FolderHead> | null = null;
    try {
      head = JSON.parse(this.#text(NAMES.head, CAMPAIGN_HEAD_BYTES_MAX)) as FolderHead;
    } catch (cause) {
      throw new CampaignError(`Cannot read '${where}': it is not JSON`, { cause });
    }
    if (head?.version === 1 && head.format === (format ?? head.format)) return head as H;
    throw new CampaignError(
      `Cannot read '${where}': it is not of a campaign of this kind and version`,
    );
  }

  /** The text of the campaign's module, and its source map. */
  module(): { source: string; sourceMap: string | undefined } {
    const hasMap = this.disk.entry(this.of(NAMES.sourceMap)) !== undefined;
    return {
      source: this.#text(NAMES.source, SOURCE_BYTES_MAX),
      sourceMap: hasMap ? this.#text(NAMES.sourceMap, SOURCE_MAP_BYTES_MAX) : undefined,
    };
  }

  /** Path of something in the folder. */
  of(name: string): string {
    return `${this.path}/${name}`;
  }

  /** Opens the journal, and those of shards, as far as they are there, to read them. */
  journals<R extends Row>(shape: JournalShape<R>): Journal<R>[] {
    return this.#journalPaths().map((path) => Journal.read(this.disk, path, shape));
  }

  /**
   * Writes a file of the folder: all of it or nothing.
   *
   * @throws {FileError} If it cannot be written, or is there and not to be replaced.
   */
  write(name: string, text: string | Uint8Array, { overwrite = true } = {}): void {
    const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
    writePlanned(planFile(this.disk, this.of(name), { overwrite }), [bytes]);
  }

  /**
   * Makes this process the one that writes a journal, until it is disposed of.
   *
   * @throws {FileError} If another process does.
   */
  lock(journal: string): Disposable {
    let lock: FileLock;
    try {
      lock = takeLock(this.disk, this.of(`.${journal}.lock`), {
        subject: this.of(journal),
        beatMs: BEAT_MS,
      });
    } catch (error) {
      if (!(error instanceof FileError) || error.reason !== "in-use") throw error;
      throw new CampaignError(`Cannot go on with the campaign in '${this.path}': ${error.why}`, {
        cause: error,
        hint: error.hint ?? "wait until it ends, or give each process a shard of its own (--shard)",
      });
    }
    const timer = setInterval(() => lock.beat(), BEAT_MS);
    return {
      [Symbol.dispose]() {
        clearInterval(timer);
        lock.release();
      },
    };
  }

  /** Whether a trial has left a line. */
  hasResults(): boolean {
    return this.#journalPaths().some((path) => (this.disk.entry(path)?.size ?? 0) > 0);
  }

  #journalPaths(): string[] {
    const shards = this.disk.names(this.path).filter((name) =>
      /^results\.\d+-of-\d+\.jsonl$/.test(name)
    );
    return [NAMES.results, ...shards].map((name) => this.of(name))
      .filter((path) => this.disk.entry(path) !== undefined);
  }

  /** Whether a file is what one who begins this campaign writes first: another shard, or one that was stopped there. */
  #isBegun(name: string, { source, sourceMap }: NewCampaign<FolderHead>["module"]): boolean {
    if (name === NAMES.source) return this.#text(name, SOURCE_BYTES_MAX) === source;
    return name === NAMES.sourceMap && this.#text(name, SOURCE_MAP_BYTES_MAX) === sourceMap;
  }

  /** Writes what the campaign is. */
  #describe(
    { head, module }: NewCampaign<FolderHead>,
    { replaces }: { replaces: boolean },
  ): this {
    const { source, sourceMap } = module;
    this.write(NAMES.source, source);
    if (sourceMap === undefined) this.disk.remove(this.of(NAMES.sourceMap));
    else this.write(NAMES.sourceMap, sourceMap);
    // Last: where it is, the others are.
    this.write(NAMES.head, `${JSON.stringify(head, null, 2)}\n`, { overwrite: replaces });
    return this;
  }

  #text(name: string, bytesMax: number): string {
    return new TextDecoder().decode(readWholeFile(this.disk, this.of(name), bytesMax));
  }
}

/** Name of the journal, or of the timings, of a shard. */
export function shardName(name: string, { index, count }: Shard): string {
  return count === 1 ? name : name.replace(/\.jsonl$/, `.${index}-of-${count}.jsonl`);
}

function short(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}
