// `pnpm cli-docs`: writes the parts of docs/cli.md that follow from the definitions of the commands. A test fails while one
// of them is out of date.

import { writeFileSync } from 'node:fs';
import { cliPage, generatedCliPage } from '../test/support/cli-docs.ts';

writeFileSync(cliPage, await generatedCliPage());
