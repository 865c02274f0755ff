/* Has each manager show whether the guard is in it, as `tarwarden verify` does. */
import { resolve } from 'node:path';
import { TarwardenError } from '@tarwarden/core';
import type { GuardSetup } from '@tarwarden/doctor';
import { loadPolicy } from '@tarwarden/host';
import { isQuietRun } from '@tarwarden/host/command-line';
import { isTried, MANAGERS, type Manager } from '../../guard-trials/managers.ts';
import { verifyGuards } from '../../guard-trials/verify.ts';

/** The managers whose settings are looked at, and npx, which is npm under another name. */
const TRIED: ReadonlySet<Manager> = new Set(['npm', 'npx', 'pnpm', 'yarn']);

export async function tryGuards(
  folders: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<GuardSetup[]> {
  const managers = MANAGERS.filter((name) => TRIED.has(name) && isTried(name, env));
  const guards: GuardSetup[] = [];
  // The managers run one after the other: each trial has a registry and a folder of its own.
  // oxlint-disable-next-line no-await-in-loop
  for (const folder of folders) guards.push(...(await tryIn(folder, managers, env)));
  return guards;
}

async function tryIn(
  folder: string,
  managers: readonly Manager[],
  env: NodeJS.ProcessEnv,
): Promise<GuardSetup[]> {
  const cwd = resolve(folder);
  const progress = process.stderr.isTTY && !isQuietRun();
  try {
    const { policy } = loadPolicy({ cwd, env });
    const results = await verifyGuards({
      managers,
      cwd,
      env,
      policy,
      onStart(manager) {
        if (progress) process.stderr.write(`\r\u001B[Kverifying ${manager} …`);
      },
    });
    return results.map(({ manager, status, message, remedy }) => ({
      manager,
      folder,
      state: status,
      message,
      remedy,
    }));
  } catch (error) {
    if (!(error instanceof TarwardenError)) throw error;
    const { message } = error;
    return managers.map((manager) => ({
      manager,
      folder,
      state: 'unproven',
      message,
      remedy: undefined,
    }));
  } finally {
    if (progress) process.stderr.write('\r\u001B[K');
  }
}
