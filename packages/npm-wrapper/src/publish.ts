/* Inspects the tarball that `npm publish` and `npm stage publish` are about to upload. */
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { interception, type Interception } from '@tarwarden/guard/run';
import type { PromisedIdentity } from './identity.ts';
import type { NpmGuard } from './npm-guard.ts';

type Options = Readonly<Record<string, unknown>>;
type Pack = (spec: unknown, options?: Options) => Promise<Uint8Array>;
type Publish = (manifest: Options, tarball: Uint8Array, options: Options) => Promise<unknown>;

const UPLOADS: ReadonlySet<unknown> = new Set(['publish', 'stage']);

/** Whether npm runs a command that uploads a package. */
export function isUpload(options: Options = {}): boolean {
  return UPLOADS.has(options['npmCommand']);
}

/** pnpm 10 packs into a temporary folder, runs npm there, and removes it. So no message may name that file. */
export function isPackedByPnpm(source: string | undefined): boolean {
  const folder = process.cwd();
  return source !== undefined && dirname(source) === folder && dirname(folder) === tmpdir();
}

/**
 * npm packs a folder in memory before it asks the registry anything, also with `--dry-run`. So a refusal comes before a one-time
 * password is asked for.
 */
export function packInterceptions(module: { exports: unknown }, guard: NpmGuard): Interception[] {
  const guardPack =
    (pack: Pack): Pack =>
    async (...args) => {
      const tarball = await pack(...args);
      if (isUpload(args[1])) await guard.inspectUpload(tarball, {});
      return tarball;
    };
  // The module exports the function itself.
  return [interception(module as { exports: Pack }, 'exports', guardPack)];
}

/** The last step before the upload: npm sends this very buffer, under this name and version. */
export function publishInterceptions(
  { exports }: { exports: unknown },
  guard: NpmGuard,
): Interception[] {
  const guardPublish =
    (publish: Publish): Publish =>
    async (manifest, tarball, ...otherArguments) => {
      await guard.inspectUpload(tarball, identityIn(manifest));
      return publish(manifest, tarball, ...otherArguments);
    };
  return [interception(exports as { publish: Publish }, 'publish', guardPublish)];
}

function identityIn({ name, version }: Options): PromisedIdentity {
  return {
    ...(typeof name === 'string' && { name }),
    ...(typeof version === 'string' && { version }),
  };
}
