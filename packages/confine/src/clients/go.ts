import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { nearestWith } from '@tarwarden/host/folders-above';
import { ConfineError } from '../refusal.ts';
import { valueOf, type Call, type Client } from './client.ts';

/** Milliseconds for go to print its settings. */
const ANSWER_MS = 60_000;

/** A build runs nothing that a module brings; "generate", "run" and "test" do what the user asked for. There is one phase. */
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

function startOf({ cwd, args }: Call): string {
  return resolve(cwd, valueOf(args.slice(0, 2), '-C', '--C') ?? '.');
}

/** As go has them without a project: variables and the user's own "go env -w". */
function cachesOf({ env, program }: Call): string[] {
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
