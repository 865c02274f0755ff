/*
 * Makes module zips of the Go sources that Debian ships, by go's own writer, and counts what the rules find in them.
 * `pnpm survey-go [--write] [--folder DIR]`. Needs apt-get, dpkg-deb, go and golang-golang-x-mod-dev.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { inspect } from '@tarwarden/core';
import { askModuleZip, buildModuleZip } from '../test/differential/oracles/module-zip.ts';

const LIST = new URL('survey-go/packages.txt', import.meta.url);
const PAGE = new URL('../docs/survey-go.md', import.meta.url);
const TESTDATA = '/usr/share/go-1.24/src/cmd/go/testdata/mod';
const AT_ONCE = 40;
/** Folders that a module does not have another one in, for this. */
const SKIPPED = new Set(['testdata', 'vendor', '.git']);

interface Made {
  readonly path: string;
  readonly version: string;
  readonly zip: string;
}

interface Source extends Made {
  readonly folder: string;
  readonly kind: 'make' | 'txtar';
}

interface Counts {
  modules: number;
  refusedByGo: number;
  disagreeing: string[];
  files: number;
  largest: number;
  /** Modules with a finding, by level and rule. */
  readonly rules: Map<string, number>;
  readonly rejected: string[];
}

/** Downloads and unpacks what is not there yet. Debian may have a newer version than the list: the name counts. */
function fetchPackages(names: readonly string[], folder: string): void {
  const debs = join(folder, 'debs');
  mkdirSync(join(folder, 'sources'), { recursive: true });
  mkdirSync(debs, { recursive: true });
  const there = new Set(readdirSync(debs).map((file) => file.split('_', 1)[0]));
  const missing = names.filter((name) => !there.has(name));
  for (let at = 0; at < missing.length; at += AT_ONCE) {
    const some = missing.slice(at, at + AT_ONCE);
    execFileSync('apt-get', ['download', '-qq', ...some], { cwd: debs, stdio: 'ignore' });
  }
  for (const file of readdirSync(debs)) {
    const target = join(folder, 'sources', file.split('_', 1)[0]!);
    if (!existsSync(target)) execFileSync('dpkg-deb', ['-x', join(debs, file), target]);
  }
}

/** Folders of modules: those with a go.mod; where there is none, the first with a file of Go. */
function modulesIn(root: string): string[] {
  const found: string[] = [];
  let first: string | undefined;
  const walk = (folder: string): void => {
    const entries = readdirSync(folder, { withFileTypes: true });
    if (entries.some(({ name }) => name === 'go.mod')) found.push(folder);
    else if (entries.some(({ name }) => name.endsWith('.go'))) first ??= folder;
    for (const entry of entries)
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) walk(join(folder, entry.name));
  };
  walk(root);
  return found.length > 0 || first === undefined ? found : [first];
}

/** The path that go.mod names, and a version that fits it. */
function named(folder: string, root: string): { path: string; version: string } {
  const manifest = join(folder, 'go.mod');
  const text = existsSync(manifest) ? readFileSync(manifest, 'utf8') : '';
  const path = /^module\s+"?([^\s"]+)"?/m.exec(text)?.[1] ?? relative(root, folder);
  const major = /(?:\/v|^gopkg\.in\/.*\.v)(\d+)$/.exec(path)?.[1] ?? '1';
  return { path, version: `v${major}.0.0` };
}

function sourcesIn(folder: string): Source[] {
  const zips = join(folder, 'zips');
  mkdirSync(zips, { recursive: true });
  const all: Source[] = [];
  const add = (source: Omit<Source, 'zip'>): void =>
    void all.push({ ...source, zip: join(zips, `${all.length}.zip`) });
  for (const name of readdirSync(join(folder, 'sources')).toSorted()) {
    const root = join(folder, 'sources', name, 'usr/share/gocode/src');
    if (!existsSync(root)) continue;
    for (const folder of modulesIn(root))
      add({ kind: 'make', folder: folder, ...named(folder, root) });
  }
  const archives = existsSync(TESTDATA) ? readdirSync(TESTDATA).toSorted() : [];
  for (const file of archives) {
    const [, path, version] = /^(.+)_(v[^_]+)\.txt$/.exec(file) ?? [];
    if (path === undefined || version === undefined) continue;
    const unescaped = (text: string): string =>
      text.replaceAll(/!([a-z])/g, (_, letter: string) => letter.toUpperCase());
    add({
      kind: 'txtar',
      folder: join(TESTDATA, file),
      path: unescaped(path.replaceAll('_', '/')),
      version: unescaped(version),
    });
  }
  return all;
}

async function count(sources: readonly Source[], program: string): Promise<Counts> {
  const counts: Counts = {
    modules: 0,
    refusedByGo: 0,
    disagreeing: [],
    files: 0,
    largest: 0,
    rules: new Map(),
    rejected: [],
  };
  const made = await askModuleZip(
    program,
    sources.map(({ kind, folder, zip, path, version }) => ({
      do: kind,
      folder,
      zip,
      path,
      version,
    })),
  );
  const zips = sources.filter((_, at) => made[at]?.error === '');
  counts.refusedByGo = sources.length - zips.length;
  const read = await askModuleZip(
    program,
    zips.map(({ zip, path, version }) => ({ do: 'check', zip, path, version })),
  );
  for (const [at, { zip, path, version }] of zips.entries()) {
    const bytes = readFileSync(zip);
    const { status, findings, archive } = inspect(bytes, {
      format: 'gomod',
      expected: { name: path, version },
    });
    counts.modules++;
    counts.files += archive.entries;
    counts.largest = Math.max(counts.largest, bytes.length);
    for (const key of new Set(findings.map(({ level, rule }) => `${level} ${rule}`)))
      counts.rules.set(key, (counts.rules.get(key) ?? 0) + 1);
    const { error = '' } = read[at] ?? {};
    if (status === 'accept' && error !== '') counts.disagreeing.push(`${path}: ${error}`);
    if (status === 'reject') {
      const [first] = findings.filter(({ level }) => level === 'error');
      counts.rejected.push(
        `${path}@${version} ${first?.rule} ${first?.message} (go: ${error || 'takes it'})`,
      );
    }
  }
  return counts;
}

function table({ rules }: Counts): string {
  const rows = [...rules].toSorted(([, a], [, b]) => b - a);
  return [
    '| level | rule | modules |',
    '| --- | --- | --- |',
    ...rows.map(([key, times]) => {
      const [level, rule] = key.split(' ');
      return `| ${level} | [${rule}](rules/${rule}.md) | ${times} |`;
    }),
  ].join('\n');
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { write: { type: 'boolean' }, folder: { type: 'string' } },
  });
  const folder = values.folder ?? 'node_modules/.cache/survey-go';
  const names = readFileSync(LIST, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  fetchPackages(names, folder);
  const counts = await count(sourcesIn(folder), buildModuleZip(folder));
  for (const line of [...counts.rejected, ...counts.disagreeing]) process.stderr.write(`${line}\n`);
  const megabytes = (counts.largest / 1e6).toFixed(1);
  const text = `${counts.modules} module zips with ${counts.files} files, the largest of ${megabytes} MB; ${counts.rejected.length} rejected. go's own writer refused to make ${counts.refusedByGo}. Of those accepted here, go refuses ${counts.disagreeing.length}.\n\n${table(counts)}\n`;
  process.stdout.write(text);
  if (values.write === true) {
    const page = readFileSync(PAGE, 'utf8');
    writeFileSync(PAGE, `${page.slice(0, page.indexOf('## Found'))}## Found\n\n${text}`);
  }
  return counts.disagreeing.length === 0 ? 0 : 1;
}

process.exitCode = await main();
