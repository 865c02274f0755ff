import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { packageSources } from '../../scripts/workspace.mjs';

/** A module of TypeScript and all that it imports as one program that a thread can be started with. */
export async function threadProgram(module: URL): Promise<URL> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(module)],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    alias: packageSources,
  });
  return new URL(`data:text/javascript,${encodeURIComponent(outputFiles[0]!.text)}`);
}
