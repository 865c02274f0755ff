/** golang.org/x/mod/zip and archive/zip of Go, by a small program of ours. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { root } from './root.ts';

/** Where Debian's golang-golang-x-mod-dev puts it; scripts/system-packages.sh installs it. */
const SOURCES = '/usr/share/gocode';

export interface ModuleZipRequest {
  /** `make` writes `zip` from `folder`, `txtar` from the archive there; `check` reads `zip`. */
  readonly do: 'check' | 'make' | 'txtar';
  readonly zip: string;
  readonly path: string;
  readonly version: string;
  readonly folder?: string;
}

export interface ModuleZipAnswer {
  /** Why go refuses it; empty where it takes and unpacks it. */
  readonly error: string;
  readonly hash: string;
  /** SHA-256 by name: as archive/zip reads it, and as it was unpacked. */
  readonly read: Readonly<Record<string, string>> | null;
  readonly unpacked: Readonly<Record<string, string>> | null;
}

/** Builds the program in a folder; its path. */
export function buildModuleZip(folder: string): string {
  const program = resolve(folder, 'module-zip');
  mkdirSync(folder, { recursive: true });
  execFileSync(
    'go',
    ['build', '-o', program, join(root, 'test/differential/oracles/module-zip/main.go')],
    {
      env: {
        ...process.env,
        GO111MODULE: 'off',
        GOPATH: SOURCES,
        GOFLAGS: '',
        GOCACHE: join(root, 'node_modules/.cache/go-build'),
      },
    },
  );
  return program;
}

/** Asks all at once; the answers in the same order. */
export async function askModuleZip(
  program: string,
  requests: readonly ModuleZipRequest[],
): Promise<ModuleZipAnswer[]> {
  const child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
  const output = text(child.stdout);
  child.stdin.end(requests.map((one) => `${JSON.stringify(one)}\n`).join(''));
  const lines = (await output).split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as ModuleZipAnswer);
}
