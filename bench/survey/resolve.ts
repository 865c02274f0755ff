import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';

import { atOnce } from '../at-once.ts';
import type { Listed } from '../corpus.ts';
import { projects, type Project } from './list.ts';

const AT_ONCE = 4;
const MINUTES = 10;

/** Lets npm and pnpm in turn write the lockfile of every project, and tells what those hold. */
export async function resolveAll(tell: (line: string) => void): Promise<Listed[]> {
  const found: Listed[] = [];
  await atOnce(projects(), AT_ONCE, async (project, at) => {
    const here = await resolve(project, at % 2 === 0 ? 'pnpm' : 'npm');
    found.push(...here);
    tell(here.length === 0 ? `${project.name}: no lockfile` : `${project.name}: ${here.length}`);
  });
  return found;
}

async function resolve(project: Project, client: 'npm' | 'pnpm'): Promise<Listed[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tarwarden-survey-'));
  try {
    const { name, dependencies } = project;
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({ name: `survey-${name}`, private: true, dependencies }),
    );
    await run(client, folder);
    return lockedIn(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const COMMANDS = {
  npm: ['npm', 'install', '--package-lock-only', '--ignore-scripts', '--legacy-peer-deps'],
  pnpm: ['npx', '-y', 'pnpm@10', 'install', '--lockfile-only', '--ignore-scripts'],
} as const;

function run(client: 'npm' | 'pnpm', cwd: string): Promise<void> {
  const [program, ...args] = COMMANDS[client];
  return new Promise((done) => {
    const child = spawn(program, args, { cwd, stdio: 'ignore', timeout: MINUTES * 60_000 });
    // Without a lockfile there is nothing to read, which is reported.
    child.once('error', () => done());
    child.once('close', () => done());
  });
}

/** The packages of a registry in the lockfile of a folder. Only these have an integrity. */
export function lockedIn(folder: string): Listed[] {
  const [npm, pnpm] = [join(folder, 'package-lock.json'), join(folder, 'pnpm-lock.yaml')];
  if (existsSync(npm)) return lockedByNpm(readFileSync(npm, 'utf8'));
  if (existsSync(pnpm)) return lockedByPnpm(readFileSync(pnpm, 'utf8'));
  return [];
}

function lockedByNpm(text: string): Listed[] {
  const { packages = {} } = JSON.parse(text) as {
    packages?: Record<string, { name?: string; version?: string; integrity?: string }>;
  };
  return Object.entries(packages).flatMap(([path, { name, version, integrity }]) => {
    const folder = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    if (version === undefined || integrity === undefined) return [];
    return [{ name: name ?? folder, version, integrity: strongest(integrity) }];
  });
}

function lockedByPnpm(text: string): Listed[] {
  const { packages = {} } = load(text) as {
    packages?: Record<string, { resolution: { integrity?: string; tarball?: string } }>;
  };
  return Object.entries(packages).flatMap(([id, { resolution }]) => {
    const at = id.lastIndexOf('@');
    if (resolution.integrity === undefined || resolution.tarball !== undefined) return [];
    const integrity = strongest(resolution.integrity);
    return [{ name: id.slice(0, at), version: id.slice(at + 1), integrity }];
  });
}

/** One of several: the list has one for each line. */
function strongest(integrity: string): string {
  const all = integrity.split(/\s+/);
  return all.find((hash) => hash.startsWith('sha512-')) ?? all[0]!;
}
