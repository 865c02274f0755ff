/*
 * Limits the downloads of packages. Yarn reads a whole response into memory before the guard sees it, so an endless response must be
 * stopped earlier. Inspects the tarball that `yarn npm publish` is about to upload.
 */
import type { Hooks } from '@yarnpkg/core';
import { keepRefusal, type Fetches, type Fetching } from './fetches.ts';
import type { Core } from './guard.ts';
import type { Guards } from './guards.ts';
import { yarnSubject, type YarnSubject } from './subject.ts';

type Wrap = NonNullable<Hooks['wrapNetworkRequest']>;
type Executor = Parameters<Wrap>[0];
type Request = Parameters<Wrap>[1];

export class Downloads {
  readonly #state: { readonly guards: Guards; readonly fetches: Fetches };
  /** Limits, in bytes, of the current downloads. It is unknown to which download a response belongs. */
  readonly #underWay = new Map<object, number>();
  #limited = false;

  constructor(state: { readonly guards: Guards; readonly fetches: Fetches }) {
    this.#state = state;
  }

  readonly wrap: Wrap = async (executor, request) => {
    const { current } = this.#state.fetches;
    const bounded =
      current === undefined ? executor : () => this.#bounded(executor, request, current);
    const uploading = guardUpload(bounded, request, this.#state.guards);
    return refuseArchive(uploading, request, this.#state);
  };

  async #bounded(
    executor: Executor,
    request: Request,
    current: Fetching,
  ): Promise<Awaited<ReturnType<Executor>>> {
    const { guards } = this.#state;
    const { policy } = await guards.for(request.configuration);
    const core = await this.#limit();
    const download = {};
    this.#underWay.set(download, core.tarballBytesMax(policy.limits));
    try {
      return await executor();
    } catch (error) {
      // After an error here, Yarn tries another way.
      if (!core.isTooLarge(error) || isTriedFirst(request, current)) throw error;
      const why = `${error.message} (${String(request.target)})`;
      const subject = yarnSubject(current.locator);
      const refusal = await guards.notInspected(subject, why, core.TOO_LARGE_REMEDY);
      keepRefusal(current, refusal);
      throw refusal;
    } finally {
      this.#underWay.delete(download);
    }
  }

  async #limit(): Promise<Core> {
    const core = await this.#state.guards.core();
    const bounds = this.#underWay;
    if (!this.#limited)
      core.limitBodies(() => (bounds.size === 0 ? undefined : Math.max(...bounds.values())));
    this.#limited = true;
    return core;
  }
}

/**
 * The URL that Yarn requests before it clones a repository on GitHub. Yarn builds it from a reference whose parts can be any text, so
 * it may lead to any host and any path.
 */
const ARCHIVE = /^https:\/\/(?:[^/]+@)?github\.com\/[^/#]+\/[^/#]+\/archive\/.*\.tar\.gz$/s;

/** Whether Yarn requests an archive only to avoid a clone. */
export function isTriedFirst({ target }: Request, { locator }: Fetching): boolean {
  return ARCHIVE.test(String(target)) && !ARCHIVE.test(locator.reference);
}

/**
 * Yarn unpacks GitHub's archive of a repository to the disk, and packs it there. If the archive is not accepted, the guard throws an
 * error that Yarn treats as "not available". Then Yarn clones with git, and the guard inspects the packed tarball, so this error does
 * not set the exit code. If a dependency names the URL itself, the archive is refused here, because Yarn keeps the response and may
 * unpack it for another package.
 */
export function refuseArchive(
  executor: Executor,
  { target, method, configuration }: Request,
  { guards, fetches }: { readonly guards: Guards; readonly fetches: Fetches },
): Executor {
  if (!ARCHIVE.test(String(target))) return executor;
  const { current } = fetches;
  return async () => {
    const response = await executor();
    if (String(method ?? 'GET') !== 'GET' || !(response.body instanceof Uint8Array))
      return response;
    const guard = await guards.for(configuration);
    const why = await guard.objection(response.body);
    if (why === undefined) return response;
    if (current !== undefined && ARCHIVE.test(current.locator.reference))
      await guard.tarball(response.body, yarnSubject(current.locator));
    throw new Error(`tarwarden: not unpacking GitHub's archive: ${why}`);
  };
}

type Fields = Readonly<Record<string, unknown>>;

/** The content type of the provenance, which Yarn attaches beside the tarball. */
const PROVENANCE = /^application\/vnd\.dev\.sigstore\./;

/**
 * Yarn sends a document that contains the tarball in base64. The strings in it cannot change any more, so Yarn uploads what was
 * inspected.
 */
export function guardUpload(executor: Executor, request: Request, guards: Guards): Executor {
  const document = publicationIn(request);
  if (document === undefined) return executor;
  return async () => {
    const guard = await guards.for(request.configuration);
    for (const bytes of archivesIn(document))
      // oxlint-disable-next-line no-await-in-loop -- there is one
      await guard.tarball(bytes, subjectOf(document));
    return executor();
  };
}

function publicationIn({ method, body }: Request): Fields | undefined {
  if (String(method) !== 'PUT' && String(method) !== 'POST') return undefined;
  const document = fieldsIn(body);
  return typeof document['_attachments'] === 'object' ? document : undefined;
}

function archivesIn(document: Fields): Buffer[] {
  return Object.values(fieldsIn(document['_attachments']))
    .map(fieldsIn)
    .filter(({ content_type: type }) => !PROVENANCE.test(String(type)))
    .map(({ data }) => Buffer.from(String(data), 'base64'));
}

function subjectOf(document: Fields): YarnSubject {
  const name = String(document['name']);
  const [version = ''] = Object.keys(fieldsIn(document['versions']));
  const expected = { name, version };
  return { label: `${name}@${version}`, expected, hasTarball: true, isUpload: true };
}

function fieldsIn(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}
