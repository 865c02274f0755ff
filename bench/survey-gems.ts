/**
 * `survey:gems FOLDER…`: inspects the gems of some folders, reports what the rules find and how large they are, and lists them.
 * A folder is named for where its gems are from. docs/survey-ruby.md holds what it made, bench/survey/gems.txt the list.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { inspect, type Verdict } from '@tarwarden/core';

interface Surveyed {
  readonly file: string;
  readonly from: string;
  readonly bytes: Buffer;
  readonly verdict: Verdict;
}

const [list, ...folders] = process.argv.slice(2);
if (list === undefined || folders.length === 0) {
  console.error('usage: survey:gems LIST FOLDER…');
  process.exit(2);
}

function* gems(): Generator<Surveyed> {
  for (const folder of folders) {
    for (const file of readdirSync(folder).toSorted()) {
      if (!file.endsWith('.gem')) continue;
      const bytes = readFileSync(join(folder, file));
      const verdict = inspect(bytes, { format: 'gem', expected: { fileName: file } });
      yield { file, from: basename(folder), bytes, verdict };
    }
  }
}

const lines: string[] = [];
const found = new Map<string, string[]>();
const most = new Map<string, readonly [number, string]>();
const statuses = { accept: 0, reject: 0 };
for (const { file, from, bytes, verdict } of gems()) {
  statuses[verdict.status]++;
  lines.push(`${file} ${createHash('sha256').update(bytes).digest('hex')} ${from}`);
  for (const rule of new Set(verdict.findings.map(({ rule: id, level }) => `${id} ${level}`)))
    found.set(rule, [...(found.get(rule) ?? []), file]);
  for (const [what, value] of Object.entries(measuresOf(bytes, verdict)))
    if (value > (most.get(what)?.[0] ?? -1)) most.set(what, [value, file]);
}
writeFileSync(list, `${lines.join('\n')}\n`);
console.log(`${lines.length} gems: ${statuses.accept} accepted, ${statuses.reject} rejected\n`);
console.log('| rule | level | gems | examples |\n| --- | --- | --- | --- |');
for (const [rule, files] of [...found].toSorted(
  ([, files], [, other]) => other.length - files.length,
))
  console.log(
    `| ${rule.replace(' ', ' | ')} | ${files.length} | ${files.slice(0, 3).join(', ')} |`,
  );
console.log('\n| what | largest | in |\n| --- | --- | --- |');
for (const [what, [value, file]] of most)
  console.log(`| ${what} | ${value.toLocaleString('en')} | ${file} |`);

function measuresOf(bytes: Buffer, { archive }: Verdict): Record<string, number> {
  const members = membersOf(bytes);
  const metadata = members.get('metadata.gz');
  const gemspec = metadata === undefined ? '' : gunzipSync(metadata).toString('utf8');
  const { entries, unpackedBytes } = archive;
  return {
    'bytes of the file': bytes.length,
    'unpacked bytes': unpackedBytes,
    'unpacked bytes for each byte of the file': Math.ceil(unpackedBytes / bytes.length),
    entries,
    'bytes of the gemspec': Buffer.byteLength(gemspec),
    'lines of the gemspec': gemspec.split('\n').length,
    'files in the gem': members.size,
  };
}

/** The files of the outer archive of a well-formed gem: nothing is checked here. */
function membersOf(gem: Buffer): Map<string, Buffer> {
  const members = new Map<string, Buffer>();
  for (let at = 0; at < gem.length && gem[at] !== 0;) {
    const name = gem.toString('latin1', at, at + 100).replace(/\0.*$/s, '');
    const size = Number.parseInt(gem.toString('latin1', at + 124, at + 135), 8);
    members.set(name, gem.subarray(at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return members;
}
