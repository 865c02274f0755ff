/* Runs a client that only prints its version. A file of its own when it is built: each file that Node opens is added to the time of the client. */
import { dirname } from 'node:path';
import {
  findRealProgram,
  NO_COMPILED_CODE,
  reportsEveryRun,
  runProgram,
} from '@tarwarden/guarded-run';
import { npmGuardEnvironment } from '@tarwarden/npm-wrapper';
import { pipGuardEnvironment } from '@tarwarden/pip-gem-hooks/pip';
import { rubyGuardEnvironment } from '@tarwarden/pip-gem-hooks/ruby';
import { findGuard } from './guard-files.ts';
import { GO_ALONE, versionQuestion, type VersionClient } from './version-words.ts';

/**
 * Runs a client with the guard that is loaded into it, and without the inspector and the status file of a whole run: a guard that finds none
 * refuses every package. Resolves to undefined if the whole wrapper has to run the client: it reports on the run, or says why the client
 * does not start.
 */
export async function runVersion(
  argv: readonly string[],
  mainUrl: string,
): Promise<number | undefined> {
  const question = versionQuestion(argv);
  if (question === undefined) return undefined;
  const { client, word } = question;
  const { env, platform } = process;
  if (platform === 'win32' || reportsEveryRun(env)) return undefined;
  const command = findRealProgram({ name: client, windowsScripts: [] }, env);
  if (command === undefined) return undefined;
  const guard = await guardEnvironment(client, env, mainUrl);
  if (guard === undefined) return undefined;
  const run = { env: { ...env, ...guard }, ...(client === 'go' && { stderr: 'hidden' as const }) };
  const code = await runProgram(command, [word], run).catch(() => undefined);
  return client === 'go' && code !== 0 ? undefined : code;
}

async function guardEnvironment(
  client: VersionClient,
  env: NodeJS.ProcessEnv,
  mainUrl: string,
): Promise<NodeJS.ProcessEnv | undefined> {
  switch (client) {
    case 'npm':
    case 'npx':
      return {
        // corepack looks for compiled code before the guard can keep it from that.
        ...NO_COMPILED_CODE,
        ...npmGuardEnvironment({ env, preloadPath: await findGuard('npm', mainUrl) }),
      };
    case 'pip':
    case 'pip3': {
      const folder = dirname(await findGuard('pip', mainUrl));
      return folder.includes(':') ? undefined : pipGuardEnvironment(env, folder);
    }
    case 'gem': {
      const guardPath = await findGuard('ruby', mainUrl);
      return /\s/.test(guardPath) ? undefined : rubyGuardEnvironment(env, guardPath);
    }
    case 'go':
      return GO_ALONE;
    case 'bun':
      return {};
  }
}
