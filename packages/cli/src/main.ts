import { createRequire } from 'node:module';

type VersionOnly = typeof import('./pass-through/version-only.ts');

/** The exit code of a client that is only asked for its version. Undefined for everything else. */
async function versionCode(argv: readonly string[]): Promise<number | undefined> {
  if (!/^(?:-[vV]|--version|version)$/.test(argv.at(-1) ?? '')) return undefined;
  const load = createRequire(import.meta.url);
  return (load('./version-only.js') as VersionOnly).runVersion(argv, import.meta.url);
}

void versionCode(process.argv.slice(2)).then(async (code) => {
  if (code !== undefined) {
    process.exitCode = code;
    return;
  }
  const { start } = await import('./start.ts');
  start(import.meta.url);
});
