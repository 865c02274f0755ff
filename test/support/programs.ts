/** Programs of the machine that a sandbox has on its PATH. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What lifecycle scripts, git and the managers' own start scripts call. */
export const TOOLS: readonly string[] = [
  'sh',
  'bash',
  'env',
  'git',
  'basename',
  'cat',
  'chmod',
  'cp',
  'cut',
  'dirname',
  'echo',
  'find',
  'grep',
  'gzip',
  'head',
  'id',
  'ln',
  'ls',
  'mkdir',
  'mktemp',
  'mv',
  'ps',
  'pwd',
  'readlink',
  'realpath',
  'rm',
  'sed',
  'sleep',
  'sort',
  'tail',
  'tar',
  'test',
  'touch',
  'tr',
  'true',
  'uname',
  'uniq',
  'wc',
  'which',
  'xargs',
];

/** Full path of a program on the PATH of the tests, or undefined. */
export function findProgram(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
