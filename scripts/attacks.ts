/** `npx -y pnpm@12 attacks DIR`: writes the conformance suite, which is the attack set as files, into a folder. */
import { resolve } from 'node:path';
import { FolderNotEmpty, writeSuite } from '../test/support/conformance/write-suite.ts';

const [folder, ...rest] = process.argv.slice(2);
if (folder === undefined || folder.startsWith('-') || rest.length > 0) {
  console.error('usage: pnpm attacks DIR');
  process.exit(2);
}
try {
  const { version, digest, archives, withheld } = writeSuite(resolve(folder));
  console.log(`${archives.length} archives in ${folder}: version ${version}, digest ${digest}`);
  if (withheld.length > 0)
    console.log(`${withheld.length} archives are left out until clients are fixed`);
} catch (error) {
  if (!(error instanceof FolderNotEmpty)) throw error;
  console.error(error.message);
  process.exit(2);
}
