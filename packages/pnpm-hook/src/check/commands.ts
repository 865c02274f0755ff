/* Commands written down in a project that run pnpm without its hooks. */
import { readdirSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { TarwardenError } from '@tarwarden/core';
import { asRecord, readText } from '@tarwarden/host/settings-files';
import type { Add } from './problems.ts';
import { readSettings } from './read-settings.ts';

/** Files looked at. */
const FILES_MAX = 2000;
const DEPTH_MAX = 4;

const FLAG = /--(?:config\.)?ignore-?pnpmfile(?![\w-]|=false\b)/i;
/** Where commands are written down. */
const COMMANDS =
  /(?:^|\/)(?:package\.json|Dockerfile[^/]*|Makefile|Jenkinsfile|[^/]+\.(?:ya?ml|sh|bash|toml))$/;
const SKIPPED = new Set(['node_modules', '.git', 'dist', 'vendor', 'coverage', 'fixtures']);

export function checkCommands(directory: string, add: Add): void {
  for (const file of commandFiles(directory)) {
    try {
      if (/(?:^|\/)package\.json$/.test(file)) checkScripts(directory, file, add);
      else checkLines(directory, file, add);
    } catch (error) {
      if (!(error instanceof TarwardenError)) throw error;
      // A fixture may be no valid JSON; the project's own settings are read elsewhere, where that is a problem.
    }
  }
}

function checkScripts(directory: string, file: string, add: Add): void {
  const scripts = asRecord(readSettings(join(directory, file), 'json')['scripts']);
  for (const [name, command] of Object.entries(scripts)) {
    if (typeof command === 'string' && FLAG.test(command))
      add('pnpmfile-ignored', file, `script "${name}" runs pnpm with --ignore-pnpmfile`);
  }
}

function checkLines(directory: string, file: string, add: Add): void {
  const lines = (readText(join(directory, file)) ?? '').split('\n');
  const line = lines.findIndex((text) => !text.trimStart().startsWith('#') && FLAG.test(text));
  if (line !== -1)
    add('pnpmfile-ignored', file, `line ${line + 1} runs pnpm with --ignore-pnpmfile`);
}

/** Files that hold commands, relative, shallow ones first. */
function commandFiles(directory: string): string[] {
  const found: string[] = [];
  const folders = [{ path: '', depth: 0 }];
  for (const { path, depth } of folders) {
    if (found.length >= FILES_MAX || folders.length >= FILES_MAX) break;
    for (const entry of list(join(directory, path))) {
      const below = path === '' ? entry.name : `${path}/${entry.name}`;
      if (entry.isDirectory() && depth < DEPTH_MAX && !SKIPPED.has(entry.name))
        folders.push({ path: below, depth: depth + 1 });
      else if (entry.isFile() && COMMANDS.test(below)) found.push(below);
    }
  }
  return found;
}

function list(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    return [];
  }
}
