/*
 * Publishes a package with a client that packs and uploads in one step, and that cannot be watched. So the client packs first. The guard
 * inspects that archive, and the client then uploads the same file.
 */
import {
  copyFileSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { inspectAs, npmTarball } from '@tarwarden/core/npm';
import type { Verdict } from '@tarwarden/core';
import { tarballBytesMax } from '@tarwarden/core/limits';
import { integrityOf, sha512Of, TooLargeError } from '@tarwarden/host';
import { EXIT, fail } from '../exit-codes.ts';
import { makeTemporaryFolder } from '../temporary-folder.ts';
import { openInspector } from './open-inspector.ts';
import { PackageRefusal } from './package-refusal.ts';
import { showRefusals } from './refusals.ts';

/** A client's command line that publishes one package, as its steps. */
export interface UploadPlan {
  readonly folder: string;
  /** The path of the archive that the command line names. Without it, the folder is packed. */
  readonly archive?: string | undefined;
  readonly runsScripts: boolean;
  /** Whether a setting of the client forbids scripts. Asked only if the package has some. */
  readonly forbidsScripts?: () => boolean;
  /** Scripts that run before the client packs, and after it has published, beside those of its own command that packs. */
  readonly scripts: { readonly before: readonly string[]; readonly after: readonly string[] };
  /** Whether the client runs `pre…` and `post…` of each script as well. */
  readonly runsNeighbours?: true;
  /** The client's arguments that run a script if the package has it, that pack into a folder, and that upload a file. */
  readonly run: (script: string) => readonly string[];
  readonly pack: (folder: string) => readonly string[];
  readonly upload: (file: string) => readonly string[];
}

const PREFIX = 'tarwarden-publish-';

export interface PublishOptions {
  readonly env: NodeJS.ProcessEnv;
  /** The only temporary folder in which a confined client may write. */
  readonly temporary?: string | undefined;
  /** Runs the client, and resolves to its exit code. Only the last step writes to standard output: a program may read that. */
  readonly start: (args: readonly string[], step: PublishStep) => Promise<number>;
}

export interface PublishStep {
  /** Whether the client's standard output goes to standard error. */
  readonly toStderr: boolean;
}

/** Resolves to the exit code: the client's own, or that of a refusal. */
export async function publishPacked(
  publication: UploadPlan,
  { env, start, temporary }: PublishOptions,
): Promise<number> {
  const { path: folder, reserve } = makeTemporaryFolder({ prefix: PREFIX, env });
  rmSync(reserve);
  try {
    const step = async (args: readonly string[]): Promise<number> =>
      start(args, { toStderr: true });
    const { before, after } = scriptsOf(publication);
    const code =
      publication.archive === undefined
        ? await packInto(folder, temporary, async (to) =>
            inTurn([...before.map(publication.run), publication.pack(to)], step),
          )
        : copy(publication.archive, folder);
    if (code !== 0) return code;
    const [name, ...others] = readdirSync(folder);
    if (name === undefined || others.length > 0)
      return fail(
        EXIT.UNSUPPORTED,
        'the client did not pack exactly one archive, so nothing is published',
      );
    const file = join(folder, name);
    if (!(await isAccepted(file, publication, env))) return EXIT.BLOCKED;
    const uploaded = await start(publication.upload(file), { toStderr: false });
    return uploaded === 0 ? await inTurn(after.map(publication.run), step) : uploaded;
  } catch (error) {
    return fail(EXIT.BLOCKED, `not inspected, so not published: ${(error as Error).message}`);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Has the client pack, and copies what a confined client has packed to where it cannot write. */
async function packInto(
  folder: string,
  temporary: string | undefined,
  pack: (folder: string) => Promise<number>,
): Promise<number> {
  if (temporary === undefined) return pack(folder);
  const writable = mkdtempSync(join(temporary, PREFIX));
  const code = await pack(writable);
  for (const name of readdirSync(writable)) {
    const file = join(writable, name);
    if (!lstatSync(file).isFile())
      throw new Error(`the client packed ${name}, which is not a file`);
    copy(file, folder);
  }
  return code;
}

function copy(archive: string, folder: string): number {
  copyFileSync(archive, join(folder, basename(archive)));
  return 0;
}

/** Runs the steps until one of them fails. */
async function inTurn(
  steps: readonly (readonly string[])[],
  run: (args: readonly string[]) => Promise<number>,
): Promise<number> {
  for (const args of steps) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const code = await run(args);
    if (code !== 0) return code;
  }
  return 0;
}

async function isAccepted(
  file: string,
  { folder, archive }: UploadPlan,
  env: NodeJS.ProcessEnv,
): Promise<boolean> {
  const { inspector, warnings } = openInspector(
    { project: folder, env },
    (refused, cause) => new PackageRefusal(refused, cause),
  );
  for (const warning of warnings) process.stderr.write(`tarwarden: ${warning}\n`);
  const bytesMax = tarballBytesMax(inspector.policy.limits);
  // The client publishes the name and the version that are in the archive. A script or a setting can make them other than those of the
  // folder's package.json.
  const expected = {};
  const subject = { source: archive, isUpload: true };
  try {
    if (statSync(file).size > bytesMax)
      throw inspector.uninspected(subject, '', { cause: TooLargeError.read(bytesMax) });
    const bytes = readFileSync(file);
    const integrity = integrityOf(bytes);
    await inspector.inspect({
      subject,
      known: { integrity, expected },
      run: () =>
        inspectAs(npmTarball, bytes, {
          expected,
          policy: inspector.policy,
          sha512: sha512Of(integrity)!,
        }) as Verdict,
    });
    return true;
  } catch (error) {
    if (!(error instanceof PackageRefusal)) throw error;
    showRefusals([error], { noun: 'package' });
    return false;
  }
}

function scriptsOf({
  archive,
  runsScripts,
  forbidsScripts,
  scripts,
  runsNeighbours,
  folder,
}: UploadPlan): UploadPlan['scripts'] {
  const none = { before: [], after: [] };
  if (archive !== undefined || !runsScripts) return none;
  const all = scriptsIn(folder);
  if (all === undefined) return forbidsScripts?.() === true ? none : scripts;
  const isThere = (name: string): boolean => typeof all[name] === 'string' && all[name] !== '';
  const isNeighbour = (name: string): boolean =>
    runsNeighbours === true && /^post./.test(name) && isThere(name.slice('post'.length));
  const after = scripts.after.filter((name) => isThere(name) && !isNeighbour(name));
  const before = scripts.before.filter(isThere);
  const isForbidden = before.length + after.length > 0 && forbidsScripts?.() === true;
  return isForbidden ? none : { before, after };
}

/** The scripts in the package.json of a folder. Undefined if only the client can read them, for instance in a package.yaml of pnpm. */
function scriptsIn(folder: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      readonly scripts?: Readonly<Record<string, unknown>> | null;
    };
    return scripts ?? {};
  } catch {
    return undefined;
  }
}
