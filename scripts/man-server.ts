// Writes the manual page of `tarwarden-server` beside the program. The build runs it.

import { writeFileSync } from 'node:fs';
import { TARWARDEN_SERVER } from '../packages/server/src/commands/commands.ts';
import { manPage } from '../test/support/man-page.ts';

writeFileSync(
  new URL('../packages/server/bin/tarwarden-server.1', import.meta.url),
  await manPage(TARWARDEN_SERVER),
);
