/*
 * Finds and reads the policy of the machine, which an administrator distributes and which counts for every user. Its path is fixed: no
 * variable and no setting can move it. This file does not load the schema.
 */
import { lstatSync } from 'node:fs';
import { dirname } from 'node:path';
import { TarwardenError } from '@tarwarden/core/errors';
import { printablePath } from '@tarwarden/core/text';
import { isMissing } from '../errno.ts';
import { problemOfRootsFile } from './ownership.ts';
import { readTextFile, type TextFile } from './text-file.ts';

/** The path of the policy of the machine, whether it exists or not. */
export function machinePolicyPath(platform: NodeJS.Platform = process.platform): string {
  if (platform === 'darwin') return '/Library/Application Support/tarwarden/policy.json';
  return platform === 'win32'
    ? String.raw`C:\ProgramData\tarwarden\policy.json`
    : '/etc/tarwarden/policy.json';
}

/**
 * The policy of the machine; undefined if there is none.
 * @throws TarwardenError `POLICY_UNTRUSTED` if anybody but root can change it, and the errors of {@link readTextFile}.
 */
export function readMachinePolicy(path: string): TextFile | undefined {
  const file = readTextFile(path, { follow: true });
  if (file === undefined) {
    // An administrator has put a link here. Whoever can change the place behind it must not be able to remove the policy.
    const link = [dirname(path), path].find(isLink);
    if (link === undefined) return undefined;
    const problem = `${printablePath(link)} is a link that leads to no policy`;
    throw new TarwardenError('POLICY_UNREADABLE', `${unusable(path)}: ${problem}`);
  }
  const found = problemOfRootsFile(path, file.stat);
  if (found === undefined) return file;
  const shown = printablePath(found.path);
  const lines = [
    `${unusable(path)}: ${shown} ${found.message}, and only root may be able to change it`,
    found.bits === 0
      ? `To correct it, as root: chown root ${shown}`
      : `To correct it, as root: chmod go-w ${shown}`,
  ];
  throw new TarwardenError('POLICY_UNTRUSTED', lines.join('\n'));
}

function unusable(path: string): string {
  return `the policy of this machine, ${printablePath(path)}, cannot be used`;
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
