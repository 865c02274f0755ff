// `pnpm cli-docs`: writes the parts of docs/cli.md and docs/server/cli.md that follow from the definitions of the commands. A test
// fails while one of them is out of date.

import { writeFileSync } from 'node:fs';
import { cliPagePath, cliPages, generatedCliPage } from '../test/support/cli-docs.ts';

for (const [page, program] of cliPages)
  writeFileSync(cliPagePath(page), await generatedCliPage(page, program));
