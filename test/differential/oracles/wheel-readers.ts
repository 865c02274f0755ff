/** What unpacks wheels: Python's zipfile, pip, the library installer, `wheel unpack`, Go's archive/zip, yauzl, Info-ZIP and libarchive. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { differences, FileMapBuilder, type FileMap } from './file-map.ts';
import { root } from './root.ts';
import { Server } from './server.ts';
import { zipPrograms, zipParsers, zipStreams } from './zip-readers.ts';

type Answer = { error: string } | { files: [name: string, type: string, sha256: string][] };
type Read = FileMap | string;

const works = (program: string, ...args: string[]): boolean =>
  spawnSync(program, args, { stdio: 'ignore' }).status === 0;
const hasPip = works('python3', '-c', 'import pip._internal.operations.install.wheel');
/** Of Debian: another Python on the PATH has not got them. */
const SYSTEM_PYTHON = '/usr/bin/python3';
const hasInstaller = works(SYSTEM_PYTHON, '-c', 'import installer, wheel._commands.unpack');
const hasGo = works('go', 'version');

/** Those of a library, which do not know what Yarn does to paths. */
const yauzl = zipParsers.filter(({ name }) => name === 'yauzl');
const programs = [...zipPrograms, ...zipStreams].filter(({ name }) => name !== 'zipfile');

function mapOf(answer: Answer): Read {
  if ('error' in answer) return answer.error;
  const map = new FileMapBuilder();
  for (const [name, type, digest] of answer.files) {
    if (type === 'file') map.digest(`top/${name}`, 0, digest);
    else map.other(`top/${name}`, 'special');
  }
  return map.files;
}

/** Modes are the installer's matter. */
function plain(map: FileMap): FileMap {
  return new Map([...map].map(([path, { sha256 }]) => [path, { sha256, executable: false }]));
}

/** How readers differ about a wheel. Those of programs that have to be started cost ten times as much as all others. */
export class WheelReaders {
  readonly names: readonly string[];
  readonly #python = hasPip
    ? new Server('python3', ['-B', join(root, 'test/differential/oracles/wheel-server.py')])
    : undefined;
  readonly #installer = hasInstaller
    ? new Server(SYSTEM_PYTHON, [
        '-B',
        join(root, 'test/differential/oracles/wheel-installer-server.py'),
      ])
    : undefined;
  readonly #folder = mkdtempSync(join(tmpdir(), 'tarwarden-go-zip-'));
  readonly #go = hasGo ? new Server(goProgram(this.#folder), []) : undefined;

  constructor() {
    this.names = [
      ...yauzl.map(({ name }) => name),
      ...(hasPip ? ['zipfile', 'pip unpack', 'pip install'] : []),
      ...(hasInstaller ? ['wheel unpack', 'installer'] : []),
      ...(hasGo ? ['Go'] : []),
      ...programs.map(({ name }) => name),
    ];
  }

  async disagreements(wheel: Buffer, fileName: string, heavy: boolean): Promise<string[]> {
    const found: [name: string, read: Read][] = [];
    for (const { name, read } of [...yauzl, ...(heavy ? programs : [])]) {
      try {
        found.push([name, plain(await read(wheel))]);
      } catch (error) {
        found.push([name, String(error)]);
      }
    }
    if (this.#go) found.push(['Go', mapOf((await this.#go.ask(wheel)) as Answer)]);
    const python = (await this.#python?.ask(Buffer.from(fileName), wheel)) as
      | { read: Answer; unpack: Answer; install: Answer }
      | undefined;
    if (python) found.push(['zipfile', mapOf(python.read)], ['pip unpack', mapOf(python.unpack)]);
    const lines = compared(found);
    const [first] = found;
    if (python && first && typeof first[1] !== 'string')
      lines.push(...installedOtherwise(first[1], mapOf(python.install)));
    if (first && typeof first[1] !== 'string')
      lines.push(...(await this.#byRecord(first[1], wheel, fileName)));
    return lines;
  }

  /** What the library installer installs, at its own places; why it refuses; undefined where it is not there. */
  async installed(wheel: Buffer, fileName: string): Promise<Read | undefined> {
    const answer = (await this.#installer?.ask(Buffer.from(fileName), wheel)) as
      | { install: Answer }
      | undefined;
    return answer && mapOf(answer.install);
  }

  /** How those differ that go by RECORD. They may refuse what pip installs: a wheel whose RECORD leaves a file out. */
  async #byRecord(zip: FileMap, wheel: Buffer, fileName: string): Promise<string[]> {
    const answer = (await this.#installer?.ask(Buffer.from(fileName), wheel)) as
      | { install: Answer; unpack: Answer }
      | undefined;
    if (answer === undefined) return [];
    const unpacked = mapOf(answer.unpack);
    const installed = mapOf(answer.install);
    return [
      ...(typeof unpacked === 'string'
        ? refusedOtherwise('wheel unpack', unpacked)
        : differences(zip, unpacked).map((line) => `zip and wheel unpack: ${line}`)),
      ...(typeof installed === 'string'
        ? refusedOtherwise('installer', installed)
        : installedOtherwise(zip, installed, 'installer')),
    ];
  }

  async end(): Promise<void> {
    await this.#python?.end();
    await this.#installer?.end();
    await this.#go?.end();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function goProgram(folder: string): string {
  const program = join(folder, 'go-zip');
  const { status, stderr } = spawnSync('go', ['build', '-o', program, 'main.go'], {
    cwd: join(root, 'test/differential/oracles/go-zip'),
    env: { ...process.env, GO111MODULE: 'off', GOFLAGS: '' },
  });
  if (status !== 0) throw new Error(`go build: ${String(stderr)}`);
  return program;
}

function compared(found: readonly [name: string, read: Read][]): string[] {
  const [first] = found;
  return found.flatMap(([name, read]) => {
    if (typeof read === 'string') return [`${name} refuses it: ${read}`];
    if (first === undefined || typeof first[1] === 'string') return [];
    return differences(first[1], read).map((line) => `${first[0]} and ${name}: ${line}`);
  });
}

/** What those say that go by RECORD, of a file that is not in it, and of a folder that is not spelled as the file is called. */
const NOT_LISTED =
  /No hash found for file|is not mentioned in RECORD|Missing \S+\.dist-info\/RECORD file/;

function refusedOtherwise(name: string, refusal: string): string[] {
  return NOT_LISTED.test(refusal) ? [] : [`${name} refuses it: ${refusal}`];
}

/** Files that pip writes, or writes anew, by itself. */
const OWN = /^site-packages\/[^/]+\.dist-info\/(?:INSTALLER|RECORD|REQUESTED|direct_url\.json)$/;

/** How what pip installed differs from what the zip holds, every file in its place. */
function installedOtherwise(zip: FileMap, installed: Read, by = 'pip install'): string[] {
  if (typeof installed === 'string') return [`${by} refuses it: ${installed}`];
  const wanted = new Map(
    [...zip].map(([path, file]): [string, typeof file] => {
      const [top = '', scheme = '', ...rest] = path.split('/');
      if (!top.endsWith('.data')) return [`site-packages/${path}`, file];
      const library = scheme === 'purelib' || scheme === 'platlib';
      return [`${library ? 'site-packages' : scheme}/${rest.join('/')}`, file];
    }),
  );
  // Commands are written, and the first lines of scripts changed; a script that is called like a command is left out.
  const isScript = (path: string): boolean => /^scripts\/[^/]+$/.test(path);
  const command = (path: string): string => `scripts/${path.slice(path.lastIndexOf('/') + 1)}`;
  const absent = (path: string): boolean =>
    path.startsWith('scripts/') && !installed.has(path) && installed.has(command(path));
  const left = (map: FileMap, other: FileMap): FileMap =>
    new Map(
      [...map].filter(([path]) => {
        if (OWN.test(path) || absent(path)) return false;
        return !isScript(path) || (map === wanted && !other.has(path));
      }),
    );
  return differences(left(wanted, installed), left(installed, wanted)).map(
    (line) => `zip and ${by}: ${line}`,
  );
}
