import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../test/support/managers.ts';

/** Path of a built artefact of a checkout, this one unless given. Throws when it was not built. */
export function built(path: string, checkout: string = repository): string {
  const file = join(checkout, 'packages', path);
  if (!existsSync(file)) throw new Error(`${file} is missing: run \`pnpm build\` first`);
  return file;
}
