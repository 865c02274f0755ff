import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { nearestWith } from '@tarwarden/host/folders-above';
import { ConfineError } from '../refusal.ts';
import { valueOf, type ClientCall, type Client } from './client.ts';

/** Milliseconds for go to print its settings. */
const ANSWER_MS = 60_000;

/** There is one phase: a build runs no code of a module, and "generate", "run" and "test" run what the user asked for. */
export const go: Client = {
  trusted: true,
  root: (call) => {
    const start = startOf(call);
    return nearestWith(start, ['go.work']) ?? nearestWith(start, ['go.mod']) ?? start;
  },
  folders: cachesOf,
  *steps({ args }) {
    yield { args, phase: 'whole' };
  },
};

function startOf({ cwd, args }: ClientCall): string {
  return resolve(cwd, valueOf(args.slice(0, 2), '-C', '--C') ?? '.');
}

/** The settings that go has without a project: variables, and the user's own "go env -w". */
function cachesOf({ env, program }: ClientCall): string[] {
  try {
    const text = execFileSync(program, ['env', '-json', 'GOMODCACHE', 'GOCACHE'], {
      cwd: '/',
      env: { ...env, GOTOOLCHAIN: 'local', GOWORK: 'off' },
      encoding: 'utf8',
      timeout: ANSWER_MS,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { GOMODCACHE = '', GOCACHE = '' } = JSON.parse(text) as Record<string, string>;
    return [GOMODCACHE, GOCACHE].filter((path) => path.startsWith('/'));
  } catch (error) {
    throw new ConfineError(`"go env" failed: ${(error as Error).message.split('\n')[0] ?? ''}`);
  }
}
