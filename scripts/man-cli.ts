// Writes the manual page of `tarwarden` beside the program. The build runs it.

import { writeFileSync } from 'node:fs';
import { TARWARDEN } from '../packages/cli/src/command-line/tarwarden.ts';
import { manPage } from '../test/support/man-page.ts';

writeFileSync(
  new URL('../packages/cli/bin/tarwarden.1', import.meta.url),
  await manPage(TARWARDEN),
);
