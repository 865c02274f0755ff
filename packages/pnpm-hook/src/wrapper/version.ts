import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { NO_COMPILED_CODE, type Command } from '@tarwarden/guard/run';
import { realOrSame } from '@tarwarden/guard/real-path';

/** pnpm 10, 11 or 12. They read different variables. */
export type Major = 10 | 11 | 12;

/** Time for a pnpm to print its version, because corepack may download it first. Milliseconds. */
const VERSION_MS = 120_000;

/** The most folders that are searched above a program for its package. */
const MAX_PARENTS = 3;

/**
 * The version of a pnpm; undefined if it is unknown.
 * @param started The command that starts it, if another program does.
 */
export function versionOf(
  command: Command,
  env: NodeJS.ProcessEnv,
  started: Command = command,
): string | undefined {
  const file = realOrSame(command.args[0] ?? command.file);
  return packageVersion(file) ?? askedVersion(started, { file, env });
}

/** Variables with which a pnpm that only prints its version neither uses nor writes compiled code. */
export function withoutCompiledCode(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...env, ...NO_COMPILED_CODE };
}

/** The major of a version that calls its hooks before it links anything; undefined for every other. */
export function guardedMajor(version: string): Major | undefined {
  const [, major = '', minor = ''] = /^(\d+)\.(\d+)\.\d+/.exec(version) ?? [];
  if (major === '10') return 10;
  if (major === '11') return 11;
  return major === '12' && Number(minor) >= 16 ? 12 : undefined;
}

function packageVersion(file: string): string | undefined {
  let folder = dirname(file);
  for (let depth = 0; depth < MAX_PARENTS; depth++) {
    try {
      const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      const { name, version } = manifest as Record<string, unknown>;
      if (name === 'pnpm' || (typeof name === 'string' && name.startsWith('@pnpm/exe'))) {
        return typeof version === 'string' ? version : undefined;
      }
    } catch {
      // No package here: look above.
    }
    folder = dirname(folder);
  }
  return undefined;
}

function askedVersion(
  command: Command,
  { file, env }: { readonly file: string; readonly env: NodeJS.ProcessEnv },
): string | undefined {
  // Run corepack in the project, because it uses the version named there. Run pnpm elsewhere, so that it does not.
  const inProject = file.split(sep).includes('corepack');
  try {
    const output = execFileSync(command.file, [...command.args, '--version'], {
      encoding: 'utf8',
      timeout: VERSION_MS,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...env, pnpm_config_ignore_pnpmfile: 'true', pnpm_config_pm_on_fail: 'ignore' },
      ...(!inProject && { cwd: dirname(file) }),
    });
    return output.trim();
  } catch {
    return undefined;
  }
}
