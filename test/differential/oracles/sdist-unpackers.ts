/** What unpacks sdists: pip by its own code, of every version that is there, and Python's tarfile with each of its filters. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { FileMapBuilder, type FileMap, type Oracle } from './file-map.ts';
import { programs } from './programs.ts';
import { root } from './root.ts';

const SERVER = join(root, 'test/differential/oracles/sdist-server.py');
const FILTERS = ['fully_trusted', 'tar', 'data'];

/** A Python that stays, since starting it costs more than the unpacking. */
export class SdistUnpacker implements Oracle {
  readonly name: string;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  private constructor(
    name: string,
    child: ChildProcessWithoutNullStreams,
    lines: AsyncIterator<string>,
  ) {
    this.name = name;
    this.#child = child;
    this.#lines = lines;
  }

  /** Undefined where this Python has no pip, or no filters. */
  static async start(python: string, how: string): Promise<SdistUnpacker | undefined> {
    // As an installer's user would have it: the umask is no matter of the test.
    const child = spawn(python, ['-W', 'ignore', SERVER, how]);
    child.on('error', () => undefined);
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const first = await lines.next();
    const version = first.done === true ? null : (JSON.parse(first.value) as string | null);
    const started = new SdistUnpacker(`${how} ${version}`, child, lines);
    if (version !== null) return started;
    await started.end();
    return undefined;
  }

  readonly read = async (bytes: Buffer): Promise<FileMap> => {
    const head = Buffer.alloc(4);
    head.writeUInt32BE(bytes.length);
    this.#child.stdin.write(Buffer.concat([head, bytes]));
    const line = await this.#lines.next();
    const answer = JSON.parse(String(line.value)) as {
      error?: string;
      files?: [path: string, type: string, mode: number, digest: string][];
    };
    if (!answer.files) throw new Error(answer.error);
    const map = new FileMapBuilder();
    for (const [path, type, mode, digest] of answer.files) {
      if (type === 'file') map.digest(path, mode, digest);
      else map.other(path, type);
    }
    return map.files;
  };

  async end(): Promise<void> {
    this.#child.stdin.end();
    if (this.#child.exitCode === null && this.#child.pid !== undefined)
      await once(this.#child, 'exit');
  }
}

/** Every Python that is there: the system's, and those of pyenv. */
function pythons(): string[] {
  const versions = join(process.env['PYENV_ROOT'] ?? join(homedir(), '.pyenv'), 'versions');
  const more = existsSync(versions)
    ? readdirSync(versions).map((one) => join(versions, one, 'bin/python3'))
    : [];
  return ['/usr/bin/python3', ...more].filter((path) => existsSync(path));
}

/** One of each version of pip, the filters of the first Python that has them, and the programs that unpack tars. */
export async function sdistUnpackers(): Promise<{
  readonly unpackers: readonly SdistUnpacker[];
  readonly programs: readonly Oracle[];
}> {
  const found = new Map<string, SdistUnpacker>();
  const keep = async (one: SdistUnpacker | undefined): Promise<void> => {
    if (one !== undefined && found.has(one.name)) await one.end();
    else if (one !== undefined) found.set(one.name, one);
  };
  for (const python of pythons()) {
    await keep(await SdistUnpacker.start(python, 'pip'));
    const hasFilters = [...found.keys()].some((name) => name.startsWith(FILTERS[0]!));
    if (hasFilters) continue;
    for (const filter of FILTERS) await keep(await SdistUnpacker.start(python, filter));
  }
  return {
    unpackers: [...found.values()],
    programs: programs.filter(({ name }) => name !== 'node-tar on disk'),
  };
}
