import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Path of a built artefact. Throws when it was not built. */
export function built(path: string): string {
  const file = fileURLToPath(new URL(`../packages/${path}`, import.meta.url));
  if (!existsSync(file)) throw new Error(`packages/${path} is missing: run \`pnpm build\` first`);
  return file;
}
