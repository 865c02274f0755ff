/*
 * The results of a sweep: one JSON object on each line, in a file or on standard output. The file is the truth of the sweep: a new run
 * reads it, keeps the verdicts of the present rules and policy, and inspects all other archives.
 */
import { open, type FileHandle } from 'node:fs/promises';
import { escapedJson, printable, printablePath } from '@tarwarden/core/text';
import { UsageError, write } from '@tarwarden/guard/command-line';
import * as v from 'valibot';
import { NewFile } from '../serving/new-file.ts';
import type { FinishedArchive } from './queue.ts';

/** The rules and the policy of a verdict. */
export interface SweepBasis {
  readonly ruleset: string;
  /** The fingerprint of the policy. Hex. */
  readonly policy: string;
}

/** The beginning of each line, and the fields that a later run reads. */
const BEGIN = '{"id":"s-';
const LINE = v.object({
  id: v.string(),
  ruleset: v.string(),
  policy: v.string(),
  status: v.picklist(['accept', 'reject', 'error']),
});

type SweptLine = v.InferOutput<typeof LINE>;

export class SweepResults {
  readonly #basis: SweepBasis;
  readonly #file: FileHandle | undefined;
  readonly #ids = new Set<string>();
  /** Numbers of archives by their status. */
  readonly counts = { accept: 0, reject: 0, error: 0 };

  private constructor(basis: SweepBasis, kept: readonly SweptLine[], file?: FileHandle) {
    this.#basis = basis;
    this.#file = file;
    for (const { id, status } of kept) this.#count(id, status);
  }

  /**
   * @param path The file; undefined for standard output.
   * @throws UsageError if it is a file of something else, and TarwardenError if it cannot be written.
   */
  static async open(path: string | undefined, basis: SweepBasis): Promise<SweepResults> {
    if (path === undefined) return new SweepResults(basis, []);
    const kept = await keptLines(path, basis);
    return new SweepResults(basis, kept, await opened(path, 'a'));
  }

  /** Whether an archive has a result. */
  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** Writes results, each archive once. They are on the disk when the promise resolves. */
  async write(finished: readonly FinishedArchive[]): Promise<void> {
    let text = '';
    for (const { id, record } of finished) {
      if (record === undefined || this.#ids.has(id)) continue;
      this.#count(id, record.status);
      // The id is at the beginning of the line. No field of the record replaces it.
      const own = { id, ...this.#basis };
      text += `${escapedJson({ ...own, ...record, ...own })}\n`;
    }
    if (text === '') return;
    if (this.#file === undefined) return write(text);
    await this.#file.appendFile(text);
    await this.#file.datasync();
  }

  #count(id: string, status: 'accept' | 'reject' | 'error'): void {
    this.#ids.add(id);
    this.counts[status] += 1;
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }
}

/** Removes all lines from the file but the verdicts of the present rules and policy. After a crash, the last line may be cut. */
async function keptLines(path: string, { ruleset, policy }: SweepBasis): Promise<SweptLine[]> {
  const handle = await opened(path, 'a+');
  const kept: SweptLine[] = [];
  const next = await NewFile.begin(path);
  try {
    let number = 0;
    let isCut = false;
    for await (const text of handle.readLines({ encoding: 'utf8', start: 0 })) {
      number += 1;
      const line = lineIn(text);
      if (isCut || (line === undefined && !text.startsWith(BEGIN.slice(0, text.length))))
        throw new UsageError(
          `line ${number} of ${printablePath(path)} is not a line of a sweep: give another file to --out`,
          'sweep',
        );
      isCut = line === undefined;
      if (line === undefined || line.ruleset !== ruleset || line.policy !== policy) continue;
      // An archive without a verdict is tried again.
      if (line.status === 'error') continue;
      kept.push(line);
      await next.write(Buffer.from(`${text}\n`));
    }
    await next.end();
    await next.keep();
    return kept;
  } finally {
    await next.drop();
    await handle.close();
  }
}

async function opened(path: string, flags: 'a' | 'a+'): Promise<FileHandle> {
  return open(path, flags).catch((cause: Error) => {
    const why = printable(cause.message);
    throw new UsageError(`${printablePath(path)} cannot be written: ${why}`, 'sweep');
  });
}

/** Undefined if it is not a whole line. */
function lineIn(text: string): SweptLine | undefined {
  try {
    const line = v.safeParse(LINE, JSON.parse(text));
    return line.success ? line.output : undefined;
  } catch {
    return undefined;
  }
}
