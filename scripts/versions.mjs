// `pnpm versions`: gives all packages the next version, by the files in .changeset, whose texts go into the changelog of the command.

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, runOrExit } from './workspace.mjs';

const version = () =>
  JSON.parse(readFileSync(join(root, 'packages/cli/package.json'), 'utf8')).version;

const before = version();
runOrExit('changeset', ['version']);
const after = version();

// All have one version, so theirs would be empty.
for (const name of readdirSync(join(root, 'packages')))
  if (name !== 'cli') rmSync(join(root, 'packages', name, 'CHANGELOG.md'), { force: true });

// Pages name the packed files, with their version in it.
const { stdout } = spawnSync('git', ['ls-files', '-z', '*.md'], { cwd: root, encoding: 'utf8' });
for (const path of stdout.split('\0').filter((name) => /(?<!CHANGELOG)\.md$/.test(name))) {
  // A file of .changeset is gone by now.
  if (!existsSync(join(root, path))) continue;
  const text = readFileSync(join(root, path), 'utf8');
  const changed = ['.tgz', '.cdx.json'].reduce(
    (result, end) => result.replaceAll(`-${before}${end}`, `-${after}${end}`),
    text,
  );
  if (changed !== text) writeFileSync(join(root, path), changed);
}
console.log(`${before} -> ${after}`);
