/* Finds commands in the files of a project that run pnpm without its hooks. */
import { join } from 'node:path';
import { folderEntries } from '@tarwarden/host';
import { readText } from '@tarwarden/settings';
import type { AddProblem } from './problems.ts';

/** The most files that are checked. */
const FILES_MAX = 2000;
const DEPTH_MAX = 4;

const FLAG = /--(?:config\.)?ignore-?pnpmfile(?![\w-]|=false\b)/i;
/** Files that contain commands. */
const COMMANDS =
  /(?:^|\/)(?:package\.json|Dockerfile[^/]*|Makefile|Jenkinsfile|[^/]+\.(?:ya?ml|sh|bash|toml))$/;
const SKIPPED = new Set(['node_modules', '.git', 'dist', 'vendor', 'coverage', 'fixtures']);

export function checkCommands(directory: string, add: AddProblem): void {
  for (const file of commandFiles(directory)) {
    const text = readText(join(directory, file))?.text ?? '';
    if (/(?:^|\/)package\.json$/.test(file)) checkScripts(text, file, add);
    else checkLines(text, file, add);
  }
}

function checkScripts(text: string, file: string, add: AddProblem): void {
  for (const [name, command] of Object.entries(scriptsIn(text))) {
    if (typeof command === 'string' && FLAG.test(command))
      add('pnpmfile-ignored', file, `script "${name}" runs pnpm with --ignore-pnpmfile`);
  }
}

/** A fixture may contain invalid JSON. In the project's own package.json, that is reported elsewhere. */
function scriptsIn(text: string): object {
  try {
    const { scripts } = JSON.parse(text) as { scripts?: unknown };
    return typeof scripts === 'object' && scripts !== null ? scripts : {};
  } catch {
    return {};
  }
}

function checkLines(text: string, file: string, add: AddProblem): void {
  const lines = text.split('\n');
  const line = lines.findIndex((text) => !text.trimStart().startsWith('#') && FLAG.test(text));
  if (line !== -1)
    add('pnpmfile-ignored', file, `line ${line + 1} runs pnpm with --ignore-pnpmfile`);
}

/** Files with commands, as relative paths, those in upper folders first. */
function commandFiles(directory: string): string[] {
  const found: string[] = [];
  const folders = [{ path: '', depth: 0 }];
  for (const { path, depth } of folders) {
    if (found.length >= FILES_MAX || folders.length >= FILES_MAX) break;
    for (const entry of folderEntries(join(directory, path))) {
      const below = path === '' ? entry.name : `${path}/${entry.name}`;
      if (entry.isDirectory() && depth < DEPTH_MAX && !SKIPPED.has(entry.name))
        folders.push({ path: below, depth: depth + 1 });
      else if (entry.isFile() && COMMANDS.test(below)) found.push(below);
    }
  }
  return found;
}
