// Checks every publishable package as it would be published. Needs a build: a missing file is an error.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { root } from './workspace.mjs';

let failures = 0;
for (const folder of (await readdir(join(root, 'packages'))).toSorted()) {
  const pkgDir = join(root, 'packages', folder);
  const manifest = JSON.parse(await readFile(join(pkgDir, 'package.json'), 'utf8'));
  if (manifest.private) continue;
  const { messages, pkg } = await publint({ pkgDir, pack: false, strict: true });
  for (const message of messages) {
    if (message.type === 'suggestion') continue;
    failures += 1;
    console.error(`${manifest.name}: ${message.type}: ${formatMessage(message, pkg)}`);
  }
}
if (failures > 0) {
  console.error('publint: the packages above are not publishable (after `pnpm build`)');
  process.exit(1);
}
