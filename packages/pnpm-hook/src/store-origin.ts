/*
 * A store that the repository brings along: pnpm takes a package out of the store when the index there says that it is
 * the wanted one, and links what the index names. Neither is bound to the bytes that were judged.
 */
import { spawnSync } from 'node:child_process';
import { isInside } from './foreign-settings.ts';
import { HookError } from './messages.ts';
import { holdsNoPackage } from './store.ts';

/** Milliseconds for git to read its index. */
const GIT_MS = 20_000;

/**
 * A store in the project is what CI services keep between runs, and what pnpm makes where a project is the top of a
 * disk. It is a hostile one when it came with the repository.
 *
 * @throws HookError where the store is part of a repository, or may be.
 */
export function refuseCommittedStore(
  storeDir: string,
  lockfileDir: string,
  configured: boolean,
): void {
  const inside = isInside(lockfileDir, storeDir);
  if ((!inside && !configured) || holdsNoPackage(storeDir)) return;
  const tracked = isTracked(storeDir);
  if (tracked === false || (tracked === undefined && !inside)) return;
  throw new HookError(
    'NOT_INSPECTED',
    tracked === true
      ? `pnpm's store ${JSON.stringify(storeDir)} is part of the repository, which could have put anything in it: ` +
          'remove it from the repository, or have the store elsewhere'
      : `pnpm's store ${JSON.stringify(storeDir)} is in the project, and git cannot say that it did not come with it: ` +
          'remove it, or have the store outside the project (pnpm config set --location=global store-dir PATH)',
  );
}

/** Undefined where no git repository is around it, or git does not answer. */
function isTracked(folder: string): boolean | undefined {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  // The owner may be another user, as in containers. Nothing of the repository is run or followed by this.
  const safe = [
    '-c',
    'safe.directory=*',
    '-c',
    'core.fsmonitor=false',
    '-c',
    'core.hooksPath=/dev/null',
  ];
  const { status, stdout } = spawnSync('git', [...safe, 'ls-files', '-z', '--', '.'], {
    cwd: folder,
    env: { ...Object.fromEntries(kept), GIT_OPTIONAL_LOCKS: '0' },
    encoding: 'utf8',
    timeout: GIT_MS,
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 256 * 1024 * 1024,
  });
  return status === 0 ? stdout !== '' : undefined;
}
