/** Asks the pinned clients for their settings, and writes what they know and the page of it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../test/support/managers.ts';
import { renderSettings } from '../test/support/settings/page.ts';
import {
  askClients,
  gapsOf,
  knownFile,
  managers,
  readKnown,
} from '../test/support/settings/record.ts';

/** `--page` only writes the page anew, from what is on record. */
const known = process.argv.includes('--page') ? readKnown() : await askClients();
writeFileSync(knownFile, `${JSON.stringify(known, null, 2)}\n`);
writeFileSync(join(repository, 'docs/settings.md'), renderSettings(known));
const gaps = managers.flatMap((manager) => gapsOf(manager, known));
for (const gap of gaps) console.error(gap);
process.exitCode = gaps.length === 0 ? 0 : 1;
